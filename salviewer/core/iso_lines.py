"""Trace lines of equal value through a map, as smooth paths."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

from salviewer.first_use import contourpy


def mass_level(density: NDArray[np.float32], share: float) -> float:
    """Return the density at or above which the smallest area with `share` of the whole lies.

    Args:
        density: (h, w), non-negative.
        share: 0..1.

    Returns:
        a value of `density`: its maximum for 0, its minimum for 1.

    Raises:
        ValueError: the share is out of range.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"a share of attention lies in 0..1, not {share:g}")
    falling = np.sort(density, axis=None)[::-1]
    held = np.cumsum(falling, dtype=np.float64)
    return float(falling[min(int(np.searchsorted(held, share * held[-1])), falling.size - 1)])


def iso_lines(field: NDArray[np.float32], level: float) -> list[NDArray[np.float64]]:
    """Return the lines along which a map has the value `level`, interpolated between its cells' centres.

    Args:
        field: (h, w), finite; a value belongs to its cell's centre, and in border cells also to the strip
            between centre and border.

    Returns:
        one (n, 2) array per line, of (x, y) in fractions of the width and height, 0..1. A closed line ends
        with its first point; an open one ends at the borders. Higher values are on the left of the direction
        of travel. No lines if the whole map is above or below the level.
    """
    height, width = field.shape
    # contourpy counts values equal to the level as below it. In the negated map they are then on the higher
    # side of the original, and lines run in the opposite direction.
    turned = -np.pad(np.asarray(field, np.float64), 1, mode="edge")
    x, y = (np.arange(size + 2) - 0.5 for size in (width, height))
    tracer = contourpy.contour_generator(x, y, turned, name="serial", line_type=contourpy.LineType.Separate)
    found = cast("list[NDArray[np.float64]]", tracer.lines(-level))
    return [np.clip(line / (width, height), 0, 1) for line in found]
