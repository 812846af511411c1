"""Paints a use of the map over the picture: the crop's frame, regions, what is cut out, places in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF

from salviewer.app.translation import fill
from salviewer.core.applications.drawing import OVERLOOKED, SEEN

if TYPE_CHECKING:
    from salviewer.app.state.viewport import View
    from salviewer.core.applications.crops import Crop
    from salviewer.core.applications.known import Known
    from salviewer.core.applications.regions import RankedObject
    from salviewer.core.applications.uses import Applied
    from salviewer.core.applications.words import Stop

_RIM, _LINE, _SHADE = QColor(18, 20, 24), QColor(255, 214, 10), QColor(10, 12, 16, 150)
_THIN, _RIMS = 1.8, 1.6  # logical pixels: width of a line, and what its rim adds
_LETTERS = 12  # logical pixels of the font


class UseMarks:
    """An ornament of the canvas.

    Attributes:
        applied: what is painted; None for nothing.
    """

    def __init__(self) -> None:
        self._applied: Applied | None = None
        self._shade: QImage | None = None

    @property
    def applied(self) -> Applied | None:
        """What is painted."""
        return self._applied

    def show(self, applied: Applied | None) -> None:
        """Paint this from now on."""
        if applied is self._applied:
            return
        cutout = applied.cutout if applied is not None else None
        before = self._applied.cutout if self._applied is not None else None
        if cutout is None:
            self._shade = None
        elif cutout is not before:
            self._shade = _shade(255 - cutout.alpha)
        self._applied = applied

    def paint(self, painter: QPainter, view: View, ratio: float) -> None:
        """Paint, as `Ornament` describes."""
        applied = self._applied
        if applied is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._shade is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(_whole(view), self._shade)
        for _, crop in applied.crops:
            _paint_crop(painter, crop, view, ratio)
        lines: list[tuple[QPolygonF, str, QColor]] = []
        for region in applied.regions:
            text = fill("{number}  {share:.0f} %", number=region.number, share=100 * region.share)
            lines.append((_polygon(region.contour, view), text, _LINE))
        if applied.regions:
            lines += [_of_object(each, view) for each in applied.objects if each.known.kind != "area"]
        if applied.description is not None:
            for stop in applied.description.stops:
                text = fill("{number}  {share:.0f} %", number=stop.number, share=100 * stop.share)
                lines.append((_polygon(_corners(stop), view), text, _LINE))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for rim in (True, False):
            for polygon, _, colour in lines:
                painter.setPen(QPen(_RIM, (_THIN + _RIMS) * ratio) if rim else QPen(colour, _THIN * ratio))
                painter.drawPolygon(polygon)
        for polygon, text, colour in reversed(lines):
            if not text:
                continue
            corner = polygon.boundingRect().topLeft()
            _plate(painter, text, QPointF(corner.x(), corner.y()), view, ratio, colour)


def frame(crop: Crop, view: View) -> QRectF:
    """Return a crop's place in the window, in device pixels."""
    left, top = view.to_window(crop.left, crop.top)
    right, bottom = view.to_window(crop.left + crop.width, crop.top + crop.height)
    return QRectF(QPointF(left, top), QPointF(right, bottom))


def _paint_crop(painter: QPainter, crop: Crop, view: View, ratio: float) -> None:
    """Shade what is cut off, and draw the frame with its lines at a third and what it keeps."""
    inside = frame(crop, view)
    shade = QPainterPath()
    shade.addRect(_whole(view))
    hole = QPainterPath()
    hole.addRect(inside)
    painter.fillPath(shade.subtracted(hole), _SHADE)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(255, 255, 255, 110), ratio))
    for part in (1 / 3, 2 / 3):
        x, y = inside.left() + part * inside.width(), inside.top() + part * inside.height()
        painter.drawLine(QPointF(x, inside.top()), QPointF(x, inside.bottom()))
        painter.drawLine(QPointF(inside.left(), y), QPointF(inside.right(), y))
    for colour, wide in ((_RIM, _THIN + _RIMS), (_LINE, _THIN)):
        painter.setPen(QPen(colour, wide * ratio))
        painter.drawRect(inside)
    _plate(painter, fill("{kept:.0f} %", kept=100 * crop.kept), inside.topLeft(), view, ratio)


def _of_object(each: RankedObject, view: View) -> tuple[QPolygonF, str, QColor]:
    """Return the box of a text, a face or an object, without words, and its colour: seen or overlooked."""
    return _polygon(_corners(each.known), view), "", QColor(*(SEEN if each.seen else OVERLOOKED))


def _corners(box: Known | Stop) -> tuple[tuple[float, float], ...]:
    return (box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)


def _whole(view: View) -> QRectF:
    left, top = view.to_window(0, 0)
    right, bottom = view.to_window(*view.picture)
    return QRectF(QPointF(left, top), QPointF(right, bottom))


def _polygon(points: Sequence[tuple[float, float]], view: View) -> QPolygonF:
    width, height = view.picture
    return QPolygonF([QPointF(*view.to_window(x * width, y * height)) for x, y in points])


def _shade(behind: np.ndarray) -> QImage:
    """Return the shade over what is behind a cut-out."""
    height, width = behind.shape
    pixels = np.zeros((height, width, 4), np.uint8)
    alpha = (behind.astype(np.uint16) * 200 // 255).astype(np.uint8)
    pixels[..., 3] = alpha
    for channel, value in enumerate((_SHADE.blue(), _SHADE.green(), _SHADE.red())):
        pixels[..., channel] = (value * alpha.astype(np.uint16) // 255).astype(np.uint8)
    image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
    return image.copy()


def _plate(
    painter: QPainter, text: str, corner: QPointF, view: View, ratio: float, colour: QColor = _LINE
) -> None:
    """Write on a dark plate whose lower left corner is here, moved into the window."""
    font = painter.font()
    font.setPixelSize(round(_LETTERS * ratio))
    font.setBold(True)
    painter.setFont(font)
    wide = painter.fontMetrics().horizontalAdvance(text) + 14 * ratio
    tall = 20 * ratio
    left = min(max(corner.x(), 2.0), view.window[0] - wide - 2)
    top = min(max(corner.y() - tall - 3 * ratio, 2.0), view.window[1] - tall - 2)
    plate = QRectF(left, top, wide, tall)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_RIM)
    painter.drawRoundedRect(plate, tall / 2, tall / 2)
    painter.setPen(colour)
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
    painter.setBrush(Qt.BrushStyle.NoBrush)
