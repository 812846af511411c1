"""Tells the numbers of the shown map: under the cursor, and in the panel's legend."""

from __future__ import annotations

from PySide6.QtCore import QObject

from salviewer.app.shell.status import Status
from salviewer.app.viewer.canvas import Canvas
from salviewer.app.viewer.display_settings import Look
from salviewer.app.viewer.overlay_layer import Heat
from salviewer.core.map_statistics import Measured


class Readout(QObject):
    """Between the canvas, which knows where the cursor is, and the widgets that show numbers."""

    def __init__(self, canvas: Canvas, status: Status, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._canvas, self._status, self._look = canvas, status, look
        self._size = (0, 0)
        self._measured: Measured | None = None
        canvas.pointed.connect(self._read)

    def set_picture(self, size: tuple[int, int]) -> None:
        """The original's (width, height), in whose pixels places are told."""
        self._size = size
        self._read()

    def set_heat(self, heat: Heat | None) -> None:
        """The map that the numbers are of."""
        self._measured = None if heat is None else heat.measured
        self._look.set_measured(self._measured)
        self._read()

    def _read(self) -> None:
        place = self._canvas.place
        if place is None:
            self._status.set_reading(None, None)
            return
        u, v = place
        pixel = int(u * self._size[0]), int(v * self._size[1])
        self._status.set_reading(pixel, None if self._measured is None else self._measured.at(u, v))
