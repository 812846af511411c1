"""Sums of a map over any upright window, exact to the part of a cell."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class SummedArea:
    """The integral of a map (Crow, Summed-area tables for texture mapping, 1984).

    A map's density is even within a cell, so its integral is bilinear there, and reading it between the
    corners of cells gives exact sums.

    Args:
        density: (h, w), non-negative.
        size: (width, height) of the picture; places are given in its pixels.
    """

    def __init__(self, density: NDArray[np.float32], size: tuple[int, int]) -> None:
        rows, columns = density.shape
        self._table = np.zeros((rows + 1, columns + 1))
        self._table[1:, 1:] = density.cumsum(axis=0, dtype=np.float64).cumsum(axis=1)
        self.width, self.height = size
        self.columns, self.rows = columns, rows

    def windows(self, lefts: Array, tops: Array, width: float, height: float) -> Array:
        """Sum windows of one size at each of these places: (tops, lefts)."""
        across = self._at(lefts + width) - self._at(lefts)  # (rows + 1, lefts)
        low, high = self._between(across, tops), self._between(across, tops + height)
        return np.asarray(high - low, np.float64)

    def share(self, left: float, top: float, right: float, bottom: float) -> float:
        """Return the sum in one window, in pixels."""
        found = self.windows(np.array([left]), np.array([top]), right - left, bottom - top)
        return float(np.clip(found[0, 0], 0, 1))

    def _at(self, x: Array) -> Array:
        """Read the table at these columns, in pixels: (rows + 1, x)."""
        place = np.clip(x * (self.columns / self.width), 0, self.columns)
        first = np.minimum(place.astype(np.intp), self.columns - 1)
        into = place - first
        return np.asarray(self._table[:, first] * (1 - into) + self._table[:, first + 1] * into, np.float64)

    def _between(self, across: Array, y: Array) -> Array:
        place = np.clip(y * (self.rows / self.height), 0, self.rows)
        first = np.minimum(place.astype(np.intp), self.rows - 1)
        into = (place - first)[:, None]
        return np.asarray(across[first] * (1 - into) + across[first + 1] * into, np.float64)
