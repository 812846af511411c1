"""Draw hotspots into a picture: numbered discs, and the gaze path between them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from salviewer.core.hotspots import Hotspot
from salviewer.core.text_drawing import DARK, Colour, put_label, put_lines
from salviewer.texts import worded

LETTERS = 0.018
"""Height of a label's digits, in fractions of the picture's mean side."""

_WIDTH = 0.0025  # of a line, in fractions of the picture's mean side
_WHITE: Colour = (255, 255, 255)
_CORNERS = 90


def draw_hotspots(
    pixels: NDArray[np.uint8], hotspots: Sequence[Hotspot], radius: float, *, path: bool = True
) -> None:
    """Draw each hotspot's disc and visit, and the path between them, into a picture, in place.

    White with a dark rim; lines and numbers keep their size relative to the picture.

    Args:
        pixels: uint8, (H, W, 3), writable; the picture of the hotspots, in its own resolution. It may be
            part of a larger one.
        hotspots: in order.
        radius: of the discs, in fractions of the width.
        path: whether to draw the gaze path.
    """
    height, width = pixels.shape[:2]
    drawn = np.ascontiguousarray(pixels)
    side = float(np.sqrt(width * height))
    line, rim = max(1, round(_WIDTH * side)), max(1, round(0.5 * _WIDTH * side))
    lines = rings(hotspots, radius * width)
    if path:
        lines += gaze_path(hotspots, radius * width, LETTERS * side)
    put_lines(drawn, lines, DARK, line + 2 * rim)
    put_lines(drawn, lines, _WHITE, line)
    letters = max(7.0, LETTERS * side)
    for spot in reversed(hotspots):
        put_label(drawn, visit_text(spot), (spot.x, spot.y), letters, _WHITE)
    if drawn is not pixels:
        pixels[:] = drawn


def visit_text(spot: Hotspot) -> str:
    """Return the label of a hotspot: its place in the order of attention, counted from 1."""
    return worded("visit {number}", number=spot.number)


def rings(hotspots: Sequence[Hotspot], radius: float) -> list[NDArray[np.float64]]:
    """Return the discs' rims, closed lines (n, 2) of (x, y); all in pixels of the picture."""
    angle = np.linspace(0, 2 * np.pi, _CORNERS + 1)
    circle = radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return [np.array([spot.x, spot.y]) + circle for spot in hotspots]


def gaze_path(hotspots: Sequence[Hotspot], radius: float, letters: float) -> list[NDArray[np.float64]]:
    """Return straight lines from rim to rim with an arrowhead in the middle; none if there is no room.

    Args:
        hotspots: in order.
        radius: of the discs, in pixels of the picture.
        letters: height of the digits, in pixels of the picture; arrowheads have that size. Where two discs
            touch, a line starts and ends beside the numbers.

    Returns:
        lines (n, 2) of (x, y) in pixels of the picture.
    """
    places = [np.array([spot.x, spot.y]) for spot in hotspots]
    lines: list[NDArray[np.float64]] = []
    for start, end in pairwise(places):
        lines += _arrow(start, end, radius, letters) or _arrow(start, end, 1.3 * letters, letters)
    return lines


def _arrow(
    start: NDArray[np.float64], end: NDArray[np.float64], clearance: float, head: float
) -> list[NDArray[np.float64]]:
    """Return a line that ends `clearance` away from both places, with a head in the middle if it fits."""
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
