"""Draw what a place's saliency comes from: the picture, the attention, and the gradient, side by side."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from salviewer.core.render import OverlayStyle, render
from salviewer.core.resizing import resize
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.text_drawing import DARK, put_lines
from salviewer.first_use import cv2

Place = tuple[float, float] | NDArray[np.float64]
"""A point (x, y), or an outline (n, 2) as `areas.Area.outline` gives it; fractions of width and height."""

LONGEST = 1200
"""Most pixels of a panel's longer side."""

GAP = 12
"""Pixels between panels."""


def draw_explained(
    pixels: NDArray[np.uint8],
    maps: tuple[NDArray[np.float32], ...],
    place: Place,
    style: OverlayStyle | None = None,
) -> NDArray[np.uint8]:
    """Draw the bare picture and, over it, each map; a ring or its outline marks the place in all.

    Args:
        pixels: uint8 (H, W, 3); scaled down if a side is longer than `LONGEST`.
        maps: non-negative (h, w), each covering the whole picture.
        place: what is explained.
        style: colours of the maps.

    Returns:
        uint8 (h, w, 3), the panels from left to right on white.
    """
    height, width = pixels.shape[:2]
    scale = min(1.0, LONGEST / max(height, width))
    size = max(1, round(scale * height)), max(1, round(scale * width))
    small = np.asarray(resize(pixels, size), np.uint8)
    parts = [small.copy()]
    for each in maps:
        over = SaliencyMap(np.asarray(each, np.float32), (size[1], size[0]), "")
        parts.append(render(small, over, style=style or OverlayStyle()))
    whole = np.full((size[0], len(parts) * (size[1] + GAP) - GAP, 3), 255, np.uint8)
    for number, panel in enumerate(parts):
        mark_place(panel, place)
        left = number * (size[1] + GAP)
        whole[:, left : left + size[1]] = panel
    return whole


def panels(drawn: NDArray[np.uint8], count: int = 3) -> list[NDArray[np.uint8]]:
    """Return the panels of `draw_explained`'s picture, from left to right, as views of it."""
    width = (drawn.shape[1] + GAP) // count - GAP
    return [drawn[:, number * (width + GAP) :][:, :width] for number in range(count)]


def mark_place(pixels: NDArray[np.uint8], place: Place) -> None:
    """Draw a ring around a point, or an outline, into a picture, in place; white with a dark rim."""
    height, width = pixels.shape[:2]
    radius = max(4, round(0.02 * max(height, width)))
    rim, line = max(3, radius // 2), max(1, radius // 5)
    if isinstance(place, tuple):
        middle = round(place[0] * (width - 1)), round(place[1] * (height - 1))
        for colour, thickness in (((0, 0, 0), rim), ((255, 255, 255), line)):
            cv2.circle(pixels, middle, radius, colour, thickness, cv2.LINE_AA)
        return
    ring = [np.concatenate([place, place[:1]]) * (width, height)]
    put_lines(pixels, ring, DARK, rim)
    put_lines(pixels, ring, (255, 255, 255), line)


def middle_of(place: Place) -> tuple[float, float]:
    """Return the point, or the middle of the outline's box, kept on the picture."""
    if isinstance(place, tuple):
        return place
    x, y = (place.min(axis=0) + place.max(axis=0)) / 2
    return min(max(float(x), 0.0), 1.0), min(max(float(y), 0.0), 1.0)


def on_screen(place: Place, top: float, bottom: float) -> Place:
    """Return a place in fractions of the part of the picture between two heights, 0..1."""
    if isinstance(place, tuple):
        return place[0], (place[1] - top) / (bottom - top)
    return np.asarray((place - (0, top)) / (1, bottom - top), np.float64)
