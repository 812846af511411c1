"""Lines of equal value through a map, as smooth paths."""

from __future__ import annotations

from typing import cast

import numpy as np
from contourpy import LineType, contour_generator
from numpy.typing import NDArray


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
    height, width = field.shape
    # contourpy takes what equals the level for below it. In the negative map the strictly higher side is the
    # lower one here, so all the rest, the level included, is the higher one; and lines run the other way.
    turned = -np.pad(np.asarray(field, np.float64), 1, mode="edge")
    x, y = (np.arange(size + 2) - 0.5 for size in (width, height))
    tracer = contour_generator(x, y, turned, name="serial", line_type=LineType.Separate)
    found = cast("list[NDArray[np.float64]]", tracer.lines(-level))
    return [np.clip(line / (width, height), 0, 1) for line in found]
