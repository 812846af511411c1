"""Read and write project files and tables in a thread of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from salviewer.app.translation import mark, tr
from salviewer.app.workers.latest_only import LatestOnlyWorker, Outcome
from salviewer.app.workers.sentences import sentence
from salviewer.media.project import Project, load_project, save_project
from salviewer.media.saving import save_picture
from salviewer.media.tables import Table, save_table

_Kind = Literal["open", "save", "table", "keep"]
_DOING: dict[_Kind, str] = {
    "open": mark("opening the project"),
    "save": mark("saving the project"),
    "table": mark("saving the table"),
    "keep": mark("keeping the pasted picture"),
}
_URGENCY: dict[_Kind, int] = {
    "open": 0,
    "save": 1,
    "table": 2,
    "keep": 3,
}  # different, so that none replaces another


@dataclass(frozen=True, slots=True, eq=False)
class OpenedProject:
    """A project that was read.

    Attributes:
        path: its file.
        project: its content.
        missing: its pictures that do not exist.
    """

    path: Path
    project: Project
    missing: tuple[Path, ...]


@dataclass(frozen=True, slots=True, eq=False)
class SavedProject:
    """A project that was written."""

    path: Path
    project: Project


class Documents(QObject):
    """Answers only the newest request of each kind; a failure leaves all files as they were."""

    opened = Signal(object)  # OpenedProject
    saved = Signal(object)  # SavedProject
    table_saved = Signal(object)  # Path
    kept = Signal(object)  # Path
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.worker = LatestOnlyWorker("documents", self, self._landed)
        self._kinds: dict[int, _Kind] = {}
        self._ticket = 0

    def open_project(self, path: Path) -> None:
        """Read a project."""
        self._submit("open", lambda: _read(path))

    def save_project(self, path: Path, project: Project) -> None:
        """Write a project."""

        def write() -> SavedProject:
            save_project(path, project)
            return SavedProject(path, project)

        self._submit("save", write)

    def save_table(self, path: Path, table: Table) -> None:
        """Write a table, in the format of the path's suffix."""

        def write() -> Path:
            save_table(path, table)
            return path

        self._submit("table", write)

    def keep_picture(self, path: Path, pixels: NDArray[np.uint8]) -> None:
        """Write a picture that has no file, uint8 (H, W, 3) sRGB, as PNG."""

        def write() -> Path:
            save_picture(path, pixels)
            return path

        self._submit("keep", write)

    def _submit(self, kind: _Kind, job: Callable[[], Any]) -> None:
        self._ticket += 1
        self._kinds[self._ticket] = kind
        self.worker.submit(self._ticket, job, _URGENCY[kind])

    def _landed(self, outcome: Outcome) -> None:
        kind = self._kinds.pop(outcome.ticket)
        if outcome.error is not None:
            self.failed.emit(sentence(outcome.error, tr(_DOING[kind])))
        else:
            signals = {"open": self.opened, "save": self.saved, "table": self.table_saved, "keep": self.kept}
            signals[kind].emit(outcome.value)


def _read(path: Path) -> OpenedProject:
    project = load_project(path)
    return OpenedProject(path, project, project.missing)
