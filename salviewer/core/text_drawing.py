"""Draw short texts and lines into a picture, legible on light and dark."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

Colour = tuple[int, int, int]
DARK: Colour = (18, 20, 24)

_FONT = cv2.FONT_HERSHEY_SIMPLEX
_FINE = 4  # letters are drawn this many times larger and averaged
_CAP = 21.0  # height of a digit in the font's own units
_SHIFT = 4  # bits of sub-pixel accuracy
_FARTHEST = 2**24  # OpenCV counts in 32 bits


def label_size(text: str, height: float) -> tuple[float, float]:
    """Return width and height in pixels of the plate that `put_label` draws for digits of `height` pixels."""
    return _text_width(text, height) / _FINE + 1.3 * height, 2.0 * height


def put_label(
    pixels: NDArray[np.uint8], text: str, centre: tuple[float, float], height: float, colour: Colour
) -> None:
    """Draw a short text on a dark plate with round ends, in place, clipped to the picture.

    Args:
        pixels: uint8, (H, W, 3), writable, C-contiguous.
        text: one line.
        centre: (x, y) in pixels, 0 is the picture's left or upper border.
        height: of a digit, in pixels.
        colour: of the letters, sRGB.
    """
    width, tall = label_size(text, height)
    reach = np.array([(width - tall) / 2, 0.0])
    plate = np.array([centre - reach, centre + reach])
    put_lines(pixels, [plate], DARK, max(1, round(tall)))
    left, top = int(np.floor(centre[0] - width / 2)), int(np.floor(centre[1] - tall / 2))
    canvas = np.zeros((int(np.ceil(tall + 1)) * _FINE, int(np.ceil(width + 1)) * _FINE), np.uint8)
    scale, stroke = _pen(height)
    drawn = _text_width(text, height)
    origin = (round((centre[0] - left) * _FINE - drawn / 2), round((centre[1] - top + height / 2) * _FINE))
    cv2.putText(canvas, text, origin, _FONT, scale, 255, stroke, cv2.LINE_AA)
    size = canvas.shape[1] // _FINE, canvas.shape[0] // _FINE
    cover = np.asarray(cv2.resize(canvas, size, interpolation=cv2.INTER_AREA), np.uint8)
    _blend(pixels, cover, left, top, colour)


def put_lines(
    pixels: NDArray[np.uint8], lines: Sequence[NDArray[np.float64]], colour: Colour, width: int
) -> None:
    """Draw antialiased lines into a picture, in place.

    Args:
        pixels: uint8, (H, W, 3), writable, C-contiguous.
        lines: arrays (n, 2) of (x, y) in pixels, 0 is the left or upper border; a closed line repeats its
            first point.
        width: in whole pixels, >= 1.
    """
    paths = [
        np.rint(np.clip((line - 0.5) * 2**_SHIFT, -_FARTHEST, _FARTHEST)).astype(np.int32) for line in lines
    ]
    cv2.polylines(pixels, paths, False, colour, width, cv2.LINE_AA, _SHIFT)


def _pen(height: float) -> tuple[float, int]:
    """Return scale and line width of the font, `_FINE` times larger than drawn."""
    return height / _CAP * _FINE, max(1, round(0.15 * height * _FINE))


def _text_width(text: str, height: float) -> int:
    """Return the text's width, `_FINE` times larger than drawn; heavier letters are wider."""
    (width, _), _ = cv2.getTextSize(text, _FONT, *_pen(height))
    return int(width)


def _blend(pixels: NDArray[np.uint8], cover: NDArray[np.uint8], left: int, top: int, colour: Colour) -> None:
    """Blend `colour` over the box at (left, top), with opacity `cover` (0..255)."""
    height, width = pixels.shape[:2]
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + cover.shape[1], width), min(top + cover.shape[0], height)
    if x0 >= x1 or y0 >= y1:
        return
    alpha = cover[y0 - top : y1 - top, x0 - left : x1 - left, None].astype(np.float32) / 255
    under = pixels[y0:y1, x0:x1].astype(np.float32)
    pixels[y0:y1, x0:x1] = np.rint(under + (np.array(colour, np.float32) - under) * alpha).astype(np.uint8)
