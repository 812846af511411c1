"""What a followed thing looked like, and where in a frame that is found again."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.core.following import WIDTH, Box
from salviewer.core.motion import small_grey
from salviewer.first_use import cv2

ALIKE = 0.55
"""Correlation from which a place is taken for the thing."""

NEAR, FAR = 0.05, 0.15
"""How far is looked on each side of the expected place, in shares of the frame's width."""

_SCALES = (0.94, 1.0, 1.06)  # of the box that is expected
_LEAST = 6  # pixels a side of a template that says something
_FLAT = 3.0  # grey values: a template without more spread says nothing


class Appearance:
    """The first look of a thing, found again by normalised correlation within its ellipse.

    Following from frame to frame drifts by the sum of small errors; comparing with the first frame does not.
    (Lewis, Fast normalized cross-correlation, 1995.)

    Args:
        pixels: uint8 (H, W, 3) sRGB.
        box: where it is.
    """

    def __init__(self, pixels: NDArray[np.uint8], box: Box) -> None:
        grey = small_grey(pixels, WIDTH)
        left, top, right, bottom = _pixels(box, grey.shape)
        self._look = grey[top:bottom, left:right].astype(np.float32)
        small = min(self._look.shape) < _LEAST
        self._usable = not small and float(self._look.std()) > _FLAT

    def find(
        self, pixels: NDArray[np.uint8], expected: Box, around: float = NEAR
    ) -> tuple[Box, float] | None:
        """Look for it around a place: the box that fits best and its correlation; None where it is not found.

        Args:
            pixels: a later frame.
            expected: where it should be, and how large.
            around: how far around it is looked, in shares of the frame's width.
        """
        if not self._usable:
            return None
        grey = small_grey(pixels, WIDTH).astype(np.float32)
        high, wide = grey.shape
        x, y = expected.centre
        margin = max(2, round(around * wide))
        best: tuple[Box, float] | None = None
        for scale in _SCALES:
            width = max(_LEAST, round(scale * (expected.right - expected.left) * wide))
            height = max(_LEAST, round(scale * (expected.bottom - expected.top) * high))
            left, top = round(x * wide - width / 2), round(y * high - height / 2)
            area = grey[
                max(0, top - margin) : top + height + margin, max(0, left - margin) : left + width + margin
            ]
            if area.shape[0] < height or area.shape[1] < width:
                continue
            template = cv2.resize(self._look, (width, height), interpolation=cv2.INTER_LINEAR)
            scores = cv2.matchTemplate(area, template, cv2.TM_CCOEFF_NORMED, mask=_ellipse(width, height))
            scores = np.where(np.isfinite(scores), scores, -1.0).astype(np.float64)
            row, column = (int(i) for i in np.unravel_index(int(scores.argmax()), scores.shape))
            score = float(scores[row, column])
            if score >= ALIKE and (best is None or score > best[1]):
                dx, dy = _between(scores, row, column)
                at = max(0, left - margin) + column + dx, max(0, top - margin) + row + dy
                found = Box(at[0] / wide, at[1] / high, (at[0] + width) / wide, (at[1] + height) / high)
                best = found, score
        return best


def _ellipse(width: int, height: int) -> NDArray[np.float32]:
    """1 inside the ellipse of a box, 0 in its corners."""
    y, x = np.mgrid[0:height, 0:width]
    inside = ((x + 0.5) / width * 2 - 1) ** 2 + ((y + 0.5) / height * 2 - 1) ** 2 <= 1
    return np.asarray(inside, np.float32)


def _between(scores: NDArray[Any], row: int, column: int) -> tuple[float, float]:
    """Return the top of a parabola through the best place and its neighbours: (dx, dy), -0.5..0.5."""

    def top(before: float, best: float, after: float) -> float:
        bend = before - 2 * best + after
        return float(np.clip((before - after) / (2 * bend), -0.5, 0.5)) if bend < -1e-9 else 0.0

    rows, columns = scores.shape
    dx = dy = 0.0
    if 0 < column < columns - 1:
        dx = top(*(float(scores[row, column + i]) for i in (-1, 0, 1)))
    if 0 < row < rows - 1:
        dy = top(*(float(scores[row + i, column]) for i in (-1, 0, 1)))
    return dx, dy


def _pixels(box: Box, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    high, wide = shape
    left, top = int(np.floor(box.left * wide)), int(np.floor(box.top * high))
    right, bottom = int(np.ceil(box.right * wide)), int(np.ceil(box.bottom * high))
    return max(0, left), max(0, top), min(wide, right), min(high, bottom)
