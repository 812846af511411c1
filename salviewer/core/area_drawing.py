"""Draw areas of interest into a picture: coloured outlines with names and shares."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from salviewer.core.areas import Area
from salviewer.core.text_drawing import DARK, Colour, label_size, put_label, put_lines

COLOURS: tuple[Colour, ...] = (
    (119, 170, 221),
    (238, 136, 102),
    (238, 221, 136),
    (68, 187, 153),
    (255, 170, 187),
    (187, 204, 51),
    (153, 221, 255),
    (170, 170, 0),
)
"""Of the areas, one after another: Paul Tol's "light" scheme, told apart with every kind of colour vision."""

LONGEST_NAME = 32
"""Letters of a name that are drawn; a longer one is shortened."""

_WIDTH = 0.0028  # of a line, in fractions of the picture's mean side
_RIM = 0.0014  # on each side of it, likewise
_LETTERS = 0.0135  # height of a digit, likewise
_GAP = 0.4  # between a label and its area, in heights of a digit


def area_colour(area: Area, place: int) -> Colour:
    """Return the colour of the area at `place` (from 0) among those of its picture."""
    return COLOURS[(place if area.hue is None else area.hue) % len(COLOURS)]


def area_label(area: Area, share: float | None) -> str:
    """Return an area's label: its name, shortened if needed, and its share of attention if known."""
    name = " ".join(area.name.split())
    if len(name) > LONGEST_NAME:
        name = f"{name[: LONGEST_NAME - 1].rstrip()}…"
    return "  ".join(filter(None, (name, "" if share is None else f"{100 * share:.1f} %")))


def label_centre(
    outline: NDArray[np.float64], label: tuple[float, float], gap: float, window: tuple[float, float]
) -> tuple[float, float]:
    """Place an area's label above its highest point, or below it at the window's edge.

    Args:
        outline: (n, 2) of (x, y) in pixels of the window.
        label: its width and height.
        gap: space between label and outline.
        window: width and height of the drawing area; the label stays inside if it can.

    Returns:
        the label's centre (x, y).
    """
    top = float(outline[:, 1].min())
    width, tall = label
    x = float(outline[outline[:, 1] <= top + 0.5, 0].mean())
    y = top - gap - tall / 2
    if y < tall / 2:
        y = max(top, 0.0) + gap + tall / 2
    return min(max(x, width / 2), max(window[0] - width / 2, width / 2)), y


def draw_areas(
    pixels: NDArray[np.uint8], areas: Sequence[Area], shares: Sequence[float] | None = None
) -> None:
    """Draw each area's outline and label into a picture, in place.

    Lines and text have a dark rim or background, and keep their size relative to the picture.

    Args:
        pixels: uint8, (H, W, 3), writable. It may be part of a larger picture.
        areas: in their order, which decides the colours of those without a hue.
        shares: of attention, one per area, 0..1; None for names alone.
    """
    height, width = pixels.shape[:2]
    drawn = np.ascontiguousarray(pixels)
    side = float(np.sqrt(width * height))
    line, rim = max(1, round(_WIDTH * side)), max(1, round(_RIM * side))
    letters = max(7.0, _LETTERS * side)
    outlines = [area.outline() * (width, height) for area in areas]
    for place, (area, outline) in enumerate(zip(areas, outlines, strict=True)):
        ring = [np.concatenate([outline, outline[:1]])]
        put_lines(drawn, ring, DARK, line + 2 * rim)
        put_lines(drawn, ring, area_colour(area, place), line)
    for place, (area, outline) in enumerate(zip(areas, outlines, strict=True)):
        text = area_label(area, None if shares is None else shares[place])
        if text:
            size = label_size(text, letters)
            centre = label_centre(outline, size, _GAP * letters + line / 2 + rim, (width, height))
            put_label(drawn, text, centre, letters, area_colour(area, place))
    if drawn is not pixels:
        pixels[:] = drawn
