"""Every window test has its own settings and a real network, and leaves no thread and no widget behind."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from salviewer.app.composition import compose
from salviewer.app.qt_import import import_qt
from salviewer.app.state.settings import CONFIG_VARIABLE, SettingsFile
from salviewer.app.window import Window
from salviewer.app.workers.inference import Engine, Inference
from salviewer.app.workers.pool import Joinable
from salviewer.paths import DATA_VARIABLE

import_qt()  # as the program does

LANES = {"pictures", "inference", "heat layer", "export", "documents", "area scores"}
LANES |= {"hotspots", "comparison", "ground truth"}
LANES |= {"folder list", "thumbnails", "thumbnail_predictions", "copy", "export names"}
LANES |= {"batch", "batch names"}
LANES |= {"capture", "live inference", "live show", "live recording", "video export", "cameras"}
LANES |= {"training", "area changes", "drag", "screen", "runs", "survey", "estimate", "scoring"}


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A settings folder for this test alone."""
    folder = tmp_path / "config"
    monkeypatch.setenv(CONFIG_VARIABLE, str(folder))
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    return folder


@pytest.fixture(autouse=True)
def nothing_left(qapp: QApplication) -> Iterator[None]:
    """Fails the test that leaves a worker or a top-level widget."""
    before = {id(widget) for widget in qapp.topLevelWidgets()}
    yield
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        qapp.processEvents()
    left = [widget for widget in qapp.topLevelWidgets() if id(widget) not in before]
    threads = [thread.name for thread in threading.enumerate() if thread.name in LANES]
    assert not threads, f"threads left: {threads}"
    assert not left, f"widgets left: {left}"


def held(inference: Inference) -> threading.Event:
    """Keep the worker at work on a job of a batch until the returned event is set."""
    begun, gate = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        gate.wait()

    inference.in_turn(work)
    assert begun.wait(60)
    return gate


def workers(window: Window) -> list[Joinable]:
    """The window's threads."""
    return list(window.bench.workers.all)


@pytest.fixture
def make_window(qtbot: QtBot, own_settings: Path, model_folder: Path) -> Iterator[Callable[[], Window]]:
    """Windows that are closed and deleted after the test."""
    made: list[Window] = []

    def make(model: str = str(model_folder)) -> Window:
        window = compose(SettingsFile(own_settings), Engine(model))
        made.append(window)
        window.show()
        qtbot.waitExposed(window)
        return window

    yield make
    for window in made:
        if window.isVisible():
            window.close()
        question = window.findChild(QMessageBox, "unsaved")
        if question is not None:
            question.button(QMessageBox.StandardButton.Discard).click()
        for worker in workers(window):  # a busy machine may need longer than closing waits
            assert worker.join(120)
        window.deleteLater()


@pytest.fixture
def window(make_window: Callable[[], Window]) -> Window:
    """One window with the random network."""
    return make_window()


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    """Three noisy pictures of different sizes."""
    rng = np.random.default_rng(3)
    paths = []
    for index, (width, height) in enumerate([(120, 80), (90, 140), (200, 60)]):
        path = tmp_path / f"picture{index}.png"
        Image.fromarray(rng.integers(0, 255, (height, width, 3), dtype=np.uint8)).save(path)
        paths.append(path)
    return paths
