"""PySide6 does not read the source of what is imported after it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_ALONE = """
import linecache
from salviewer.app.qt_import import import_qt
import_qt()
from PySide6 import QtCore, QtGui, QtNetwork, QtSvg, QtTest, QtWidgets
import salviewer.app.composition
print([name for name in linecache.cache if "salviewer" in name])
"""
_WINDOW = """
import linecache
from salviewer.app.main import run
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
application = QApplication([])

def look():
    print([name for name in linecache.cache if "salviewer" in name])
    application.closeAllWindows()

QTimer.singleShot(500, look)
raise SystemExit(run([]))
"""


@pytest.mark.parametrize("script", [_ALONE, _WINDOW])
def test_no_source_is_read(script: str, own_settings: Path) -> None:
    """Python keeps lines of source that were asked for. Qt is imported here by us, and there before us."""
    ended = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert ended.stdout == "[]\n"
