"""Draw what a place's saliency comes from: the picture, the attention, and the gradient, side by side."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from salviewer.core.render import OverlayStyle, render
from salviewer.core.resizing import resize
from salviewer.core.saliency_map import SaliencyMap
from salviewer.first_use import cv2

LONGEST = 1200
"""Most pixels of a panel's longer side."""

GAP = 12
"""Pixels between panels."""


def draw_explained(
    pixels: NDArray[np.uint8],
    maps: tuple[NDArray[np.float32], ...],
    place: tuple[float, float],
    style: OverlayStyle | None = None,
) -> NDArray[np.uint8]:
    """Draw the bare picture and, over it, each map; a ring marks the place in all.

    Args:
        pixels: uint8 (H, W, 3); scaled down if a side is longer than `LONGEST`.
        maps: non-negative (h, w), each covering the whole picture.
        place: (x, y), each 0..1.
        style: colours of the maps.

    Returns:
        uint8 (h, w, 3), the panels from left to right on white.
    """
    height, width = pixels.shape[:2]
    scale = min(1.0, LONGEST / max(height, width))
    size = max(1, round(scale * height)), max(1, round(scale * width))
    small = np.asarray(resize(pixels, size), np.uint8)
    panels = [small.copy()]
    for each in maps:
        over = SaliencyMap(np.asarray(each, np.float32), (size[1], size[0]), "")
        panels.append(render(small, over, style=style or OverlayStyle()))
    whole = np.full((size[0], len(panels) * (size[1] + GAP) - GAP, 3), 255, np.uint8)
    radius = max(4, round(0.02 * max(size)))
    middle = round(place[0] * (size[1] - 1)), round(place[1] * (size[0] - 1))
    for number, panel in enumerate(panels):
        for colour, thickness in (((0, 0, 0), max(3, radius // 2)), ((255, 255, 255), max(1, radius // 5))):
            cv2.circle(panel, middle, radius, colour, thickness, cv2.LINE_AA)
        left = number * (size[1] + GAP)
        whole[:, left : left + size[1]] = panel
    return whole
