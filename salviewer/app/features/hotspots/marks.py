"""Paint hotspots over the picture, as `core.gaze.draw_hotspots` draws them into a file."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from salviewer.app.state.viewport import View
from salviewer.app.viewer.lettering import set_lettering
from salviewer.core.gaze import LETTERS, gaze_path, rings, visit_text
from salviewer.core.hotspots import Hotspot

_RIM, _LINE, _CHOSEN = QColor(18, 20, 24), QColor("white"), QColor(255, 214, 10)
_LETTER_LIMITS = (8.0, 16.0)  # height of a digit in logical pixels
_CAP = 0.72  # height of a digit as a share of the font's size
_THIN, _RIMS = 1.8, 1.6  # logical pixels: width of a line, and what its rim adds


class Marks:
    """The hotspots of one picture."""

    def __init__(self) -> None:
        self.hotspots: tuple[Hotspot, ...] = ()
        self.radius = 0.0  # of the discs, in fractions of the width
        self.path = False
        self.chosen = 0  # the number of the highlighted one; 0 for none

    def paint(self, painter: QPainter, view: View, ratio: float) -> None:
        """Paint, as `Ornament` describes."""
        if not self.hotspots:
            return
        width, height = view.picture
        low, high = _LETTER_LIMITS
        natural = LETTERS * math.sqrt(width * height) * view.scale
        letters = min(max(natural, low * ratio), high * ratio)
        lines = rings(self.hotspots, self.radius * width)
        if self.path:
            lines += gaze_path(self.hotspots, self.radius * width, letters / view.scale)
        shapes = [_polygon(line, view) for line in lines]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, wide in ((_RIM, _THIN + _RIMS), (_LINE, _THIN)):
            painter.setPen(QPen(colour, wide * ratio))
            for shape in shapes:
                painter.drawPolyline(shape)
        for spot, shape in zip(self.hotspots, shapes, strict=False):
            if spot.number == self.chosen:
                painter.setPen(QPen(_CHOSEN, 2 * _THIN * ratio))
                painter.drawPolyline(shape)
        for spot in reversed(self.hotspots):
            at = QPointF(*view.to_window(spot.x, spot.y))
            colour = _CHOSEN if spot.number == self.chosen else _LINE
            _label(painter, visit_text(spot), at, letters, colour)


def _polygon(line: NDArray[np.float64], view: View) -> QPolygonF:
    return QPolygonF([QPointF(*view.to_window(x, y)) for x, y in line.tolist()])


def _label(painter: QPainter, text: str, centre: QPointF, letters: float, colour: QColor) -> None:
    set_lettering(painter, letters / _CAP)
    tall = 2 * letters
    wide = max(painter.fontMetrics().horizontalAdvance(text) + 1.3 * letters, tall)
    plate = QRectF(centre.x() - wide / 2, centre.y() - tall / 2, wide, tall)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_RIM)
    painter.drawRoundedRect(plate, tall / 2, tall / 2)
    painter.setPen(colour)
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
    painter.setBrush(Qt.BrushStyle.NoBrush)
