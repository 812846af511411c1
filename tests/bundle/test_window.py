"""The built program's window, seen from outside: under Xvfb, with a keyboard."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageGrab

from tests.bundle.conftest import PATIENCE
from tests.e2e.conftest import display  # noqa: F401

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Xvfb is there on Linux alone")

SHOTS = os.environ.get("SALVIEWER_BUNDLE_SHOTS", "")
"""Environment variable: a folder that keeps the screenshots."""


@pytest.fixture
def seen(display: str, environment: dict[str, str], tmp_path: Path) -> dict[str, str]:  # noqa: F811
    """The environment with a display and settings of our own."""
    if shutil.which("xdotool") is None:
        pytest.skip("xdotool is not installed")
    return environment | {"DISPLAY": display, "SALVIEWER_CONFIG_DIR": str(tmp_path / "config")}


@pytest.fixture
def window(
    program: Path, seen: dict[str, str], photograph: Path
) -> Iterator[tuple[subprocess.Popen[str], Callable[[], np.ndarray]]]:
    """The program with a photograph, and a function that looks at the screen."""
    process = subprocess.Popen([str(program), str(photograph)], env=seen, stderr=subprocess.PIPE, text=True)
    yield process, lambda: np.asarray(ImageGrab.grab(xdisplay=seen["DISPLAY"]).convert("RGB"))
    process.kill()
    process.wait(30)


def _wait(condition: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, what
        time.sleep(0.2)


def _warm(pixels: np.ndarray) -> int:
    """How many pixels have the saturated red and yellow that heat is shown in."""
    values = pixels.astype(int)
    return int(((values[..., 0] > 200) & (values[..., 1] > 90) & (values[..., 2] < 70)).sum())


def test_it_shows_a_photographs_heat_takes_in_another_and_quits(
    program: Path,
    seen: dict[str, str],
    photograph: Path,
    window: tuple[subprocess.Popen[str], Callable[[], np.ndarray]],
    tmp_path: Path,
) -> None:
    process, look = window

    def titled(name: str) -> list[str]:
        found = subprocess.run(
            ["xdotool", "search", "--name", f"{name}.*salviewer"],
            env=os.environ | seen | {"PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=False,
        )
        return found.stdout.split()

    _wait(lambda: bool(titled("astronaut")) or process.poll() is not None, "no window")
    assert process.poll() is None, process.stderr.read()
    _wait(lambda: _warm(look()) > 2000, "no heat")
    if SHOTS:
        Image.fromarray(look()).save(Path(SHOTS) / "bundle.png")

    other = tmp_path / "other.png"
    Image.open(photograph).rotate(90).save(other)
    second = subprocess.run(
        [str(program), str(other)], env=seen, capture_output=True, text=True, timeout=PATIENCE
    )
    assert second.returncode == 0 and "--new-window" in second.stdout
    _wait(lambda: bool(titled("other")), "the second start's picture is not shown")

    (handle, *_) = titled("other")
    keys = ["xdotool", "windowfocus", "--sync", handle, "key", "ctrl+q"]
    subprocess.run(keys, env=os.environ | seen | {"PATH": os.environ["PATH"]}, check=True)
    assert process.wait(60) == 0
    log = tmp_path / "config" / "salviewer.log"
    assert not log.exists() or "ERROR" not in log.read_text()
