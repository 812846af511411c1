"""Convert between Qt's logical coordinates and the pixels of the desktop that captures use."""

from __future__ import annotations

import sys

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QGuiApplication, QScreen

from salviewer.media.video.screens import Box


def box_of(rectangle: QRect) -> Box:
    """Convert a logical rectangle to pixels of the desktop; on macOS captures use logical points too."""
    left, top = _to_pixels(rectangle.topLeft(), 0)
    right, bottom = _to_pixels(rectangle.bottomRight(), 1)
    return left, top, right - left, bottom - top


def rectangle_of(box: Box) -> QRect:
    """Convert pixels of the desktop to a logical rectangle."""
    left, top, width, height = box
    first = _to_logical(left, top)
    last = _to_logical(left + width - 1, top + height - 1)
    return QRect(first, last)


def _to_pixels(point: QPoint, beyond: int) -> tuple[int, int]:
    """Return the first pixel of a logical point, or the first one `beyond` it."""
    screen = QGuiApplication.screenAt(point) or _nearest(point)
    origin, ratio = screen.geometry().topLeft(), _ratio(screen)
    dx, dy = point.x() + beyond - origin.x(), point.y() + beyond - origin.y()
    return origin.x() + round(dx * ratio), origin.y() + round(dy * ratio)


def _to_logical(x: int, y: int) -> QPoint:
    for screen in QGuiApplication.screens():
        area, ratio = screen.geometry(), _ratio(screen)
        dx, dy = (x - area.x()) / ratio, (y - area.y()) / ratio
        if 0 <= dx < area.width() and 0 <= dy < area.height():
            return QPoint(area.x() + int(dx), area.y() + int(dy))
    return QPoint(x, y)


def _ratio(screen: QScreen) -> float:
    return 1.0 if sys.platform == "darwin" else screen.devicePixelRatio()


def _nearest(point: QPoint) -> QScreen:
    def distance(screen: QScreen) -> int:
        return (screen.geometry().center() - point).manhattanLength()

    return min(QGuiApplication.screens(), key=distance)
