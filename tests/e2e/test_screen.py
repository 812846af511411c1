"""The heat over the real screen, where a compositor shows what is below a translucent window."""

from __future__ import annotations

import ctypes.util
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("scale", [1, 2])
def test_the_heat_lies_over_the_screen_and_is_not_captured(environment: dict[str, str], scale: int) -> None:
    if shutil.which("xcompmgr") is None or ctypes.util.find_library("Xtst") is None:
        pytest.skip("xcompmgr is not installed")
    compositor = subprocess.Popen(["xcompmgr"], env=environment, stderr=subprocess.DEVNULL)
    try:
        time.sleep(0.5)
        command = [sys.executable, "-m", "tests.e2e.screen_overlay_scenario"]
        scaled = environment | {"QT_SCALE_FACTOR": str(scale)}
        done = subprocess.run(command, env=scaled, cwd=ROOT, capture_output=True, text=True, timeout=120)
    finally:
        compositor.terminate()
        compositor.wait(10)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["platform"] == "xcb" and found["sees through"] and found["back"]
    assert found["box"] == [60 * scale, 60 * scale, 200 * scale, 100 * scale]
    assert [50 * scale, 50 * scale, 300 * scale, 200 * scale] in found["windows"]
    red, green, blue = found["over"]
    assert abs(red - 127) <= 2 and green > 40 and blue == 0
    assert found["captured"] == [255, 0, 0]
    assert found["clicks"] == 1
