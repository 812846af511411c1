"""A polygon while its points are being put."""

from __future__ import annotations

from PySide6.QtCore import QPointF

from salviewer.app.features.areas.hit_testing import HIT_DISTANCE, HitTest
from salviewer.app.state.area_shapes import Point
from salviewer.core.areas import Polygon


class Draft:
    """Points in fractions of the picture, and where the cursor would put the next."""

    def __init__(self) -> None:
        self._points: list[Point] = []
        self.cursor: QPointF | None = None

    def __bool__(self) -> bool:
        return bool(self._points)

    @property
    def line(self) -> tuple[Point, ...]:
        """What to paint: the points, then the cursor; empty while nothing is drawn."""
        if not self._points:
            return ()
        end = self._points[-1] if self.cursor is None else (self.cursor.x(), self.cursor.y())
        return (*self._points, end)

    def closes(self, at: QPointF, hits: HitTest) -> bool:
        """Whether a press there is on the first point and closes the polygon."""
        return len(self._points) >= 3 and hits.apart(QPointF(*self._points[0]), at) <= HIT_DISTANCE

    def put(self, at: QPointF) -> None:
        """One more point, in the picture."""
        self._points.append((min(max(at.x(), 0.0), 1.0), min(max(at.y(), 0.0), 1.0)))
        self.cursor = at

    def pop(self) -> None:
        """One less."""
        self._points.pop()

    def clear(self) -> None:
        """None."""
        self._points.clear()
        self.cursor = None

    def closed(self, name: str, hue: int) -> Polygon | None:
        """The area; None while its points are too few, or lie on one line."""
        try:
            return Polygon(tuple(self._points), name=name, hue=hue)
        except ValueError:
            return None
