"""Put pictures on the clipboard, drawn and encoded in a thread of their own."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage, QStandardItem, QStandardItemModel

from salviewer.app.translation import tr
from salviewer.app.workers.latest_only import LatestOnlyWorker, Outcome
from salviewer.app.workers.overlay_layers import to_image
from salviewer.app.workers.sentences import sentence

Draw = Callable[[], NDArray[np.uint8]]
"""Returns (H, W, 3) uint8, sRGB; runs in the worker."""


@dataclass(frozen=True, slots=True, eq=False)
class Copy:
    """A picture for the clipboard: as an image of Qt, and as PNG."""

    what: str
    image: QImage
    png: bytes


class ClipboardWriter(QObject):
    """Copies the newest request. The PNG is made beforehand: Qt would do it in the window's thread."""

    copied = Signal(str)  # a sentence
    failed = Signal(str)
    busy_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.worker = LatestOnlyWorker("copy", self, self._landed)
        self._ticket = 0

    def copy(self, what: str, draw: Draw, icc: bytes | None = None) -> None:
        """Draw, then put it on the clipboard.

        Args:
            what: its name in a sentence: "the overlay".
            draw: makes the pixels.
            icc: the colour profile for the PNG.
        """
        self._ticket += 1
        self.worker.submit(self._ticket, lambda: encode(what, draw, icc))
        self.busy_changed.emit(True)

    def _landed(self, outcome: Outcome) -> None:
        if outcome.ticket != self._ticket:
            return
        self.busy_changed.emit(False)
        if outcome.error is not None:
            self.failed.emit(sentence(outcome.error, tr("copying")))
            return
        copy: Copy = outcome.value
        mime = mime_of_qt()
        mime.setImageData(copy.image)
        mime.setData("image/png", copy.png)
        QGuiApplication.clipboard().setMimeData(mime)
        self.copied.emit(
            tr(
                "Copied {what}, {width} × {height} pixels",
                what=copy.what,
                width=copy.image.width(),
                height=copy.image.height(),
            )
        )


def mime_of_qt() -> QMimeData:
    """Return empty data for the clipboard that Qt itself has made.

    Without a desktop (offscreen, minimal, eglfs, vnc) Qt deletes what is on the clipboard after the
    interpreter has ended. Data that Python made would call it then, which crashes.
    """
    model = QStandardItemModel()
    model.appendRow(QStandardItem())
    mime = model.mimeData([model.index(0, 0)])
    mime.clear()
    return mime


def encode(what: str, draw: Draw, icc: bytes | None) -> Copy:
    """Draw a picture, and encode it as PNG. For workers."""
    pixels = draw()
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, "PNG", compress_level=1, icc_profile=icc)
    return Copy(what, to_image(pixels).convertToFormat(QImage.Format.Format_RGB32), data.getvalue())
