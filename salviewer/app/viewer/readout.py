"""Read the values of the map on screen under the cursor."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from salviewer.app.state.session import Session
from salviewer.app.state.shown import Shown
from salviewer.app.viewer.canvas import Canvas


class Readout(QObject):
    """Follows the cursor on the canvas, and the map on screen."""

    changed = Signal(object, object)  # (x, y) of the picture's pixel, Reading; each None where there is none

    def __init__(self, session: Session, shown: Shown, canvas: Canvas, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._shown, self._canvas = session, shown, canvas
        canvas.pointed.connect(self._read)
        session.picture_changed.connect(lambda _: self._read())
        shown.overlay_changed.connect(lambda _: self._read())

    def _read(self) -> None:
        place, loaded = self._canvas.place, self._session.loaded
        if place is None or loaded is None:
            self.changed.emit(None, None)
            return
        u, v = place
        width, height = loaded.picture.full_size
        overlay = self._shown.overlay
        self.changed.emit(
            (int(u * width), int(v * height)), None if overlay is None else overlay.measured.at(u, v)
        )
