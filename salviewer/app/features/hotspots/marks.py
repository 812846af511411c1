"""Paint hotspots over the picture, as `core.gaze.draw_hotspots` draws them into a file."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from salviewer.app.state.viewport import View
from salviewer.app.viewer.lettering import draw_plate, set_lettering
from salviewer.core.gaze import PLATE, gaze_path, rings, visit_text
from salviewer.core.hotspots import Hotspot
from salviewer.core.spot_labels import Box, Circle, place_beside
from salviewer.core.text_drawing import DARK, SHADOW

_INK, _LINE, _CHOSEN = QColor(*DARK), QColor(*PLATE), QColor(255, 214, 10)
_LETTERS, _PLATE, _SIDES, _GAP = 11, 17, 12, 4  # logical pixels, as the labels of areas
_CAP = 8  # height of a digit of such letters
_THIN = 1.4  # logical pixels


class Marks:
    """The hotspots of one picture.

    Args:
        taken: labels of others that are on screen, which the labels avoid.
    """

    def __init__(self, taken: Sequence[Box] = ()) -> None:
        self.hotspots: tuple[Hotspot, ...] = ()
        self.radius = 0.0  # of the rings, in fractions of the width
        self.path = False
        self.chosen = 0  # the number of the highlighted one; 0 for none
        self._taken = taken

    def paint(self, painter: QPainter, view: View, ratio: float) -> None:
        """Paint, as `Ornament` describes."""
        if not self.hotspots:
            return
        radius = self.radius * view.picture[0]
        circles = [_polygon(line, view) for line in rings(self.hotspots, radius)]
        arrows = gaze_path(self.hotspots, radius, _CAP * ratio / view.scale) if self.path else []
        whole = QPainterPath()
        for shape in (*circles, *(_polygon(line, view) for line in arrows)):
            whole.addPolygon(shape)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for factor, cover in SHADOW:
            painter.setPen(QPen(QColor(*DARK, cover), factor * _THIN * ratio))
            painter.drawPath(whole)
        painter.setPen(QPen(_LINE, _THIN * ratio))
        painter.drawPath(whole)
        for spot, shape in zip(self.hotspots, circles, strict=True):
            if spot.number == self.chosen:
                painter.setPen(QPen(_CHOSEN, 2 * _THIN * ratio))
                painter.drawPolyline(shape)
        self._paint_labels(painter, view, ratio, [line * view.scale + _corner(view) for line in arrows])

    def _paint_labels(
        self, painter: QPainter, view: View, ratio: float, arrows: Sequence[NDArray[np.float64]]
    ) -> None:
        """Paint the visits of the rings on screen beside them."""
        radius = self.radius * view.picture[0] * view.scale
        circles: list[Circle] = [(*view.to_window(spot.x, spot.y), radius) for spot in self.hotspots]
        wide, high = view.window
        seen = [
            (spot, circle)
            for spot, circle in zip(self.hotspots, circles, strict=True)
            if -radius < circle[0] < wide + radius and -radius < circle[1] < high + radius
        ]
        set_lettering(painter, _LETTERS * ratio)
        metrics = painter.fontMetrics()
        texts = [visit_text(spot) for spot, _ in seen]
        sizes = [(metrics.horizontalAdvance(text) + _SIDES * ratio, _PLATE * ratio) for text in texts]
        right, bottom = view.to_window(*view.picture)
        frame = (max(view.left, 0.0), max(view.top, 0.0), min(right, wide), min(bottom, high))
        places = [circle for _, circle in seen]
        centres = place_beside(places, sizes, _GAP * ratio, frame, self._taken, arrows)
        for (spot, _), text, size, centre in zip(seen, texts, sizes, centres, strict=True):
            fill = _CHOSEN if spot.number == self.chosen else _LINE
            draw_plate(painter, text, centre, size, fill, _INK, ratio)


def _corner(view: View) -> NDArray[np.float64]:
    return np.array([view.left, view.top])


def _polygon(line: NDArray[np.float64], view: View) -> QPolygonF:
    return QPolygonF([QPointF(*view.to_window(x, y)) for x, y in line.tolist()])
