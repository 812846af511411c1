"""Follow a region of the picture from frame to frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from salviewer.core.motion import small_grey
from salviewer.first_use import cv2

WIDTH = 320
"""Width of the frames in which regions are followed, in pixels."""

LONGEST_TRAIL = 90
"""Number of a region's recent places that are kept to show its path."""

_GRID = 8  # points in each direction
_RETURN = 1.0  # largest error, in pixels, of a point that was followed there and back
_FEWEST = 8
_ALIKE = 0.5  # lowest median correlation of the points' surroundings at which the region is still the same
_PATCH = 11
_SCALES = (0.9, 1.1)  # per frame
_SMALLEST = 0.02  # of the frame's sides
_WINDOW = (15, 15)
_LEVELS = 3


@dataclass(frozen=True, slots=True)
class Box:
    """An upright box in fractions of the picture's width and height, 0..1; left < right, top < bottom."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def centre(self) -> tuple[float, float]:
        """The centre (x, y), in fractions."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Tracked:
    """The place of a followed region.

    Attributes:
        track: a number that stays the same for the same region.
        box: its place.
        confidence: 0..1, the median correlation of its parts with those in the previous frame.
        trail: its newest centres (x, y), in fractions, oldest first, this one last; at most `LONGEST_TRAIL`.
    """

    track: int
    box: Box
    confidence: float
    trail: tuple[tuple[float, float], ...] = ()


class Follower:
    """Follows one region by the median motion of its points, and notices when it is lost.

    Median Flow (Kalal, Mikolajczyk, Matas: Forward-backward error, ICPR 2010): points are followed to the new
    frame and back by pyramidal Lucas-Kanade, those that do not return are dropped, and the median of the
    others moves and scales the box. Among OpenCV 5's own trackers, only MIL needs no model file; it takes 34
    ms per frame on one core, this one 1 ms.
    """

    def __init__(self) -> None:
        self._grey: NDArray[np.uint8] | None = None
        self._box: Box | None = None
        self._track = 0
        self._trail: tuple[tuple[float, float], ...] = ()

    def begin(self, pixels: NDArray[np.uint8], box: Box) -> Tracked:
        """Start to follow a region of this frame."""
        self._grey, self._box = small_grey(pixels, WIDTH), _within(box)
        self._track += 1
        self._trail = (self._box.centre,)
        return Tracked(self._track, self._box, 1.0, self._trail)

    def update(self, pixels: NDArray[np.uint8]) -> Tracked | None:
        """Find the region in the next frame; return None if it is lost or nothing is followed."""
        if self._grey is None or self._box is None:
            return None
        grey = small_grey(pixels, WIDTH)
        found = _moved(self._grey, grey, self._box) if grey.shape == self._grey.shape else None
        if found is None:
            self.stop()
            return None
        self._grey, self._box = grey, found[0]
        self._trail = (*self._trail[-LONGEST_TRAIL + 1 :], self._box.centre)
        return Tracked(self._track, *found, self._trail)

    def correct(self, box: Box) -> Box:
        """Put the box where something else than the picture says that the region is; return it, clipped.

        It is followed from there in the next frame.
        """
        self._box = _within(box)
        if self._trail:
            self._trail = (*self._trail[:-1], self._box.centre)
        return self._box

    def stop(self) -> None:
        """Stop following."""
        self._grey = self._box = None


def _moved(before: NDArray[np.uint8], after: NDArray[np.uint8], box: Box) -> tuple[Box, float] | None:
    height, width = before.shape
    inset_x, inset_y = 0.08 * (box.right - box.left), 0.08 * (box.bottom - box.top)
    x = np.linspace(box.left + inset_x, box.right - inset_x, _GRID) * width
    y = np.linspace(box.top + inset_y, box.bottom - inset_y, _GRID) * height
    points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 1, 2).astype(np.float32)
    there, found = _followed(before, after, points)
    back, returned = _followed(after, before, there)
    off = np.linalg.norm(points - back, axis=-1)[:, 0]
    alike = _correlations(before, after, points, there)
    good = found & returned & (off <= _RETURN)
    if good.sum() < _FEWEST:
        return None
    confidence = float(np.median(alike[good]))
    if confidence < _ALIKE:
        return None
    old, new = points[good, 0], there[good, 0]
    dx, dy = np.median(new - old, axis=0) / (width, height)
    scale = _scale(old, new)
    centre_x, centre_y = box.centre[0] + float(dx), box.centre[1] + float(dy)
    half_x, half_y = scale * (box.right - box.left) / 2, scale * (box.bottom - box.top) / 2
    if not (0 < centre_x < 1 and 0 < centre_y < 1):
        return None
    moved = Box(centre_x - half_x, centre_y - half_y, centre_x + half_x, centre_y + half_y)
    return _within(moved), confidence


def _followed(
    first: NDArray[np.uint8], second: NDArray[np.uint8], points: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Find points, (n, 1, 2), of the first frame in the second; return their places and which were found."""
    there, status, _ = cv2.calcOpticalFlowPyrLK(
        first, second, points, points.copy(), winSize=_WINDOW, maxLevel=_LEVELS
    )
    return np.asarray(there, np.float32), np.asarray(status)[:, 0] == 1


def _scale(old: NDArray[np.float32], new: NDArray[np.float32]) -> float:
    """Return the median change of the distances between points."""
    i, j = np.triu_indices(len(old), 1)
    before = np.linalg.norm(old[i] - old[j], axis=1)
    after = np.linalg.norm(new[i] - new[j], axis=1)
    apart = before > 1
    if not apart.any():
        return 1.0
    return float(np.clip(np.median(after[apart] / before[apart]), *_SCALES))


def _correlations(
    before: NDArray[np.uint8],
    after: NDArray[np.uint8],
    points: NDArray[np.float32],
    there: NDArray[np.float32],
) -> NDArray[np.float64]:
    """Correlate each point's surroundings in both frames, -1..1; 1 where both are flat."""
    first, second = _patches(before, points[:, 0]), _patches(after, there[:, 0])
    together = (first * second).mean(axis=1)
    spread = first.std(axis=1) * second.std(axis=1)
    flat = spread < 1
    return np.where(flat, 1.0, together / np.maximum(spread, 1))


def _patches(grey: NDArray[np.uint8], at: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the surroundings of points (n, 2), each minus its mean: (n, cells)."""
    steps = np.arange(_PATCH, dtype=np.float32) - _PATCH // 2
    x = at[:, 0, None, None] + np.broadcast_to(steps, (_PATCH, _PATCH))
    y = at[:, 1, None, None] + np.broadcast_to(steps[:, None], (_PATCH, _PATCH))
    flat = (len(at), _PATCH * _PATCH)
    found: NDArray[np.float64] = cv2.remap(
        grey, x.reshape(flat), y.reshape(flat), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    ).astype(np.float64)
    return np.asarray(found - found.mean(axis=1, keepdims=True), np.float64)


def _within(box: Box) -> Box:
    """Clip a box to the picture, keeping it large enough to follow."""
    half_x = max(box.right - box.left, _SMALLEST) / 2
    half_y = max(box.bottom - box.top, _SMALLEST) / 2
    x, y = box.centre
    return Box(max(0.0, x - half_x), max(0.0, y - half_y), min(1.0, x + half_x), min(1.0, y + half_y))
