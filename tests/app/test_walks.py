"""How many files of `app/` lie between a dropped picture, or a slider, and the layer painted for it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QObject, QTimer, QUrl
from pytestqt.qtbot import QtBot

import salviewer
from salviewer.app.features.views.feature import ViewsFeature
from salviewer.app.viewer import picture_view
from salviewer.app.viewer.painted import PaintedPicture
from salviewer.app.window import Window
from salviewer.app.workers.latest_only import LatestOnlyWorker, Outcome
from tests.app.test_window import drop

APP = Path(salviewer.__file__).parent / "app"
GENERAL = {"workers/latest_only.py", "widgets/controls.py"}
"""The thread that runs any job, and the slider itself: they know nothing of pictures and maps."""


class Walk:
    """Follows causes through worker threads and timers, which no stack shows."""

    def __init__(self) -> None:
        self.painted: list[list[str]] = []  # the files that led to each layer
        self._cause: list[str] = []
        self._jobs: dict[tuple[int, int], list[str]] = {}

    def here(self) -> list[str]:
        """Return the files that led to the present call, in their order."""
        stack, frame = [], sys._getframe(2)
        while frame is not None:
            path = Path(frame.f_code.co_filename)
            if path.is_relative_to(APP):
                stack.append(path.relative_to(APP).as_posix())
            frame = frame.f_back  # type: ignore[assignment]
        files = [*self._cause, *reversed(stack)]
        return [file for place, file in enumerate(files) if place == 0 or file != files[place - 1]]

    def resume(self, cause: list[str], act: Callable[[], object]) -> None:
        """Act as what `cause` led to."""
        before, self._cause = self._cause, cause
        try:
            act()
        finally:
            self._cause = before

    def follow(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Watch workers, the timer of the layers, and the canvas."""
        submit, deliver, set_layer = (
            LatestOnlyWorker.submit,
            LatestOnlyWorker._deliver,
            PaintedPicture.set_layer,
        )

        def submitted(
            worker: LatestOnlyWorker, ticket: int, job: Callable[[], Any], urgency: int = 0
        ) -> None:
            self._jobs[id(worker), ticket] = self.here()
            submit(worker, ticket, job, urgency)

        def delivered(worker: LatestOnlyWorker, outcome: Outcome) -> None:
            cause = self._jobs.get((id(worker), outcome.ticket), [])
            self.resume(cause, lambda: deliver(worker, outcome))

        def shown(canvas: PaintedPicture, image: object, *rest: Any) -> None:
            if image is not None:
                self.painted.append(self.here())
            set_layer(canvas, image, *rest)  # type: ignore[arg-type]

        def timer(owner: QObject, milliseconds: int, then: Callable[[], object]) -> QTimer:
            walk = self

            class Timer(QTimer):
                def start(self, *_: int) -> None:
                    self.cause = walk.here()
                    super().start(milliseconds)

            made = Timer(owner)
            made.setSingleShot(True)
            made.timeout.connect(lambda: walk.resume(made.cause, then))
            return made

        monkeypatch.setattr(LatestOnlyWorker, "submit", submitted)
        monkeypatch.setattr(LatestOnlyWorker, "_deliver", delivered)
        monkeypatch.setattr(PaintedPicture, "set_layer", shown)
        monkeypatch.setattr(picture_view, "single_shot", timer)


@pytest.fixture
def walk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Walk]:
    """A walk that is followed from the start of the window on."""
    followed = Walk()
    followed.follow(monkeypatch)
    yield followed


def test_a_dropped_path_crosses_eight_files_and_a_slider_four(
    qtbot: QtBot, walk: Walk, make_window: Callable[[], Window], pictures: list[Path]
) -> None:
    window = make_window()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(pictures[0]))])
    drop(window, mime)
    qtbot.waitUntil(lambda: bool(walk.painted), timeout=30_000)
    files = [file for file in walk.painted[0] if file not in GENERAL]
    assert files[0] == "window.py" and files[-1] == "viewer/picture_view.py"
    assert len({*files, "viewer/painted.py"}) <= 8, files
    before = [file for file in files if not file.startswith(("state/", "workers/", "viewer/"))]
    assert len(before) == len(set(before)) and files[: len(before)] == before, files  # no way back
    walk.painted.clear()
    window.feature(ViewsFeature).display.opacity.slider.setValue(300)
    qtbot.waitUntil(lambda: bool(walk.painted), timeout=30_000)
    files = [file for file in walk.painted[0] if file not in GENERAL]
    assert files[0] == "viewer/display_settings.py" and files[-1] == "viewer/picture_view.py"
    assert len({*files, "viewer/painted.py"}) <= 4, files
