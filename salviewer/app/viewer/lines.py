"""Lines over a picture, painted as sharp as the screen at every zoom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from salviewer.app.viewer.viewport import View
from salviewer.core.contours import contours, threshold_lines
from salviewer.core.postprocess import PostprocessSettings
from salviewer.core.render import OverlayStyle
from salviewer.core.saliency_map import SaliencyMap

_RIM = QColor(18, 20, 24)
_THIN, _THICK = 1.4, 2.2  # logical pixels
_SIDES = (
    (0, 1.0),
    (1, 1.0),
    (0, -1.0),
    (1, -1.0),
)  # where labels go: axis and direction, one contour after another


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Lines of one kind.

    Attributes:
        path: in fractions of the picture's width and height.
        colour, width: of the line inside its dark rim; logical pixels.
        label: what stands on the line; "" for nothing.
        anchor: where, in fractions of the picture.
    """

    path: QPainterPath
    colour: QColor
    width: float
    label: str = ""
    anchor: tuple[float, float] = (0.0, 0.0)


def threshold_outline(saliency: SaliencyMap, settings: PostprocessSettings) -> tuple[Lines, ...]:
    """The border of what the threshold shows; empty where it hides nothing."""
    lines = threshold_lines(saliency, settings)
    return (Lines(_path(lines), QColor("white"), _THIN),) if lines else ()


def attention_contours(
    saliency: SaliencyMap, settings: PostprocessSettings, style: OverlayStyle
) -> tuple[Lines, ...]:
    """The contours of attention, each with its share, on different sides so that labels keep apart."""
    found = []
    for contour, (axis, way) in zip(contours(saliency, settings, style), _SIDES, strict=False):
        longest = max(contour.lines, key=len, default=np.full((1, 2), 0.5))
        x, y = longest[int(np.argmax(way * longest[:, axis]))]
        label = f"{100 * contour.share:g} %" if contour.lines else ""
        found.append(
            Lines(_path(contour.lines), QColor(*contour.colour), _THICK, label, (float(x), float(y)))
        )
    return tuple(found)


def _path(lines: Sequence[NDArray[np.float64]]) -> QPainterPath:
    path = QPainterPath()
    for points in lines:
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in points.tolist()]))
    return path


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
