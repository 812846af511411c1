"""The first look of a followed thing laid over a later frame, to fractions of a pixel and of its size."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from salviewer.core.following import Box
from salviewer.first_use import cv2

ALIKE = 0.6
"""Correlation from which a place is taken for the thing."""

_CELLS = 40  # a side of the look, after scaling
_ROUNDS = 8
_LEAST = 0.5  # grey values: noise that no residual is below
_FAR = 0.12  # of the box: how far it may be moved
_GROWS = 0.08  # how much its size may change
_LEARNS = 0.05  # share of a new frame in what belongs to the thing
_FIRM = 1e-3  # keeps the equations solvable where the look is plain
_STOPS = 1e-3  # of the box: a step after which nothing changes

Floats = NDArray[np.float32]


class Alignment:
    """What a thing looked like at first, laid over it again by least squares.

    Place and size are solved for together (Lucas, Kanade, IJCAI 1981; over scales: Baker, Matthews, IJCV
    2004), with brightness and contrast, and pixels that do not fit count less (Geman, McClure,
    1987). Those that never fit show what was behind the thing at first: they are left out more and more.

    Args:
        pixels: uint8 (h, w, 3) sRGB, reduced; the frames that follow have the same size.
        box: where the thing is.
    """

    def __init__(self, pixels: NDArray[np.uint8], box: Box) -> None:
        steps = (np.arange(_CELLS, dtype=np.float32) + 0.5) / _CELLS * 2 - 1
        self._x, self._y = np.meshgrid(steps, steps)
        self._inside = self._belongs = np.asarray(np.hypot(self._x, self._y) <= 1, np.float32)
        self._look = _sampled(pixels, box)

    def find(self, pixels: NDArray[np.uint8], places: Sequence[Box]) -> tuple[Box, float] | None:
        """Lay it over a frame, beginning at each of these places.

        Returns:
            the box where it fits best, and the correlation of what belongs to the thing, `ALIKE` to 1; None
            where it does not fit.
        """
        box, alike = max((self._laid(pixels, place) for place in places), key=lambda each: each[1])
        return (box, alike) if alike >= ALIKE else None

    def learn(self, pixels: NDArray[np.uint8], box: Box) -> None:
        """Note which pixels fit where it is now: they belong to the thing."""
        _, fits = self._rest(_sampled(pixels, box))
        self._belongs = np.asarray((1 - _LEARNS) * self._belongs + _LEARNS * fits * self._inside, np.float32)

    def _laid(self, pixels: NDArray[np.uint8], expected: Box) -> tuple[Box, float]:
        wide, high = expected.right - expected.left, expected.bottom - expected.top
        (x, y), size, box = expected.centre, 1.0, expected
        seen = _sampled(pixels, box)
        for _ in range(_ROUNDS):
            dx, dy, grows = self._step(seen)
            x, y = x + dx * size * wide / 2, y + dy * size * high / 2
            size *= 1 + min(max(grows, -_GROWS / 2), _GROWS / 2)
            away = max(abs(x - expected.centre[0]) / wide, abs(y - expected.centre[1]) / high)
            if not (away <= _FAR and abs(size - 1) <= _GROWS):
                return expected, -1.0
            box = Box(x - size * wide / 2, y - size * high / 2, x + size * wide / 2, y + size * high / 2)
            seen = _sampled(pixels, box)
            if max(abs(dx), abs(dy), abs(grows)) < _STOPS:
                break
        return box, _correlation(self._look, seen, self._belongs)

    def _step(self, seen: Floats) -> tuple[float, float, float]:
        """Return how far to move, in half sides, and how much to grow."""
        rest, fits = self._rest(seen)
        weights = np.repeat((self._belongs * fits).reshape(-1), seen.shape[2])
        across = np.gradient(seen, axis=1) * _CELLS / 2
        down = np.gradient(seen, axis=0) * _CELLS / 2
        grows = across * self._x[..., None] + down * self._y[..., None]
        columns = np.stack([across, down, grows, seen, np.ones_like(seen)], axis=-1).reshape(-1, 5)
        weighed = columns * weights[:, None]
        normal = (weighed.T @ columns).astype(np.float64) + _FIRM * np.eye(5)
        step = np.linalg.solve(normal, (weighed.T @ rest.reshape(-1)).astype(np.float64))
        return float(step[0]), float(step[1]), float(step[2])

    def _rest(self, seen: Floats) -> tuple[Floats, Floats]:
        """Return what is left of the look, and how well each pixel fits, 0..1."""
        look, other = (values - _mean(values, self._belongs) for values in (self._look, seen))
        energies = [float(_mean(values**2, self._belongs).sum()) for values in (look, other)]
        gain = math.sqrt(energies[0] / max(energies[1], 1e-6))
        rest = look / max(gain, 1e-3) - other
        off = np.sqrt((rest**2).mean(axis=2))
        thing = off[self._belongs > 0.5]
        usual = max(_LEAST, 1.48 * float(np.median(thing))) if len(thing) else _LEAST
        return rest, np.asarray(1 / (1 + (off / (2 * usual)) ** 2) ** 2, np.float32)


def _sampled(pixels: NDArray[np.uint8], box: Box) -> Floats:
    """Cut a box out, scaled to the cells: float32 (rows, columns, 3)."""
    high, wide = pixels.shape[:2]
    across = (box.right - box.left) * wide / _CELLS
    down = (box.bottom - box.top) * high / _CELLS
    left, top = box.left * wide + across / 2 - 0.5, box.top * high + down / 2 - 0.5
    warp = np.array([[across, 0, left], [0, down, top]])
    cut = cv2.warpAffine(
        pixels, warp, (_CELLS, _CELLS), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip
    return np.asarray(cv2.GaussianBlur(cut.astype(np.float32), (0, 0), 0.8), np.float32)


def _mean(values: Floats, weights: Floats) -> Floats:
    return np.asarray((values * weights[..., None]).sum(axis=(0, 1)) / max(float(weights.sum()), 1e-6))


def _correlation(look: Floats, seen: Floats, weights: Floats) -> float:
    a, b = look - _mean(look, weights), seen - _mean(seen, weights)
    both = float((_mean(a * b, weights)).sum())
    energy = float(_mean(a * a, weights).sum() * _mean(b * b, weights).sum())
    return both / float(np.sqrt(max(energy, 1e-9)))
