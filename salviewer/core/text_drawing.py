"""Draw short texts and lines into a picture, legible on light and dark parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from salviewer.first_use import cv2

Colour = tuple[int, int, int]
DARK: Colour = (18, 20, 24)

SHADOW = ((4.0, 34), (2.2, 120))
"""The shadow of soft lines, the widest first: width as a multiple of the line's, and cover, 0..255."""

_CORNER = 0.2  # radius of a plate's corners, in heights of the plate
_FINE = 4  # factor by which letters are drawn larger, then averaged
_CAP = 21.0  # height of a digit in the font's own units
_SHIFT = 4  # bits of sub-pixel accuracy
_FARTHEST = 2**24  # OpenCV computes with 32 bits


class DrawnText(NamedTuple):
    """A text as pixels.

    Attributes:
        pixels: uint8, (h, w, 4), RGBA with straight alpha.
        left, top: place of its first pixel in the picture; may be negative.
    """

    pixels: NDArray[np.uint8]
    left: int
    top: int


class TextRenderer(Protocol):
    """Draws one line of text in any script. Thread-safe."""

    def width(self, text: str, height: float) -> float:
        """Return the width in pixels of a text whose digits are `height` pixels tall."""

    def draw(self, text: str, height: float, colour: Colour, centre: tuple[float, float]) -> DrawnText:
        """Draw a text.

        Args:
            text: one line.
            height: of a digit, in pixels.
            colour: of the letters, sRGB; emoji may have colours of their own.
            centre: (x, y) in pixels of the picture, of the middle of its width and of its digits' height.
        """


class _StrokeRenderer:
    """OpenCV's stroke font for ASCII; any other character becomes a question mark."""

    def width(self, text: str, height: float) -> float:
        return _text_width(text, height) / _FINE

    def draw(self, text: str, height: float, colour: Colour, centre: tuple[float, float]) -> DrawnText:
        scale, stroke = _pen(height)
        drawn = _text_width(text, height)
        left = int(np.floor(centre[0] - drawn / _FINE / 2 - height))
        top = int(np.floor(centre[1] - height))
        wide, tall = int(np.ceil(drawn / _FINE + 2 * height)) + 1, int(np.ceil(2 * height)) + 1
        canvas = np.zeros((tall * _FINE, wide * _FINE), np.uint8)
        x = round((centre[0] - left) * _FINE - drawn / 2)
        y = round((centre[1] - top + height / 2) * _FINE)
        cv2.putText(canvas, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, scale, 255, stroke, cv2.LINE_AA)
        cover = np.asarray(cv2.resize(canvas, (wide, tall), interpolation=cv2.INTER_AREA), np.uint8)
        pixels = np.empty((tall, wide, 4), np.uint8)
        pixels[..., :3], pixels[..., 3] = colour, cover
        return DrawnText(pixels, left, top)


_make_renderer: Callable[[], TextRenderer] = _StrokeRenderer


def use_text_renderer(make: Callable[[], TextRenderer]) -> None:
    """Set a function that makes the renderer of texts; without one, only ASCII can be drawn.

    `salviewer.media` provides it, since fonts are files. `make` is called when the first text is drawn.
    """
    global _make_renderer
    _make_renderer = make
    _renderer.cache_clear()


@cache
def _renderer() -> TextRenderer:
    return _make_renderer()


def label_size(text: str, height: float) -> tuple[float, float]:
    """Return width and height in pixels of the plate that `put_label` draws for digits of `height` pixels."""
    return _renderer().width(text, height) + 1.3 * height, 2.0 * height


def put_label(
    pixels: NDArray[np.uint8],
    text: str,
    centre: tuple[float, float],
    height: float,
    colour: Colour,
    plate: Colour = DARK,
) -> None:
    """Draw a short text on a plate with round corners, in place, clipped to the picture.

    Args:
        pixels: uint8, (H, W, 3), writable, C-contiguous.
        text: one line.
        centre: (x, y) in pixels, 0 is the picture's left or upper border.
        height: of a digit, in pixels.
        colour: of the letters, sRGB.
        plate: of the ground, sRGB.
    """
    outline = _plate(centre, label_size(text, height))
    cv2.fillPoly(pixels, _paths([outline]), plate, cv2.LINE_AA, _SHIFT)
    _blend(pixels, _renderer().draw(text, height, colour, centre))


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
    cv2.polylines(pixels, _paths(lines), False, colour, width, cv2.LINE_AA, _SHIFT)


def put_soft_lines(
    pixels: NDArray[np.uint8], lines: Sequence[NDArray[np.float64]], colour: Colour, width: int
) -> None:
    """Draw lines with a soft shadow, which are seen on any ground and have no second outline, in place.

    Args:
        pixels, lines, colour, width: as in `put_lines`. The shadow is `SHADOW` times as wide as the line.
    """
    shade = np.zeros(pixels.shape[:2], np.uint8)
    paths = _paths(lines)
    for factor, cover in SHADOW:
        cv2.polylines(shade, paths, False, cover, max(1, round(factor * width)), cv2.LINE_AA, _SHIFT)
    there = np.nonzero(shade)
    dark = (shade[there].astype(np.float32) / 255)[:, None]
    pixels[there] = np.rint(pixels[there] * (1 - dark) + np.array(DARK, np.float32) * dark).astype(np.uint8)
    put_lines(pixels, lines, colour, width)


def _paths(lines: Sequence[NDArray[np.float64]]) -> list[NDArray[np.int32]]:
    """Return lines in OpenCV's units."""
    return [
        np.rint(np.clip((line - 0.5) * 2**_SHIFT, -_FARTHEST, _FARTHEST)).astype(np.int32) for line in lines
    ]


def _plate(centre: tuple[float, float], size: tuple[float, float]) -> NDArray[np.float64]:
    """Return the outline of a rectangle with round corners, (n, 2) of (x, y)."""
    radius = _CORNER * min(size)
    quarter = np.linspace(0, np.pi / 2, 9)
    arc = radius * np.stack([np.cos(quarter), np.sin(quarter)], axis=1)
    wide, high = size[0] / 2 - radius, size[1] / 2 - radius
    corners = ((1, 1, arc), (-1, 1, arc[::-1]), (-1, -1, arc), (1, -1, arc[::-1]))
    sides = [np.array([x, y]) * (part + [wide, high]) for x, y, part in corners]  # noqa: RUF005 (it adds)
    return np.array(centre) + np.concatenate(sides)


def _pen(height: float) -> tuple[float, int]:
    """Return scale and line width of the font, `_FINE` times larger than drawn."""
    return height / _CAP * _FINE, max(1, round(0.15 * height * _FINE))


def _text_width(text: str, height: float) -> int:
    """Return the text's width, `_FINE` times larger than drawn; heavier letters are wider."""
    (width, _), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, *_pen(height))
    return int(width)


def _blend(pixels: NDArray[np.uint8], text: DrawnText) -> None:
    """Blend a text over the picture, in place."""
    height, width = pixels.shape[:2]
    left, top = text.left, text.top
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + text.pixels.shape[1], width), min(top + text.pixels.shape[0], height)
    if x0 >= x1 or y0 >= y1:
        return
    over = text.pixels[y0 - top : y1 - top, x0 - left : x1 - left].astype(np.float32)
    alpha = over[..., 3:] / 255
    under = pixels[y0:y1, x0:x1].astype(np.float32)
    pixels[y0:y1, x0:x1] = np.rint(under + (over[..., :3] - under) * alpha).astype(np.uint8)
