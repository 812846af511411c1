"""A system without fonts, and a home folder without write permission: one clear message each."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from salviewer.app.state.settings import SettingsFile
from salviewer.app.state.settings_store import SettingsStore

EMPTY = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{0}</dir><cachedir>{0}</cachedir></fontconfig>"""

SCRIPT = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
application = QApplication([])
QTimer.singleShot(1500, application.closeAllWindows)
from salviewer.app.main import run
raise SystemExit(run([]))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="fonts come with other systems")
@pytest.mark.parametrize("fonts", [False, True])
def test_no_fonts_is_a_sentence_on_the_terminal(tmp_path: Path, fonts: bool) -> None:
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts.conf").write_text(EMPTY.format(tmp_path / "fonts"))
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "SALVIEWER_CONFIG_DIR": str(tmp_path / "config"),
        "SALVIEWER_DATA_DIR": str(tmp_path / "data"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }
    if not fonts:
        environment["FONTCONFIG_FILE"] = str(tmp_path / "fonts.conf")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        text=True,
        env=environment,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert ("no fonts are installed" in done.stderr) == (not fonts)
    assert "Traceback" not in done.stderr


def test_a_home_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    """Once for the log and once for the window's place, without a traceback; the window works."""
    home = tmp_path / "home"
    home.write_text("a file where the folder should be, as root may write anywhere else")
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "SALVIEWER_CONFIG_DIR": str(home / "config"),
        "SALVIEWER_DATA_DIR": str(tmp_path / "data"),
    }
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        text=True,
        env=environment,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stderr.splitlines() if str(home) in line]
    assert len(lines) == 2, done.stderr
    assert lines[0] == f"{home / 'config' / 'salviewer.log'}: no log can be kept there (not a directory)."
    assert lines[1] == f"{home / 'config' / 'window.ini'}: the place of the window could not be saved there."
    assert "Traceback" not in done.stderr and "Logging error" not in done.stderr


def test_settings_that_cannot_be_kept_are_reported_once_with_file_and_reason(
    qtbot: QtBot, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.write_text("a file where the folder should be, as root may write anywhere else")
    store = SettingsStore(SettingsFile(home / "config"))
    failures: list[str] = []
    store.failed.connect(failures.append)
    for opacity in (False, True, False):
        store.change(shown=opacity)
        store.write()
    assert len(failures) == 1 and str(home / "config" / "settings.json") in failures[0]
    assert "Errno" not in failures[0] and "\n" not in failures[0]
    home.unlink()
    store.write()
    assert (home / "config" / "settings.json").is_file() and len(failures) == 1
