"""Hotspots drawn into a picture: numbered discs and the gaze path between them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from salviewer.core.hotspots import Hotspot
from salviewer.core.lettering import DARK, Colour, put_label, put_lines

_WIDTH = 0.0025  # of a line, in fractions of the picture's mean side
_LETTERS = 0.018  # height of a number's digits, likewise
_WHITE: Colour = (255, 255, 255)
_CORNERS = 90


def draw_hotspots(
    pixels: NDArray[np.uint8], hotspots: Sequence[Hotspot], radius: float, *, path: bool = True
) -> None:
    """Draws each hotspot's disc and number, and the path from one to the next, into a picture, in place.

    White with a dark rim; lines and numbers are as large for the picture whatever its resolution.

    Args:
        pixels: uint8, (H, W, 3), writable; the picture of the hotspots, in its own resolution. It may be
            part of a larger one.
        hotspots: in order.
        radius: of the discs, in fractions of the width.
        path: whether the gaze path is drawn.
    """
    height, width = pixels.shape[:2]
    drawn = np.ascontiguousarray(pixels)
    side = float(np.sqrt(width * height))
    line, rim = max(1, round(_WIDTH * side)), max(1, round(0.5 * _WIDTH * side))
    places = [np.array([spot.x, spot.y]) for spot in hotspots]
    lines = [_ring(place, radius * width) for place in places]
    if path:
        letters = _LETTERS * side
        for start, end in pairwise(places):
            lines += _arrow(start, end, radius * width, letters) or _arrow(start, end, 1.3 * letters, letters)
    put_lines(drawn, lines, DARK, line + 2 * rim)
    put_lines(drawn, lines, _WHITE, line)
    for spot in reversed(hotspots):
        put_label(drawn, str(spot.number), (spot.x, spot.y), max(7.0, _LETTERS * side), _WHITE)
    if drawn is not pixels:
        pixels[:] = drawn


def _ring(centre: NDArray[np.float64], radius: float) -> NDArray[np.float64]:
    angle = np.linspace(0, 2 * np.pi, _CORNERS + 1)
    ring: NDArray[np.float64] = centre + radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return ring


def _arrow(
    start: NDArray[np.float64], end: NDArray[np.float64], clearance: float, head: float
) -> list[NDArray[np.float64]]:
    """A straight way that begins and ends `clearance` from the places, its head at its middle; or no room."""
    length = float(np.hypot(*(end - start)))
    if length <= 2 * clearance + head:
        return []
    along = (end - start) / length
    across = np.array([-along[1], along[0]])
    tip = (start + end) / 2 + along * head / 2
    barbs = [tip - along * head + across * side * head * 0.6 for side in (-1, 1)]
    return [
        np.array([start + along * clearance, end - along * clearance]),
        np.array([barbs[0], tip, barbs[1]]),
    ]
