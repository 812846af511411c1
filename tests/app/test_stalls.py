"""What would make the window's thread stand still while it works."""

from __future__ import annotations

import os
import subprocess
import sys
from ast import literal_eval
from pathlib import Path

RUN = """
import gc
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from salviewer.app.main import run
application = QApplication([""])
said = []
def look():
    said.append((gc.isenabled(), gc.get_freeze_count(), len(gc.get_objects())))
    application.closeAllWindows()
QTimer.singleShot(0, look)
run([], device="cpu", engine="openvino")
said.append((gc.isenabled(), gc.get_freeze_count()))
print(said)
"""


def test_the_collector_does_not_look_at_what_the_start_made(tmp_path: Path) -> None:
    """A look at some hundred thousand objects takes 40 ms and more, in which every thread stands."""
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        env=os.environ | {"SALVIEWER_CONFIG_DIR": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
    )
    (collects, kept_out, looked_at), after = literal_eval(done.stdout)
    assert collects
    assert kept_out > 50_000 > 10 * looked_at
    assert after == (True, 0)
