"""Place the labels of hotspots beside their rings, away from other labels, other rings and the border."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""

Circle = tuple[float, float, float]
"""x, y and radius."""

_DIRECTIONS = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (-1, -1), (1, 1), (-1, 1))
_SLANT = float(np.sqrt(0.5))
_APART = 2.0  # between two labels, in pixels
_TAKEN, _OWN, _RING, _PATH, _LATER = 20.0, 4.0, 2.0, 0.5, 0.01


def place_beside(
    circles: Sequence[Circle],
    sizes: Sequence[tuple[float, float]],
    gap: float,
    frame: Box,
    taken: Sequence[Box] = (),
    lines: Sequence[NDArray[np.float64]] = (),
) -> list[tuple[float, float]]:
    """Place a label beside each circle: right or left of it, above or below it, or at a corner.

    Each takes the place that costs least: other labels weigh most, then its own circle and the others, then
    lines; of equal places the first. At the border a label is pushed inside, over its circle if need be.

    Args:
        circles: of the hotspots, in order; all numbers in pixels of one drawing.
        sizes: width and height of each label.
        gap: between circle and label.
        frame: where labels have to be.
        taken: other labels, to be avoided.
        lines: (n, 2) of (x, y), to be avoided.

    Returns:
        for each circle the centre (x, y) of its label.
    """
    placed: list[Box] = list(taken)
    rings = np.array(circles, np.float64).reshape(-1, 3)
    points = np.concatenate([_dense(line, gap) for line in lines]) if len(lines) else np.zeros((0, 2))
    centres = []
    for number, (circle, size) in enumerate(zip(circles, sizes, strict=True)):
        best, least = (circle[0], circle[1]), np.inf
        for place, direction in enumerate(_DIRECTIONS):
            centre = _inside(_beside(circle, size, gap, direction), size, frame)
            cost = _cost(_around(centre, size), number, rings, placed, points) + _LATER * place
            if cost < least:
                best, least = centre, cost
        centres.append(best)
        placed.append(_around(best, size))
    return centres


def _beside(
    circle: Circle, size: tuple[float, float], gap: float, direction: tuple[int, int]
) -> tuple[float, float]:
    x, y, radius = circle
    far = (radius + gap) * (_SLANT if all(direction) else 1.0)
    return x + direction[0] * (far + size[0] / 2), y + direction[1] * (far + size[1] / 2)


def _inside(centre: tuple[float, float], size: tuple[float, float], frame: Box) -> tuple[float, float]:
    left, top, right, bottom = frame
    x = min(max(centre[0], left + size[0] / 2), max(right - size[0] / 2, left + size[0] / 2))
    y = min(max(centre[1], top + size[1] / 2), max(bottom - size[1] / 2, top + size[1] / 2))
    return x, y


def _around(centre: tuple[float, float], size: tuple[float, float]) -> Box:
    (x, y), (width, tall) = centre, size
    return x - width / 2, y - tall / 2, x + width / 2, y + tall / 2


def _cost(
    label: Box, own: int, rings: NDArray[np.float64], placed: Sequence[Box], points: NDArray[np.float64]
) -> float:
    """Return how much a label hides of what it should not."""
    left, top, right, bottom = label
    apart = (left - _APART, top - _APART, right + _APART, bottom + _APART)
    cost = _TAKEN * sum(
        apart[0] < box[2] and box[0] < apart[2] and apart[1] < box[3] and box[1] < apart[3] for box in placed
    )
    nearest = np.stack([np.clip(rings[:, 0], left, right), np.clip(rings[:, 1], top, bottom)], axis=1)
    distance = np.hypot(*(nearest - rings[:, :2]).T)
    depth = np.clip(1 - distance / np.maximum(rings[:, 2], 1e-9), 0, 1)  # 1 where it hides the middle
    hidden = float(depth.sum() * _RING + depth[own] * (_OWN - _RING))
    on_line = (
        (points[:, 0] > left) & (points[:, 0] < right) & (points[:, 1] > top) & (points[:, 1] < bottom)
    ).any()
    return cost + hidden + _PATH * bool(on_line)


def _dense(line: NDArray[np.float64], step: float) -> NDArray[np.float64]:
    """Return points of a line, at most `step` apart and at most a thousand a part."""
    parts = []
    for start, end in pairwise(line):
        count = int(np.clip(np.hypot(*(end - start)) / max(step, 1e-9), 1, 1000)) + 1
        parts.append(start + np.linspace(0, 1, count)[:, None] * (end - start))
    return np.concatenate(parts)
