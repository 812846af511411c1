"""Draw areas of interest into a picture: coloured outlines with names and shares."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from salviewer.core.area_labels import Labels, area_texts, place_texts
from salviewer.core.areas import Area
from salviewer.core.text_drawing import DARK, Colour, label_size, put_label, put_soft_lines

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
"""Colours of the areas in order: Paul Tol's "light" scheme, distinct for every kind of colour vision."""

COLOUR_NAMES = ("Light blue", "Orange", "Light yellow", "Mint", "Pink", "Pear", "Light cyan", "Olive")
"""Names of `COLOURS`."""

_WIDTH = 0.0028  # of a line, in fractions of the picture's mean side
_LETTERS = 0.0135  # height of a digit, in the same fractions
_GAP = 0.4  # between a label and its area, in heights of a digit


def area_colour(area: Area, place: int) -> Colour:
    """Return the colour of the area at `place` (from 0) among those of its picture."""
    return COLOURS[(place if area.hue is None else area.hue) % len(COLOURS)]


def draw_areas(
    pixels: NDArray[np.uint8],
    areas: Sequence[Area],
    shares: Sequence[float] | None = None,
    labels: Labels = "both",
) -> list[tuple[float, float, float, float]]:
    """Draw each area's outline and label into a picture, in place.

    Lines have a soft shadow and texts a plate, and both keep their size relative to the picture.

    Args:
        areas: in order, which decides the colours of areas without a hue.
        shares: of attention, one per area, 0..1; None for names alone.
        labels: the content of labels; labels without room are left out.

    Returns:
        left, top, right and bottom of each label that was drawn, in pixels.
    """
    height, width = pixels.shape[:2]
    drawn = np.ascontiguousarray(pixels)
    side = float(np.sqrt(width * height))
    line = max(1, round(_WIDTH * side))
    letters = max(7.0, _LETTERS * side)
    outlines = [area.outline() * (width, height) for area in areas]
    for place, (area, outline) in enumerate(zip(areas, outlines, strict=True)):
        ring = [np.concatenate([outline, outline[:1]])]
        put_soft_lines(drawn, ring, area_colour(area, place), line)
    known: Sequence[float | None] = [None] * len(areas) if shares is None else shares
    texts = [area_texts(area, share, labels) for area, share in zip(areas, known, strict=True)]
    sizes = [[label_size(text, letters) for text in each] for each in texts]
    placed = place_texts(outlines, sizes, _GAP * letters + line, (width, height))
    boxes = []
    for place, (each, found) in enumerate(zip(texts, placed, strict=True)):
        if found is not None:
            (wide, tall), (x, y) = sizes[place][found[0]], found[1]
            boxes.append((x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2))
            put_label(drawn, each[found[0]], found[1], letters, DARK, area_colour(areas[place], place))
    if drawn is not pixels:
        pixels[:] = drawn
    return boxes
