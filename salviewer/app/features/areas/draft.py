"""A polygon while it is being drawn, point by point."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from salviewer.app.features.areas.hit_testing import HIT_DISTANCE, HitTest
from salviewer.core.areas import Polygon

if TYPE_CHECKING:
    from salviewer.core.area_shapes import Point


class Draft:
    """The points in fractions of the picture, and where a click would add the next one."""

    def __init__(self) -> None:
        self._points: list[Point] = []
        self.cursor: QPointF | None = None

    def __bool__(self) -> bool:
        return bool(self._points)

    @property
    def line(self) -> tuple[Point, ...]:
        """The points to paint, the cursor last; empty while nothing is drawn."""
        if not self._points:
            return ()
        end = self._points[-1] if self.cursor is None else (self.cursor.x(), self.cursor.y())
        return (*self._points, end)

    def closes(self, at: QPointF, hits: HitTest) -> bool:
        """Return whether a press at a point hits the first point and so closes the polygon."""
        return len(self._points) >= 3 and hits.apart(QPointF(*self._points[0]), at) <= HIT_DISTANCE

    def put(self, at: QPointF) -> None:
        """Add a point; move it into the picture if it is outside."""
        self._points.append((min(max(at.x(), 0.0), 1.0), min(max(at.y(), 0.0), 1.0)))
        self.cursor = at

    def pop(self) -> None:
        """Remove the last point."""
        self._points.pop()

    def clear(self) -> None:
        """Remove all points."""
        self._points.clear()
        self.cursor = None

    def closed(self, name: str, hue: int) -> Polygon | None:
        """Return the finished area; None while there are too few points, or all lie on one line."""
        try:
            return Polygon(tuple(self._points), name=name, hue=hue)
        except ValueError:
            return None
