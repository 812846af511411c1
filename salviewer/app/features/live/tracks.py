"""Paint the followed region over the picture: its box, number and path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from salviewer.app.viewer.lettering import set_lettering
from salviewer.core.region_drawing import COLOUR, region_label, region_lines
from salviewer.core.text_drawing import DARK

if TYPE_CHECKING:
    from salviewer.app.state.viewport import View
    from salviewer.core.following import Tracked

_RIM, _LINE = QColor(*DARK), QColor(*COLOUR)
_WIDTH, _RIMS, _LETTERS = 2.0, 2.0, 12  # logical pixels


class TrackMark:
    """Paints the lines and the label that `core.region_drawing` draws into files."""

    def __init__(self) -> None:
        self.tracked: Tracked | None = None

    def show(self, tracked: Tracked | None) -> None:
        """Set its place; None for none."""
        self.tracked = tracked

    def paint(self, painter: QPainter, view: View, ratio: float) -> None:
        """Paint, as `Ornament` describes."""
        if self.tracked is None:
            return
        lines = [
            QPolygonF([QPointF(*view.to_window(x, y)) for x, y in line])
            for line in region_lines(self.tracked, view.picture)
        ]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, wide in ((_RIM, _WIDTH + _RIMS), (_LINE, _WIDTH)):
            painter.setPen(QPen(colour, wide * ratio))
            for line in lines:
                painter.drawPolyline(line)
        self._label(painter, lines[0].boundingRect(), ratio)

    def _label(self, painter: QPainter, frame: QRectF, ratio: float) -> None:
        assert self.tracked is not None
        text = region_label(self.tracked)
        set_lettering(painter, _LETTERS * ratio)
        wide = painter.fontMetrics().horizontalAdvance(text) + 12 * ratio
        tall = 19 * ratio
        plate = QRectF(frame.left(), max(frame.top() - tall - 4 * ratio, 2.0), wide, tall)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_RIM)
        painter.drawRoundedRect(plate, 4 * ratio, 4 * ratio)
        painter.setPen(_LINE)
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
