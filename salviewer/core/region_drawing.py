"""Draw the followed region into a picture: its box, number, confidence and path."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from salviewer.core.following import Tracked
from salviewer.core.text_drawing import DARK, Colour, label_size, put_label, put_lines

COLOUR: Colour = (255, 214, 10)

_WIDTH = 0.0028  # of a line, in fractions of the picture's mean side
_RIM = 0.0014  # on each side of a line, in the same fractions
_LETTERS = 0.0135  # height of a digit, in the same fractions
_GAP = 0.4  # between label and box, in heights of a digit


def region_label(tracked: Tracked) -> str:
    """Return the label of a region's box: its number and confidence."""
    return f"{tracked.track}  {100 * tracked.confidence:.0f} %"


def region_lines(tracked: Tracked, size: tuple[float, float]) -> list[NDArray[np.float64]]:
    """Return a region's box, closed, and its path, as lines (n, 2) of (x, y) in pixels.

    Args:
        size: (width, height) of the picture.
    """
    box = tracked.box
    corners = [
        (box.left, box.top), (box.right, box.top), (box.right, box.bottom),
        (box.left, box.bottom), (box.left, box.top),
    ]  # fmt: skip
    lines = [np.asarray(corners, np.float64) * size]
    if len(tracked.trail) > 1:
        lines.append(np.asarray(tracked.trail, np.float64) * size)
    return lines


def draw_region(pixels: NDArray[np.uint8], tracked: Tracked) -> None:
    """Draw a region into a picture, in place; its size is relative to the picture.

    Args:
        pixels: uint8, (H, W, 3), writable. It may be part of a larger picture.
        tracked: the region.
    """
    height, width = pixels.shape[:2]
    drawn = np.ascontiguousarray(pixels)
    side = float(np.sqrt(width * height))
    line, rim = max(1, round(_WIDTH * side)), max(1, round(_RIM * side))
    letters = max(7.0, _LETTERS * side)
    lines = region_lines(tracked, (width, height))
    put_lines(drawn, lines, DARK, line + 2 * rim)
    put_lines(drawn, lines, COLOUR, line)
    text = region_label(tracked)
    wide, tall = label_size(text, letters)
    x = min(max(tracked.box.left * width + wide / 2, wide / 2), max(width - wide / 2, wide / 2))
    y = max(tracked.box.top * height - _GAP * letters - line - tall / 2, tall / 2)
    put_label(drawn, text, (x, y), letters, COLOUR)
    if drawn is not pixels:
        pixels[:] = drawn
