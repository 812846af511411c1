"""Draw hotspots into a picture: thin rings with labels beside them, and the gaze path between them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from salviewer.core.hotspots import Hotspot
from salviewer.core.spot_labels import Box, Circle, place_beside
from salviewer.core.text_drawing import DARK, Colour, label_size, put_label, put_soft_lines
from salviewer.texts import worded

LETTERS = 0.0135
"""Height of a label's digits, in fractions of the picture's mean side; that of the labels of areas."""

PLATE: Colour = (255, 255, 255)
"""The ground of a hotspot's label, and the colour of its ring."""

_WIDTH = 0.0015  # of a line, in fractions of the picture's mean side
_GAP = 0.5  # between ring and label, in heights of a digit
_CORNERS = 90


def draw_hotspots(
    pixels: NDArray[np.uint8],
    hotspots: Sequence[Hotspot],
    radius: float,
    *,
    path: bool = True,
    taken: Sequence[Box] = (),
) -> None:
    """Draw a ring around each hotspot, its visit beside the ring, and the path between them, in place.

    Lines are white with a soft shadow; lines and labels keep their size relative to the picture, and labels
    hide no hotspot if there is room beside it.

    Args:
        pixels: uint8, (H, W, 3), writable; the picture of the hotspots, in its own resolution. It may be
            part of a larger one.
        hotspots: in order.
        radius: of the rings, in fractions of the width.
        path: whether to draw the gaze path.
        taken: other labels in the picture, which these avoid, in pixels.
    """
    if not hotspots:
        return
    height, width = pixels.shape[:2]
    drawn = np.ascontiguousarray(pixels)
    side = float(np.sqrt(width * height))
    letters = max(7.0, LETTERS * side)
    lines = rings(hotspots, radius * width)
    arrows = gaze_path(hotspots, radius * width, letters) if path else []
    put_soft_lines(drawn, lines + arrows, PLATE, max(1, round(_WIDTH * side)))
    texts = [visit_text(spot) for spot in hotspots]
    circles: list[Circle] = [(spot.x, spot.y, radius * width) for spot in hotspots]
    sizes = [label_size(text, letters) for text in texts]
    centres = place_beside(circles, sizes, _GAP * letters, (0.0, 0.0, width, height), taken, arrows)
    for text, centre in zip(texts, centres, strict=True):
        put_label(drawn, text, centre, letters, DARK, PLATE)
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
