"""Lines of equal value through a map, as smooth paths: marching squares."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Which sides of a square a line joins, so that what is at or above the level lies to its left as it goes
# (rows counted downwards). Corners: top left 1, top right 2, bottom right 4, bottom left 8.
_TOP, _RIGHT, _BOTTOM, _LEFT = range(4)
_JOINS: dict[int, list[tuple[int, int]]] = {
    1: [(_LEFT, _TOP)],
    2: [(_TOP, _RIGHT)],
    3: [(_LEFT, _RIGHT)],
    4: [(_RIGHT, _BOTTOM)],
    5: [(_LEFT, _TOP), (_RIGHT, _BOTTOM)],
    6: [(_TOP, _BOTTOM)],
    7: [(_LEFT, _BOTTOM)],
    8: [(_BOTTOM, _LEFT)],
    9: [(_BOTTOM, _TOP)],
    10: [(_TOP, _RIGHT), (_BOTTOM, _LEFT)],
    11: [(_BOTTOM, _RIGHT)],
    12: [(_RIGHT, _LEFT)],
    13: [(_RIGHT, _TOP)],
    14: [(_TOP, _LEFT)],
}
# Where opposite corners are above, and the middle too: they are one area.
_BRIDGED = {5: [(_RIGHT, _TOP), (_LEFT, _BOTTOM)], 10: [(_TOP, _LEFT), (_BOTTOM, _RIGHT)]}


def mass_level(density: NDArray[np.float32], share: float) -> float:
    """The density at or above which the smallest area lies that holds `share` of the whole.

    Args:
        density: (h, w), non-negative.
        share: 0..1.

    Returns:
        a value of `density`: its maximum for 0, its minimum for 1.

    Raises:
        ValueError: the share lies outside.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"a share of attention lies in 0..1, not {share:g}")
    falling = np.sort(density, axis=None)[::-1]
    held = np.cumsum(falling, dtype=np.float64)
    return float(falling[min(int(np.searchsorted(held, share * held[-1])), falling.size - 1)])


def iso_lines(field: NDArray[np.float32], level: float) -> list[NDArray[np.float64]]:
    """The lines along which a map has the value `level`, interpolated linearly between its cells' centres.

    Args:
        field: (h, w), finite; a cell's value belongs to its centre, the border cells' also to what lies
            between them and the border.

    Returns:
        one (n, 2) array a line, of (x, y) in fractions of the width and height, 0..1. A closed line ends
        with its first point; one that is not closed ends at the borders. Higher values lie to the left of
        the way the points go. Nothing where the map is all above or all below.
    """
    padded = np.pad(np.asarray(field, np.float64), 1, mode="edge")
    heads, tails = _segments(padded, level)
    height, width = field.shape
    return [
        np.clip((_places(padded, level, np.asarray(path)) - 0.5) / (width, height), 0, 1)
        for path in _linked(heads, tails)
    ]


def _segments(grid: NDArray[np.float64], level: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Ends of the segments in all squares of four neighbours, as numbers of the grid's edges.

    Edge ``2 * cell`` goes from a cell to its right neighbour, ``2 * cell + 1`` to the one below.
    """
    columns = grid.shape[1]
    above = (grid >= level).view(np.uint8)
    case = above[:-1, :-1] | above[:-1, 1:] << 1 | above[1:, 1:] << 2 | above[1:, :-1] << 3
    crossed = np.flatnonzero((case != 0) & (case != 15))  # few squares of many
    rows, lefts = np.divmod(crossed, columns - 1)
    kind, cells, flat = case.ravel()[crossed], rows * columns + lefts, grid.ravel()
    around = flat[cells] + flat[cells + 1] + flat[cells + columns + 1] + flat[cells + columns]
    middle = around / 4 >= level
    heads, tails = [np.empty(0, np.intp)], [np.empty(0, np.intp)]
    for joins, chosen in ((_JOINS, ~middle), (_BRIDGED, middle)):
        for corners, pairs in joins.items():
            found = kind == corners
            cell = cells[found & chosen if corners in _BRIDGED else found]
            sides = {_TOP: 2 * cell, _LEFT: 2 * cell + 1}
            sides |= {_RIGHT: 2 * (cell + 1) + 1, _BOTTOM: 2 * (cell + columns)}
            heads += [sides[head] for head, _ in pairs]
            tails += [sides[tail] for _, tail in pairs]
    return np.concatenate(heads), np.concatenate(tails)


def _linked(heads: NDArray[np.intp], tails: NDArray[np.intp]) -> list[list[int]]:
    """Segments joined to paths: first those that start at the border, then the closed ones."""
    onward = dict(zip(heads.tolist(), tails.tolist(), strict=True))
    starts = sorted(onward.keys() - onward.values()) + sorted(onward.keys() & onward.values())
    paths = []
    for start in starts:
        if start not in onward:
            continue
        path = [start]
        while path[-1] in onward:
            path.append(onward.pop(path[-1]))
        paths.append(path)
    return paths


def _places(grid: NDArray[np.float64], level: float, edges: NDArray[np.intp]) -> NDArray[np.float64]:
    """Where the level is crossed on each edge: (n, 2) of (column, row) of the grid."""
    columns = grid.shape[1]
    cell, down = edges // 2, edges % 2 == 1
    flat = grid.ravel()
    near, far = flat[cell], flat[cell + np.where(down, columns, 1)]
    along = (level - near) / (far - near)
    x = cell % columns + np.where(down, 0, along)
    y = cell // columns + np.where(down, along, 0)
    return np.stack([x, y], axis=1)
