"""Write what is shown to a file, in a thread of its own that can be cancelled."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from salviewer.app.translation import tr
from salviewer.app.workers.latest_only import LatestOnlyWorker, Outcome
from salviewer.app.workers.sentences import sentence
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.scene import Scene, render_scene
from salviewer.errors import ExportError
from salviewer.media.images import Picture
from salviewer.media.saving import atomic_path, save_picture
from salviewer.media.written import note_written


@dataclass(frozen=True, slots=True, eq=False)
class Export:
    """Everything that the file is made of; later changes in the window do not affect it."""

    picture: Picture
    saliency: SaliencyMap
    scene: Scene
    path: Path


class CancelledError(Exception):
    """The user cancelled; nothing more is written."""


Progress = Callable[[int, int], None]
"""Called with the number of written files and of all."""

Job = Callable[[threading.Event, Progress], Path | tuple[Path, ...]]
"""Writes one or several files and returns their paths; raises `CancelledError` if the event is set."""


class FileWriter(QObject):
    """Does one job at a time: renders and writes files that belong together."""

    saved = Signal(object)  # Path, or a tuple of several
    progressed = Signal(int, int)
    failed = Signal(str)
    busy_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.worker = LatestOnlyWorker("export", self, self._landed)
        self._stop = threading.Event()
        self._ticket = 0

    def save(self, export: Export) -> None:
        """Start to write; a running job is cancelled."""
        self.do(lambda stop, _: write(export, stop))

    def do(self, job: Job) -> None:
        """Start a job; a running one is cancelled."""
        self._stop.set()
        self._stop = stop = threading.Event()
        self._ticket += 1
        self.worker.submit(self._ticket, lambda: job(stop, self.progressed.emit))
        self.busy_changed.emit(True)

    def cancel(self) -> None:
        """Cancel the job; the file stays as it was."""
        self._stop.set()

    def _landed(self, outcome: Outcome) -> None:
        if outcome.ticket == self._ticket:
            self.busy_changed.emit(False)
        if outcome.error is None:
            self.saved.emit(outcome.value)
        elif not isinstance(outcome.error, CancelledError):
            self.failed.emit(sentence(outcome.error, tr("saving")))


def write(export: Export, stop: threading.Event) -> Path:
    """Render and write a view; the file appears complete or not at all.

    Raises:
        ExportError: it cannot be written.
        CancelledError: `stop` was set in time.
    """

    def render() -> NDArray[np.uint8]:
        return render_scene(export.picture.pixels, export.saliency, export.scene)

    return write_pixels(export.path, render, export.picture.icc, stop)


def write_pixels(
    path: Path, render: Callable[[], NDArray[np.uint8]], icc: bytes | None, stop: threading.Event
) -> Path:
    """Render (H, W, 3) pixels and write them; the file appears complete or not at all.

    Raises:
        ExportError: it cannot be written.
        CancelledError: `stop` was set in time.
    """

    def go_on() -> None:
        if stop.is_set():
            raise CancelledError

    go_on()
    pixels = render()
    go_on()
    try:
        with atomic_path(path) as temporary:
            save_picture(temporary, pixels, icc=icc)
            go_on()
    except ExportError as error:
        raise ExportError(path, error.reason) from error
    note_written(path)
    return path
