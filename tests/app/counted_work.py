"""Our own Python work for a slider's step, a dropped picture and a batch of ten does not grow unnoticed.

Counted are calls of functions of `salviewer`, which vary little from run to run, unlike times.
`FIGURES` has what they were; a tenth more is allowed. Write a new figure where the work is worth it.
"""

from __future__ import annotations

import shutil
import sys
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest
from PySide6.QtCore import QMimeData, QUrl
from pytestqt.qtbot import QtBot

import salviewer
from salviewer.app.features.views.feature import ViewsFeature
from salviewer.app.window import Window
from salviewer.cli import main
from tests.app.test_window import drop, opened

FIGURES = {"slider": 242, "drop": 1350, "batch of ten": 3760}
ROOM = 1.1

OURS = str(Path(salviewer.__file__).parent)


@contextmanager
def counted(threads: bool = False) -> Iterator[deque[None]]:
    """Count calls in this thread, and in threads that begin meanwhile."""
    found: deque[None] = deque()

    def look(frame: FrameType, event: str, _: object) -> None:
        file = frame.f_code.co_filename
        if event == "call" and file.startswith(OURS) and not file.endswith("first_use.py"):
            found.append(None)  # a look at a name of OpenCV is no work

    if threads:
        threading.setprofile(look)
    sys.setprofile(look)
    try:
        yield found
    finally:
        sys.setprofile(None)
        threading.setprofile(None)  # type: ignore[arg-type]


def test_a_step_of_a_slider_and_a_dropped_picture(qtbot: QtBot, window: Window, pictures: list[Path]) -> None:
    opened(qtbot, window, pictures[0])
    opacity = window.feature(ViewsFeature).display.opacity.slider
    opacity.setValue(300)
    qtbot.wait(50)
    with counted() as calls:
        for step in range(10):
            with qtbot.waitSignal(window.bench.shown.overlay_changed, timeout=20_000):
                opacity.setValue(310 + 10 * step)
    assert len(calls) / 10 <= ROOM * FIGURES["slider"]

    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(pictures[1]))])
    with counted() as calls, qtbot.waitSignal(window.bench.shown.overlay_changed, timeout=60_000):
        drop(window, files)
    assert len(calls) <= ROOM * FIGURES["drop"]


def test_a_batch_of_ten(
    pictures: list[Path], model_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ten = [str(shutil.copy(pictures[number % 3], tmp_path / f"ten{number}.png")) for number in range(10)]
    words = ["--model", str(model_folder), "--device", "cpu", "-o"]
    assert main(["predict", ten[0], *words, str(tmp_path / "first")]) == 0  # compiles the network
    with counted(threads=True) as calls:
        assert main(["predict", *ten, *words, str(tmp_path / "out")]) == 0
    assert len(calls) <= ROOM * FIGURES["batch of ten"]
