"""Draw sheets of samples: rows of stimulus, ground truth and prediction, each in its own aspect ratio.

A sheet has a row for each category, however many there are. Beyond 24 rows the pictures become smaller and
the rows stand in several blocks side by side, so that the sheet stays about square: 1,000 rows take some
3,000 x 3,000 pixels.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from salviewer.core.strict_json import loads
from salviewer.first_use import cmap, cv2
from salviewer.media.fonts import shipped_font
from salviewer.media.saving import atomic_path

FEWEST = 4
"""Least rows, if there are that many samples."""

_INK, _PAPER = (40, 44, 52), (255, 255, 255)
_BOX = (320, 180)
"""(width, height) into which each picture of a sheet of up to 24 rows fits."""
_FULL, _SMALLEST = 24, 0.1
"""Rows with pictures of that size; of more rows, the least share of it."""
_HEADER, _MARGIN, _NAMED = 26, 3, 18
_BOXES = "salviewer-boxes"
_Triplet = tuple[NDArray[Any], NDArray[Any], NDArray[Any]]


def spread(categories: Sequence[str]) -> list[int]:
    """Choose samples to show: one of each category, then a second of each, in the order of the samples.

    Args:
        categories: of each sample.

    Returns:
        sorted indices: at least `FEWEST`, if there are that many, and one of each category.
    """
    places: dict[str, list[int]] = {}
    for number, category in enumerate(categories):
        places.setdefault(category, []).append(number)
    turns = max((len(numbers) for numbers in places.values()), default=0)
    order = [numbers[turn] for turn in range(turns) for numbers in places.values() if turn < len(numbers)]
    return sorted(order[: max(len(places), FEWEST)])


def draw_triplets(
    triplets: Sequence[_Triplet],
    aspects: Sequence[float],
    path: Path,
    names: Sequence[str] = (),
    foot: str = "",
    truth: str = "fixation map",
) -> None:
    """Save a sheet as PNG, with a row per sample.

    Args:
        triplets: stimulus, uint8 (h, w, 3), ground truth and predicted density, of any size.
        aspects: width / height of each picture, to which all three are stretched back.
        path: the file.
        names: of the samples, each drawn above its row; none if empty.
        foot: a line below all rows; "" for none.
        truth: the title of the second column.

    Raises:
        ExportError: the file cannot be written.
    """
    table = (np.asarray(cmap.Colormap("inferno")(np.linspace(0, 1, 256)))[:, :3] * 255).astype(np.uint8)
    sizes = [fitted_size(aspect, len(triplets)) for aspect in aspects]
    column = max((width for width, _ in sizes), default=1) + 2 * _MARGIN
    band = _NAMED if names else 0
    heights = [band + tall + 2 * _MARGIN for _, tall in sizes]
    blocks = _blocks(heights, 3 * column)
    last = _HEADER if foot else 0
    high = _HEADER + max(sum(heights[block.start : block.stop]) for block in blocks) + last
    sheet = np.full((high, 3 * column * len(blocks), 3), 255, np.uint8)
    boxes = []
    for side, block in enumerate(blocks):
        top = _HEADER
        for index in block:
            stimulus, people, predicted = triplets[index]
            width, tall = sizes[index]
            top += band
            cells = [cv2.resize(stimulus, (width, tall), interpolation=cv2.INTER_AREA)]
            for density in (people, predicted):
                finite = np.nan_to_num(np.asarray(density, np.float32), posinf=0.0, neginf=0.0)
                levels = np.rint(255 * finite / max(float(finite.max()), 1e-12)).astype(np.uint8)
                cells.append(table[cv2.resize(levels, (width, tall))])
            row = []
            for number, cell in enumerate(cells):
                left = (3 * side + number) * column + (column - width) // 2
                sheet[top + _MARGIN : top + _MARGIN + tall, left : left + width] = cell
                row.append((left, top + _MARGIN, width, tall))
            boxes.append(row)
            top += tall + 2 * _MARGIN
    image = Image.fromarray(sheet)
    pen = ImageDraw.Draw(image)
    titles = ("stimulus", truth, "prediction")
    for index in range(3 * len(blocks)):
        _put_line(pen, titles[index % 3], ((index + 0.5) * column, 14), column - _MARGIN, 14)
    for row, name in zip(boxes, names, strict=False):
        left, top, width, _ = row[1]
        _put_line(pen, name, (left + width / 2, top - _MARGIN - band / 2), 3 * column - 2 * _MARGIN)
    if foot:
        _put_line(pen, foot, (image.width / 2, high - last / 2), image.width - 2 * _MARGIN, 14)
    info = PngInfo()
    info.add_text(_BOXES, json.dumps(boxes))
    with atomic_path(path) as scratch:
        image.save(scratch, "PNG", pnginfo=info)


def cut_triplets(path: Path) -> tuple[_Triplet, ...]:
    """Cut a sheet of ``draw_triplets`` into its pictures, each uint8 (h, w, 3).

    Raises:
        OSError: the file cannot be read, or is not such a sheet.
    """
    with Image.open(path) as image:
        sheet = np.asarray(image.convert("RGB"))
        texts: Mapping[str, Any] = getattr(image, "text", {})
    try:
        rows = loads(texts[_BOXES])
        cells = [[sheet[y : y + h, x : x + w] for x, y, w, h in row] for row in rows]
        return tuple((row[0], row[1], row[2]) for row in cells)
    except (KeyError, ValueError, TypeError, IndexError) as error:
        raise OSError(f"{path.name} is no sheet of samples") from error


def _blocks(heights: Sequence[int], width: int) -> list[range]:
    """Divide rows into blocks that stand side by side.

    Args:
        heights: of the rows, in pixels.
        width: of a block, in pixels.

    Returns:
        the indices of each block's rows: one block of up to 24 rows, and about a square of more.
    """
    count = len(heights)
    beside = 1 if count <= _FULL else max(round(math.sqrt(sum(heights) / width)), 1)
    each = max(math.ceil(count / beside), 1)
    return [range(start, min(start + each, count)) for start in range(0, max(count, 1), each)]


def _put_line(
    pen: ImageDraw.ImageDraw, text: str, centre: tuple[float, float], room: float, size: int = 12
) -> None:
    """Draw a line in the middle of a place, shortened to its width."""
    font = ImageFont.truetype(str(shipped_font()), size)
    shown = text
    while shown and font.getlength(shown) > room:
        shown = shown[:-2].rstrip("…") + "…" if len(shown) > 2 else ""
    pen.text(centre, shown, _INK, font, anchor="mm")


def fitted_size(aspect: float, count: int = 1) -> tuple[int, int]:
    """Return (width, height) in pixels of the pictures of an aspect ratio on a sheet.

    Args:
        aspect: width / height.
        count: rows of the sheet. On one of up to 24, pictures fit into 320x180 pixels; on one of more, into
            less, so that they take the same room together.
    """
    share = max(min(math.sqrt(_FULL / max(count, 1)), 1.0), _SMALLEST)
    width, height = round(share * _BOX[0]), round(share * _BOX[1])
    if aspect * height <= width:
        return max(round(aspect * height), 1), height
    return width, max(round(width / aspect), 1)
