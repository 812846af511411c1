"""Regions, objects and crops drawn into a picture, and parts of pictures on a contact sheet."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from salviewer.core.applications.crops import Crop
from salviewer.core.applications.regions import RankedObject, SalientRegion
from salviewer.core.text_drawing import DARK, Colour, label_size, put_label, put_lines
from salviewer.first_use import cv2

REGION: Colour = (255, 214, 10)
SEEN: Colour = (90, 220, 130)
OVERLOOKED: Colour = (255, 120, 110)
TILE = 200
"""Pixels of a side of a contact sheet's tiles."""

_WIDTH = 0.0028  # of a line, in fractions of the picture's mean side
_LETTERS = 0.016  # height of a digit, likewise
_CAPTION = 26  # pixels below a tile
_GAP = 12
_PAPER = 24


def draw_uses(
    pixels: NDArray[np.uint8],
    regions: Sequence[SalientRegion] = (),
    objects: Sequence[RankedObject] = (),
    crops: Sequence[Crop] = (),
) -> NDArray[np.uint8]:
    """Return the picture with contours of regions, boxes of objects, and frames of crops, each labelled."""
    drawn = pixels.copy()
    height, width = drawn.shape[:2]
    side = math.sqrt(width * height)
    line, letters = max(1, round(_WIDTH * side)), max(7.0, _LETTERS * side)
    marks: list[tuple[NDArray[np.float64], Colour, str]] = []
    for region in regions:
        outline = np.array([*region.contour, region.contour[0]])
        marks.append((outline, REGION, f"{region.number}  {100 * region.share:.0f} %"))
    for each in objects:
        known, colour = each.known, SEEN if each.seen else OVERLOOKED
        box = _box(known.left, known.top, known.right, known.bottom)
        marks.append((box, colour, f"{known.label or known.kind}  {100 * each.share:.0f} %"))
    for crop in crops:
        x, y, wide, high = crop.fractions
        marks.append((_box(x, y, x + wide, y + high), REGION, f"{100 * crop.kept:.0f} %"))
    for points, colour, _ in marks:
        put_lines(drawn, [points * (width, height)], DARK, 2 * line + 1)
        put_lines(drawn, [points * (width, height)], colour, line)
    for points, colour, text in marks:
        wide, tall = label_size(text, letters)
        x = float(np.clip(points[:, 0].min() * width + wide / 2, wide / 2, max(width - wide / 2, wide / 2)))
        y = float(max(points[:, 1].min() * height - tall / 2 - line, tall / 2))
        put_label(drawn, text, (x, y), letters, colour)
    return drawn


def tile(pixels: NDArray[np.uint8], side: int = TILE) -> NDArray[np.uint8]:
    """Scale a part of a picture so that its longer side is `side` pixels."""
    height, width = pixels.shape[:2]
    scale = side / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, size, interpolation=way), np.uint8)


def contact_sheet(tiles: Sequence[tuple[NDArray[np.uint8], str]], columns: int = 6) -> NDArray[np.uint8]:
    """Lay parts of pictures side by side, each with a line of text below.

    Args:
        tiles: from `tile`, and the text of each; at least one.
        columns: how many in a row.

    Returns:
        uint8 (H, W, 3).
    """
    columns = min(columns, len(tiles))
    rows = math.ceil(len(tiles) / columns)
    across, down = TILE + _GAP, TILE + _CAPTION + _GAP
    sheet = np.full((rows * down + _GAP, columns * across + _GAP, 3), _PAPER, np.uint8)
    for number, (pixels, text) in enumerate(tiles):
        row, column = divmod(number, columns)
        left, top = _GAP + column * across, _GAP + row * down
        high, wide = pixels.shape[:2]
        x, y = left + (TILE - wide) // 2, top + (TILE - high) // 2
        sheet[y : y + high, x : x + wide] = pixels
        shown, letters = _fitting(text, 8.0), 8.0
        put_label(sheet, shown, (left + TILE / 2, top + TILE + _CAPTION / 2), letters, (235, 235, 235))
    return sheet


def _fitting(text: str, letters: float) -> str:
    """Shorten a text in the middle until it is as wide as a tile."""
    shown = text
    while len(shown) > 5 and label_size(shown, letters)[0] > TILE:
        keep = (len(shown) - 2) // 2
        shown = f"{shown[:keep]}…{shown[-keep:]}"
    return shown


def _box(left: float, top: float, right: float, bottom: float) -> NDArray[np.float64]:
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom), (left, top)])
