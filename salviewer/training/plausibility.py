"""Check whether a map and its fixations belong together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_BRIGHT = 0.5
"""Mean over peak above which a map counts as inverted; among 334 recorded maps, none exceeds 0.14."""


def doubt_of(density: NDArray[np.uint8], points: NDArray[np.float64]) -> str:
    """Return why a picture's ground truth may be wrong.

    Args:
        density: its map, (h, w) with peak 255.
        points: its fixations, (n, 2) of (row, column) in 0..1; may be empty.

    Returns:
        a clause if the map at the fixations lies below its mean or, without fixations, if the map is bright
        nearly everywhere; else "".
    """
    mean = float(density.mean())
    bright = mean > _BRIGHT * 255
    if len(points):
        cells = np.minimum((points * density.shape).astype(np.int64), np.array(density.shape) - 1)
        if float(density[cells[:, 0], cells[:, 1]].mean()) < mean:
            if bright:
                return "its map is darker where people looked than elsewhere: it seems to be inverted"
            return "its map and its fixations disagree: they lie where the map is low"
        return ""
    return "its map is bright nearly everywhere: it seems to be inverted" if bright else ""
