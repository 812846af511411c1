"""What the window does without until it is shown."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from salviewer import first_use

SHOW = """
import sys
from salviewer.app.qt_import import import_qt
import_qt()
from PySide6.QtWidgets import QApplication
application = QApplication([""])
from salviewer.app.composition import compose
from salviewer.app.state.settings import SettingsFile
from salviewer.app.workers.inference import Engine
window = compose(SettingsFile(), Engine("", "cpu", "openvino"))
window.show()
heavy = "torch openvino cv2 cmap contourpy natsort openpyxl av h5py scipy numpy.ma".split()
ours = [name for name in sys.modules if name.startswith("salviewer.")]
print([name for name in heavy if name in sys.modules], len(ours))
sys.stdout.flush()
import os
os._exit(0)
"""
MOST = 335


def test_the_window_is_shown_before_large_libraries_are_imported(tmp_path: Path) -> None:
    """And with few more modules of our own than now: each takes a millisecond of the start."""
    shown = subprocess.run(
        [sys.executable, "-c", SHOW],
        env=os.environ | {"SALVIEWER_CONFIG_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    heavy, count = shown.stdout.rsplit(maxsplit=1)
    assert heavy == "[]"
    assert int(count) <= MOST


def test_a_name_that_a_library_lacks_is_missed_as_in_the_module() -> None:
    assert first_use.cv2.INTER_AREA == 3
    with pytest.raises(AttributeError, match="no_such_name"):
        first_use.cv2.no_such_name  # noqa: B018


SHARED = """
import sys
from salviewer.first_use import load_shared
def mapped(name):
    return name in open("/proc/self/maps").read()
print(load_shared("cv2", "cv2*.so"), mapped("cv2.abi3"), "cv2" in sys.modules)
print(load_shared("no_such_package", "*.so"), load_shared("salviewer", "first_use.py", "no_such.so"))
from salviewer.models.engines.runtime import openvino
openvino()
print(mapped("cpu_plugin"))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads what /proc tells")
def test_shared_libraries_are_loaded_before_the_import() -> None:
    """OpenVINO itself loads its plugin later, and holds the interpreter meanwhile."""
    told = subprocess.run([sys.executable, "-c", SHARED], capture_output=True, text=True, check=True).stdout
    assert told.split("\n")[:3] == ["1 True False", "0 0", "True"]
