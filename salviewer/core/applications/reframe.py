"""Reframing: the path of a smaller window through a video that keeps attention in it, and moves calmly."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from salviewer.core.applications.crops import CropRequest, largest_window
from salviewer.core.applications.summed import SummedArea

SPEED_LIMITS = (0.01, 10.0)
PLACES = 97
"""Places of the window that are compared, from one end to the other."""

_BIN = 0.2  # seconds between two decisions
_STILL = 0.15  # share-seconds of attention that moving by its own width must gain
_CALM = 0.3  # seconds: the standard deviation of the smoothing of the path

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ReframeSettings:
    """A request to reframe a video.

    Attributes:
        aspect: width and height of the window in any unit.
        speed: the most that it moves in a second, in shares of the picture's side along which it moves.

    Raises:
        ValueError: a value outside its range.
    """

    aspect: tuple[float, float] = (9, 16)
    speed: float = 0.4

    def __post_init__(self) -> None:
        CropRequest(self.aspect)
        low, high = SPEED_LIMITS
        if not low <= self.speed <= high:
            raise ValueError(f"a speed lies in {low:g}..{high:g} pictures a second, not {self.speed:g}")

    @property
    def name(self) -> str:
        """A name for files: ``"9x16"``."""
        return CropRequest(self.aspect).name


@dataclass(frozen=True, slots=True)
class Window:
    """The window that goes through a video.

    Attributes:
        width, height: in pixels, even where the picture allows it, as video encoders want it.
        size: (width, height) of the picture.
    """

    width: int
    height: int
    size: tuple[int, int]

    @classmethod
    def of(cls, size: tuple[int, int], aspect: tuple[float, float]) -> Window:
        """Return the largest window of an aspect."""
        width, height = (max(2, side // 2 * 2) for side in largest_window(size, aspect))
        return cls(min(width, size[0]), min(height, size[1]), size)

    @property
    def across(self) -> bool:
        """Whether it moves from left to right; otherwise from top to bottom."""
        return self.size[0] - self.width >= self.size[1] - self.height

    @property
    def room(self) -> int:
        """The distance that the window can move, in pixels."""
        return max(self.size[0] - self.width, self.size[1] - self.height)

    def kept(self, density: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the share of attention that it keeps at each of `PLACES`: float32."""
        sums = SummedArea(density, self.size)
        places, still = np.linspace(0, self.room, PLACES), np.zeros(1)
        if self.across:
            found = sums.windows(places, still + (self.size[1] - self.height) / 2, self.width, self.height)[0]
        else:
            found = sums.windows(still + (self.size[0] - self.width) / 2, places, self.width, self.height)[
                :, 0
            ]
        return np.asarray(found, np.float32)

    def at(self, place: float) -> tuple[int, int]:
        """Return (left, top) in whole pixels for a place in pixels along its path."""
        moved = int(np.clip(round(place), 0, self.room))
        if self.across:
            return moved, (self.size[1] - self.height) // 2
        return (self.size[0] - self.width) // 2, moved


def calm_path(
    kept: NDArray[np.float32], seconds: Sequence[float], cuts: Sequence[int], window: Window, speed: float
) -> Array:
    """Find the window's path, in pixels along its way: float64, one a frame.

    Every fifth of a second it is decided where to be, by dynamic programming over the whole shot: as much
    attention as possible over time, less a price for every movement, so that the window stands still unless
    moving pays, and never faster than `speed`. The path between is straight, and smoothed by a Gaussian,
    which cannot make it faster. Nothing is carried over a cut. (Dynamic programming with a price on movement
    as in Liu and Gleicher, Video retargeting: automating pan and scan, 2006.)

    Args:
        kept: (frames, `PLACES`), `Window.kept` of each frame.
        seconds: of each frame, rising.
        cuts: numbers of the frames with which a new shot begins.
        window: what moves.
        speed: the most, in shares of the picture's side a second.
    """
    times = np.asarray(seconds, np.float64)
    path = np.zeros(len(times))
    side = window.size[0] if window.across else window.size[1]
    extent = window.width if window.across else window.height
    borders = [0, *sorted({cut for cut in cuts if 0 < cut < len(times)}), len(times)]
    for first, last in itertools.pairwise(borders):
        if last > first:
            path[first:last] = _shot(kept[first:last], times[first:last], window.room, speed * side, extent)
    return path


def _shot(kept: NDArray[np.float32], times: Array, room: int, speed: float, extent: int) -> Array:
    """Return the path in one shot; `speed` in pixels a second."""
    if room == 0:
        return np.zeros(len(times))
    bins = ((times - times[0]) / _BIN).astype(np.intp)
    used, numbers = np.unique(bins, return_inverse=True)
    sums = np.zeros((len(used), PLACES))
    np.add.at(sums, numbers, kept)
    means = sums / np.bincount(numbers)[:, None]
    centres = np.bincount(numbers, times) / np.bincount(numbers)
    step = room / (PLACES - 1)
    places = _best_places(means, np.diff(centres), step, speed, _STILL * step / extent)
    return _smoothed(np.interp(times, centres, places * step), times)


def _best_places(means: Array, gaps: Array, step: float, speed: float, price: float) -> Array:
    """Dynamic programming: the place of each decision, as a number of a place.

    Args:
        means: (decisions, places).
        gaps: seconds between decisions.
        step: pixels between places.
        price: of moving by one place.
    """
    worth = means[0] * _BIN - _middle_first(means.shape[1])
    back = np.zeros(means.shape, np.intp)
    for i, gap in enumerate(gaps, 1):
        most = min(PLACES - 1, int(speed * gap / step))
        moves = range(-most, most + 1)
        options = np.full((len(moves), PLACES), -np.inf)
        for row, move in enumerate(moves):  # from place p - move to place p
            low, high = max(0, move), min(PLACES, PLACES + move)
            options[row, low:high] = worth[low - move : high - move] - price * abs(move)
        best = options.argmax(axis=0)
        # Of equal ways the stillest: the middle row moves by nothing.
        still = options[most] >= options.max(axis=0) - 1e-12
        best[still] = most
        back[i] = np.arange(PLACES) - (best - most)
        worth = options[best, np.arange(PLACES)] + means[i] * _BIN
    place = np.zeros(len(means))
    place[-1] = int(worth.argmax())
    for i in range(len(means) - 1, 0, -1):
        place[i - 1] = back[i, int(place[i])]
    return place


def _middle_first(count: int) -> Array:
    """Return a small cost for starting away from the middle, which only decides between equal paths."""
    return np.asarray(1e-9 * np.abs(np.arange(count) - (count - 1) / 2), np.float64)


def _smoothed(path: Array, times: Array) -> Array:
    """Smooth a path over time; the ends stand still, so no step is larger than the largest before."""
    if len(path) < 3:
        return path
    rate = (len(times) - 1) / max(1e-6, float(times[-1] - times[0]))
    half = max(1, math.ceil(3 * _CALM * rate))
    weights = np.exp(-0.5 * (np.arange(-half, half + 1) / (_CALM * rate)) ** 2)
    padded = np.pad(path, half, mode="edge")
    return np.convolve(padded, weights / weights.sum(), mode="valid")
