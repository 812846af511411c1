"""Smooth maps over time with a half-life, and detect cuts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from salviewer.first_use import cv2

HALF_LIFE_LIMITS = (0.0, 10_000.0)
"""Milliseconds."""

_BLOCKS = 4  # in each direction: a cut changes most blocks, a passer-by one or two
_BINS = 16
_CUT = 0.45  # least median of the blocks' distances, 0..1, for a cut
_CALM = 3.0  # and least multiple of the recent distances, so that an unsteady camera causes no cuts
_MEMORY = 0.8  # of the running mean of distances, per frame


class CutDetector:
    """Detects where one shot ends and another begins.

    Frames are compared by block histograms of hue and lightness (Boreczky and Rowe, Comparison of video shot
    boundary detection techniques, 1996: the most robust of the classic measures), with the Bhattacharyya
    distance. The median over the blocks must be large, and large compared with the shot so far.
    """

    def __init__(self) -> None:
        self._before: NDArray[np.float32] | None = None
        self._usual = 0.0

    def is_cut(self, pixels: NDArray[np.uint8]) -> bool:
        """Return whether this frame begins a new shot; the first one does not.

        Args:
            pixels: uint8, (H, W, 3) sRGB, of any size; `motion.reduced` is enough.
        """
        now = _block_histograms(pixels)
        before, self._before = self._before, now
        if before is None:
            return False
        distance = float(np.median(np.sqrt(np.maximum(1 - np.sqrt(before * now).sum(axis=1), 0))))
        cut = distance >= _CUT and distance >= _CALM * self._usual
        self._usual = 0.0 if cut else _MEMORY * self._usual + (1 - _MEMORY) * distance
        return cut

    def reset(self) -> None:
        """Forget all previous frames."""
        self._before = None
        self._usual = 0.0


class TemporalFilter:
    """Smooths maps exponentially by the time between them, not by their number.

    A map that is ``half_life`` milliseconds old has half the weight of the newest, so streams at 10 and 60
    frames per second are smoothed alike.

    Args:
        half_life: milliseconds, 0..10000; 0 does not smooth.

    Raises:
        ValueError: a half-life outside its range.
    """

    def __init__(self, half_life: float = 0.0) -> None:
        low, high = HALF_LIFE_LIMITS
        if not low <= half_life <= high:
            raise ValueError(f"a half-life lies in {low:g}..{high:g} milliseconds, not {half_life:g}")
        self.half_life = half_life
        self._density: NDArray[np.float32] | None = None
        self._seconds = 0.0

    def update(self, density: NDArray[np.float32], seconds: float) -> NDArray[np.float32]:
        """Add a map and return the smoothed map.

        Args:
            density: float32, (h, w), non-negative, sums to 1. A map of another shape, or one older
                than the last, resets the filter.
            seconds: its frame's time.

        Returns:
            float32, (h, w), sums to 1.
        """
        before, passed = self._density, seconds - self._seconds
        fresh = before is None or before.shape != density.shape or passed < 0 or self.half_life == 0
        if fresh or before is None:
            self._density = density
        else:
            kept = np.float32(0.5 ** (1000 * passed / self.half_life))
            self._density = before * kept + density * (1 - kept)
        self._seconds = seconds
        return self._density

    def carry(self, density: NDArray[np.float32]) -> None:
        """Replace the state by the same map, moved to a newer frame; its time stays."""
        if self._density is not None:
            self._density = density

    @property
    def density(self) -> NDArray[np.float32] | None:
        """The current state; None at the start."""
        return self._density

    def reset(self) -> None:
        """Start again with the next map."""
        self._density = None


def _block_histograms(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return histograms of hue, saturation and lightness by block: (blocks, bins), rows sum to 1."""
    side = _BLOCKS * 16
    small = cv2.resize(pixels, (side, side), interpolation=cv2.INTER_AREA)
    hsv = cv2.cvtColor(small, cv2.COLOR_RGB2HSV).astype(np.intp)
    light = hsv[..., 2] * _BINS // 256
    coloured = (hsv[..., 1] > 48) & (hsv[..., 2] > 32)
    hue = np.where(coloured, 1 + hsv[..., 0] * (_BINS - 1) // 180, 0)
    row = np.arange(side) // 16
    block = row[:, None] * _BLOCKS + row
    width = 2 * _BINS
    cells = np.concatenate([(block * width + light).ravel(), (block * width + _BINS + hue).ravel()])
    counts = np.bincount(cells, minlength=_BLOCKS * _BLOCKS * width).reshape(-1, width).astype(np.float32)
    counts[:, :_BINS] = _spread(counts[:, :_BINS])
    return counts / np.float32(2 * 16 * 16)


def _spread(histograms: NDArray[np.float32]) -> NDArray[np.float32]:
    """Blur neighbouring bins, so that a slight change of exposure makes a small distance."""
    padded = np.pad(histograms, ((0, 0), (1, 1)), mode="edge")
    shared: NDArray[np.float32] = 0.25 * padded[:, :-2] + 0.5 * padded[:, 1:-1] + 0.25 * padded[:, 2:]
    return shared
