"""Paint lines over a picture, sharp at every zoom."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTransform

from salviewer.app.state.viewport import View
from salviewer.app.workers.lines import Lines

_RIM = QColor(18, 20, 24)


def paint(painter: QPainter, lines: Sequence[Lines], view: View, ratio: float) -> None:
    """Draw with a painter whose units are device pixels."""
    place = QTransform(view.picture[0] * view.scale, 0, 0, view.picture[1] * view.scale, view.left, view.top)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    paths = [place.map(line.path) for line in lines]
    for rim in (True, False):
        for line, path in zip(lines, paths, strict=True):
            width = (line.width + (2.0 if rim else 0.0)) * ratio
            pen = QPen(_RIM if rim else line.colour, width)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawPath(path)
    for line in lines:
        if line.label:
            _paint_label(painter, line, place.map(QPointF(*line.anchor)), view, ratio)


def _paint_label(painter: QPainter, line: Lines, at: QPointF, view: View, ratio: float) -> None:
    font = painter.font()
    font.setPixelSize(round(12 * ratio))
    font.setBold(True)
    painter.setFont(font)
    wide = painter.fontMetrics().horizontalAdvance(line.label) + 12 * ratio
    tall = 19 * ratio
    left = min(max(at.x() - wide / 2, 2.0), view.window[0] - wide - 2)
    top = min(max(at.y() - tall / 2, 2.0), view.window[1] - tall - 2)
    plate = QRectF(left, top, wide, tall)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_RIM)
    painter.drawRoundedRect(plate, tall / 2, tall / 2)
    painter.setPen(line.colour)
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, line.label)
