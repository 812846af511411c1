"""Compute exactly how much of each cell of a map an outline covers."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

_CORNERS = 256


def ellipse_outline(x: float, y: float, radius_x: float, radius_y: float) -> NDArray[np.float64]:
    """Return a polygon with an ellipse's area, within 1/10,000 of a radius of it: (256, 2)."""
    step = 2 * math.pi / _CORNERS
    wider = math.sqrt(step / math.sin(step))  # squared, it makes up for the smaller inscribed polygon
    angle = np.arange(_CORNERS) * step
    outline: NDArray[np.float64] = np.stack(
        [x + wider * radius_x * np.cos(angle), y + wider * radius_y * np.sin(angle)], axis=1
    )
    return outline


def coverage(outline: NDArray[np.float64], shape: tuple[int, int]) -> NDArray[np.float64]:
    """Return the share of each cell that is inside an outline.

    The outline is cut at every border between cells. Each piece adds the area between itself and the right
    end of its row to an accumulator, whose running sum along the rows is the answer, as in font rasterisers.
    Exact for every outline that does not cross itself. Otherwise each enclosed part counts once, whatever
    its direction, except where loops in opposite directions overlap.

    Args:
        outline: (n, 2) of (x, y) in fractions of the width and height, as a ring; parts outside 0..1 are
            cut off.
        shape: (rows, columns) of the map.

    Returns:
        float64, shape, 0..1. The mean is the share of the picture that is covered.
    """
    rows, columns = shape
    start = np.asarray(outline, np.float64) * (columns, rows)
    x0, y0, x1, y1 = _pieces(start, np.roll(start, -1, axis=0), rows, columns)
    row = np.floor((y0 + y1) / 2).astype(np.intp)
    inside = (row >= 0) & (row < rows) & (y0 != y1)
    x0, x1 = np.clip(x0[inside], 0, columns), np.clip(x1[inside], 0, columns)
    drop, row = (y1 - y0)[inside], row[inside]
    middle = (x0 + x1) / 2
    column = np.minimum(np.floor(middle), columns).astype(np.intp)
    into = middle - column  # mean place of the piece within its cell
    result = np.zeros((rows, columns))
    if row.size:
        top, bottom = int(row.min()), int(row.max()) + 1  # other rows are not covered
        sums = np.zeros((bottom - top, columns + 2))
        np.add.at(sums, (row - top, column), drop * (1 - into))
        np.add.at(sums, (row - top, column + 1), drop * into)
        result[top:bottom] = np.minimum(np.abs(np.cumsum(sums, axis=1)[:, :columns]), 1)
    return result


def _pieces(
    start: NDArray[np.float64], end: NDArray[np.float64], rows: int, columns: int
) -> tuple[NDArray[np.float64], ...]:
    """Cut the sides where they cross the grid's lines; return x0, y0, x1, y1 of the pieces."""
    numbers = np.arange(len(start))
    cuts, sides = [np.zeros(len(start)), np.ones(len(start))], [numbers, numbers]
    for axis, last in ((0, columns), (1, rows)):
        a, b = start[:, axis], end[:, axis]
        low = np.clip(np.ceil(np.minimum(a, b)), 0, last + 1).astype(np.intp)
        high = np.clip(np.floor(np.maximum(a, b)), -1, last).astype(np.intp)
        count = np.where(a == b, 0, np.maximum(high - low + 1, 0))
        side = np.repeat(numbers, count)
        line = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + low[side]
        cuts.append((line - a[side]) / (b - a)[side])
        sides.append(side)
    along, side = np.clip(np.concatenate(cuts), 0, 1), np.concatenate(sides)
    order = np.lexsort((along, side))
    along, side = along[order], side[order]
    place = start[side] + (end - start)[side] * along[:, None]
    same = side[1:] == side[:-1]
    first, second = place[:-1][same], place[1:][same]
    return first[:, 0], first[:, 1], second[:, 0], second[:, 1]
