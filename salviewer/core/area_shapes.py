"""Move and reshape areas: pure functions, in fractions of the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from salviewer.core.areas import Area, Ellipse, Polygon, Rectangle

Point = tuple[float, float]
Box = tuple[float, float, float, float]
Boxed = Literal["rectangle", "ellipse"]


@dataclass(frozen=True, slots=True)
class Handle:
    """A point at which an area is dragged to change its shape.

    Attributes:
        x, y: its place.
        across, down: the side of the box that it moves: -1 the left or upper one, 1 the other, 0 neither.
        vertex: index of a polygon's point; -1 for a box.
    """

    x: float
    y: float
    across: int = 0
    down: int = 0
    vertex: int = -1


def box(area: Area) -> Box:
    """Return left, top, right and bottom of an area's bounding box, which may exceed the picture."""
    match area:
        case Rectangle():
            return area.left, area.top, area.right, area.bottom
        case Ellipse():
            left, top = area.x - area.radius_x, area.y - area.radius_y
            return left, top, area.x + area.radius_x, area.y + area.radius_y
        case Polygon():
            xs, ys = zip(*area.points, strict=True)
            return min(xs), min(ys), max(xs), max(ys)


def in_box(area: Rectangle | Ellipse, sides: Box) -> Area:
    """Return an area with another bounding box.

    Raises:
        ValueError: the box is empty.
    """
    left, top, right, bottom = sides
    if isinstance(area, Rectangle):
        return replace(area, left=left, top=top, right=right, bottom=bottom)
    return replace(
        area,
        x=(left + right) / 2,
        y=(top + bottom) / 2,
        radius_x=(right - left) / 2,
        radius_y=(bottom - top) / 2,
    )


def framed(kind: Boxed, sides: Box, name: str, id_: str, hue: int) -> Area:
    """Return a new area in a box.

    Raises:
        ValueError: the box is empty.
    """
    if kind == "rectangle":
        return Rectangle(*sides, name=name, id=id_, hue=hue)
    return in_box(Ellipse(0.5, 0.5, 0.5, 0.5, name=name, id=id_, hue=hue), sides)


def spanned(start: Point, end: Point, square: float = 0.0) -> Box:
    """Return the box between two corners; the second is moved into the picture.

    Args:
        start: the fixed corner.
        end: the corner at the cursor.
        square: the picture's width divided by its height, to make the box a square in pixels; 0 for any box.
    """
    x, y = _inside(end[0]), _inside(end[1])
    if square:
        wide, tall = abs(x - start[0]) * square, abs(y - start[1])
        right, down = end[0] >= start[0], end[1] >= start[1]
        room = min((1 - start[0] if right else start[0]) * square, 1 - start[1] if down else start[1])
        side = max(min(max(wide, tall), room), 0.0)
        x = start[0] + (side if right else -side) / square
        y = start[1] + (side if down else -side)
    return min(x, start[0]), min(y, start[1]), max(x, start[0]), max(y, start[1])


def moved(area: Area, dx: float, dy: float) -> Area:
    """Return an area moved by a distance."""
    match area:
        case Rectangle(left=left, top=top, right=right, bottom=bottom):
            return replace(area, left=left + dx, top=top + dy, right=right + dx, bottom=bottom + dy)
        case Ellipse(x=x, y=y):
            return replace(area, x=x + dx, y=y + dy)
        case Polygon(points=points):
            return replace(area, points=tuple((x + dx, y + dy) for x, y in points))


def enclosing(areas: Sequence[Area]) -> Box:
    """The smallest box around areas, at least one."""
    boxes = [box(area) for area in areas]
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def halved(area: Rectangle, aspect: float, hue: int) -> tuple[Rectangle, Rectangle]:
    """Cut a rectangle in two of equal size, across the side that is longer on the picture.

    Args:
        area: the rectangle; the first half keeps its name and colour.
        aspect: the picture's width divided by its height.
        hue: of the second half.
    """
    left, top, right, bottom = area.left, area.top, area.right, area.bottom
    name = f"{area.name} 2" if area.name else ""
    if (right - left) * aspect >= bottom - top:
        middle = (left + right) / 2
        second = Rectangle(middle, top, right, bottom, name=name, hue=hue)
        return replace(area, right=middle), second
    middle = (top + bottom) / 2
    second = Rectangle(left, middle, right, bottom, name=name, hue=hue)
    return replace(area, bottom=middle), second


@dataclass(frozen=True, slots=True)
class Guides:
    """Lines that edges snap to, in fractions of the picture.

    Attributes:
        across, down: places of vertical and of horizontal lines.
        tolerance: how near an edge must be, in fractions of the width and of the height; 0 for never.
    """

    across: tuple[float, ...] = ()
    down: tuple[float, ...] = ()
    tolerance: tuple[float, float] = (0.0, 0.0)

    @classmethod
    def of(cls, areas: Sequence[Area], tolerance: tuple[float, float]) -> Guides:
        """The edges of areas, and the borders and the middle of the picture."""
        boxes = [box(area) for area in areas]
        across = [side for left, _, right, _ in boxes for side in (left, right)]
        down = [side for _, top, _, bottom in boxes for side in (top, bottom)]
        return cls((0.0, 0.5, 1.0, *across), (0.0, 0.5, 1.0, *down), tolerance)

    def point(self, at: Point) -> Point:
        """A point, moved to the nearest lines within the tolerance."""
        return (
            at[0] + _nearest((at[0],), self.across, self.tolerance[0]),
            at[1] + _nearest((at[1],), self.down, self.tolerance[1]),
        )

    def move(self, sides: Box) -> Point:
        """Return the distance to move a box so that a side meets a line; 0 if no line is near enough."""
        left, top, right, bottom = sides
        return (
            _nearest((left, right), self.across, self.tolerance[0]),
            _nearest((top, bottom), self.down, self.tolerance[1]),
        )


def _nearest(places: Sequence[float], lines: Sequence[float], tolerance: float) -> float:
    ways = [line - place for place in places for line in lines]
    best = min(ways, key=abs, default=0.0)
    return best if abs(best) <= tolerance else 0.0


def kept_inside(areas: Sequence[Area], dx: float, dy: float) -> Point:
    """Return the part of a move that keeps areas in the picture; parts outside it go no farther."""
    for area in areas:
        left, top, right, bottom = box(area)
        dx = max(min(dx, max(1 - right, 0.0)), min(-left, 0.0))
        dy = max(min(dy, max(1 - bottom, 0.0)), min(-top, 0.0))
    return dx, dy


def handles(area: Area) -> tuple[Handle, ...]:
    """Return the points at which an area can be reshaped: corners, then sides, or the points of a polygon."""
    if isinstance(area, Polygon):
        return tuple(Handle(x, y, vertex=index) for index, (x, y) in enumerate(area.points))
    left, top, right, bottom = box(area)
    columns, rows = (left, (left + right) / 2, right), (top, (top + bottom) / 2, bottom)
    places = [(across, down) for across in (-1, 0, 1) for down in (-1, 0, 1) if across or down]
    places.sort(key=lambda place: 0 in place)
    return tuple(Handle(columns[a + 1], rows[d + 1], a, d) for a, d in places)


def reshaped(area: Area, handle: Handle, to: Point, square: float = 0.0) -> Area:
    """Return an area after its handle was dragged to `to`; beyond the opposite side it flips.

    Args:
        area: as it was when the drag began.
        handle: one of its handles at that time.
        to: the cursor; kept in the picture.
        square: as in `spanned`, for corners.

    Raises:
        ValueError: the area would cover nothing.
    """
    if isinstance(area, Polygon):
        points = list(area.points)
        points[handle.vertex] = _inside(to[0]), _inside(to[1])
        return replace(area, points=tuple(points))
    left, top, right, bottom = box(area)
    if handle.across and handle.down:
        anchor = (right if handle.across < 0 else left, bottom if handle.down < 0 else top)
        return in_box(area, spanned(anchor, to, square))
    if handle.across:
        sides = spanned((right if handle.across < 0 else left, top), (to[0], bottom))
        return in_box(area, (sides[0], top, sides[2], bottom))
    sides = spanned((left, bottom if handle.down < 0 else top), (right, to[1]))
    return in_box(area, (left, sides[1], right, sides[3]))


def with_point(area: Polygon, edge: int, at: Point) -> Polygon:
    """Return a polygon with one more point, on the side from point `edge` to the next."""
    points = list(area.points)
    points.insert(edge + 1, (_inside(at[0]), _inside(at[1])))
    return replace(area, points=tuple(points))


def without_point(area: Polygon, vertex: int) -> Polygon:
    """Return a polygon without one of its points.

    Raises:
        ValueError: it had only three points, or would cover nothing.
    """
    return replace(area, points=area.points[:vertex] + area.points[vertex + 1 :])


def _inside(value: float) -> float:
    return min(max(value, 0.0), 1.0)
