"""Hit testing of areas in logical pixels, so that they are equally easy to hit at every zoom."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPolygonF

from salviewer.core.area_shapes import Handle, box, handles

if TYPE_CHECKING:
    from salviewer.core.areas import Area, Polygon

HIT_DISTANCE = 7.0
"""Largest distance in logical pixels at which a handle or line is hit."""
_ROOMY = 34.0  # least length of a side with a handle in its middle


class HitTest:
    """Finds what is under a point of the picture.

    Args:
        picture: the rectangle of the picture, in logical pixels.
    """

    def __init__(self, picture: QRectF) -> None:
        self._wide, self._tall = max(picture.width(), 1.0), max(picture.height(), 1.0)

    @property
    def square(self) -> float:
        """The picture's width divided by its height."""
        return self._wide / self._tall

    def fractions(self, pixels: float) -> tuple[float, float]:
        """Convert logical pixels to fractions of the picture's width and height."""
        return pixels / self._wide, pixels / self._tall

    def apart(self, a: QPointF, b: QPointF) -> float:
        """Measure the distance between two points of the picture, in logical pixels."""
        return math.hypot((a.x() - b.x()) * self._wide, (a.y() - b.y()) * self._tall)

    def grips(self, area: Area) -> tuple[Handle, ...]:
        """Return the handles of an area for which there is room."""
        left, top, right, bottom = box(area)
        wide, tall = (right - left) * self._wide >= _ROOMY, (bottom - top) * self._tall >= _ROOMY
        return tuple(
            handle
            for handle in handles(area)
            if handle.vertex >= 0 or ((handle.across or wide) and (handle.down or tall))
        )

    def grip(self, area: Area, at: QPointF) -> Handle | None:
        """Return the nearest handle within `HIT_DISTANCE`, or None."""
        near = min(self.grips(area), key=lambda handle: self.apart(at, QPointF(handle.x, handle.y)))
        return near if self.apart(at, QPointF(near.x, near.y)) <= HIT_DISTANCE else None

    def side(self, area: Polygon, at: QPointF) -> int | None:
        """Return the side of a polygon that is hit, by the index of its first point, or None."""
        lengths = self._to_sides(area, at)
        nearest = int(lengths.argmin())
        return nearest if lengths[nearest] <= HIT_DISTANCE else None

    def area(self, areas: Sequence[Area], at: QPointF) -> Area | None:
        """Return the smallest area that is hit, inside or on its line; the last of equal ones; or None."""
        return min(reversed(list(self._hit(areas, at))), key=_extent, default=None)

    def _hit(self, areas: Sequence[Area], at: QPointF) -> Iterable[Area]:
        for area in areas:
            outline = QPolygonF([QPointF(x, y) for x, y in area.outline().tolist()])
            if (
                outline.containsPoint(at, Qt.FillRule.WindingFill)
                or self._to_sides(area, at).min() <= HIT_DISTANCE
            ):
                yield area

    def _to_sides(self, area: Area, at: QPointF) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        size = (self._wide, self._tall)
        start = (area.outline() - (at.x(), at.y())) * size
        along = np.roll(start, -1, axis=0) - start
        length = np.maximum((along**2).sum(axis=1), 1e-12)
        way = np.clip(-(start * along).sum(axis=1) / length, 0, 1)
        return np.asarray(np.hypot(*(start + along * way[:, None]).T))


def _extent(area: Area) -> float:
    left, top, right, bottom = box(area)
    return (right - left) * (bottom - top)
