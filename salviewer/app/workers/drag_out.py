"""Write what is shown to a file that can be dragged into another program, in a thread of its own."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QUrl, Signal
from PySide6.QtGui import QImage

from salviewer.app.translation import tr
from salviewer.app.workers.clipboard import Copy, Draw, encode
from salviewer.app.workers.latest_only import LatestOnlyWorker, Outcome
from salviewer.app.workers.sentences import sentence


@dataclass(frozen=True, slots=True, eq=False)
class Parcel:
    """A picture to drag: a PNG file, and the same as pixels and as PNG for programs that take no files."""

    path: Path
    copy: Copy

    def mime(self) -> QMimeData:
        """Return it in all forms, the file first."""
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(self.path))])
        mime.setImageData(self.copy.image)
        mime.setData("image/png", self.copy.png)
        return mime

    @property
    def image(self) -> QImage:
        """The picture."""
        return self.copy.image


class DragOut(QObject):
    """Draws and writes the newest request. The files are removed when the window's objects are."""

    ready = Signal(object)  # Parcel
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.worker = LatestOnlyWorker("drag", self, self._landed)
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._ticket = 0

    def prepare(self, what: str, name: str, draw: Draw, icc: bytes | None = None) -> None:
        """Draw, and write a file of this name; `what`, `draw` and `icc` as in `ClipboardWriter.copy`."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="salviewer-drag-", ignore_cleanup_errors=True)
        self._ticket += 1
        # a folder each: the program that took an earlier one may still be reading it
        path = Path(self._folder.name) / str(self._ticket) / name
        self.worker.submit(self._ticket, lambda: _write(path, encode(what, draw, icc)))

    def forget(self) -> None:
        """Drop the request: the button is up."""
        self._ticket += 1
        self.worker.forget()

    def _landed(self, outcome: Outcome) -> None:
        if outcome.ticket != self._ticket:
            return
        if outcome.error is not None:
            self.failed.emit(sentence(outcome.error, tr("drawing the picture to drag")))
        else:
            self.ready.emit(outcome.value)


def _write(path: Path, copy: Copy) -> Parcel:
    path.parent.mkdir()
    path.write_bytes(copy.png)
    return Parcel(path, copy)
