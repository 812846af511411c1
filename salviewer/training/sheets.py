"""Draw sheets of samples: rows of stimulus, ground truth and prediction, each in its own aspect ratio."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from cmap import Colormap
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from salviewer.core.strict_json import loads
from salviewer.media.fonts import shipped_font
from salviewer.media.saving import atomic_path

MOST = 24
"""Most rows of a sheet."""
FEWEST = 4
"""Least rows, if there are that many samples."""

_INK, _PAPER = (40, 44, 52), (255, 255, 255)
_BOX = (320, 180)
"""(width, height) into which each picture fits."""
_HEADER, _MARGIN, _NAMED = 26, 3, 18
_BOXES = "salviewer-boxes"
_Triplet = tuple[NDArray[Any], NDArray[Any], NDArray[Any]]


def spread(categories: Sequence[str]) -> list[int]:
    """Choose samples to show: one of each category, then a second of each, in the order of the samples.

    Args:
        categories: of each sample.

    Returns:
        sorted indices: at least `FEWEST`, if there are that many, and at most `MOST`.
    """
    places: dict[str, list[int]] = {}
    for number, category in enumerate(categories):
        places.setdefault(category, []).append(number)
    turns = max((len(numbers) for numbers in places.values()), default=0)
    order = [numbers[turn] for turn in range(turns) for numbers in places.values() if turn < len(numbers)]
    return sorted(order[: min(max(len(places), FEWEST), MOST)])


def draw_triplets(
    triplets: Sequence[_Triplet],
    aspects: Sequence[float],
    path: Path,
    names: Sequence[str] = (),
    more: int = 0,
) -> None:
    """Save a sheet as PNG, with a row per sample.

    Args:
        triplets: stimulus, uint8 (h, w, 3), ground truth and predicted density, of any size.
        aspects: width / height of each picture, to which all three are stretched back.
        path: the file.
        names: of the samples, each drawn above its row; none if empty.
        more: number of categories of which no sample is shown, which the foot says.

    Raises:
        ExportError: the file cannot be written.
    """
    table = (np.asarray(Colormap("inferno")(np.linspace(0, 1, 256)))[:, :3] * 255).astype(np.uint8)
    sizes = [fitted_size(aspect) for aspect in aspects]
    column = max(width for width, _ in sizes) + 2 * _MARGIN
    band = _NAMED if names else 0
    foot = _HEADER if more else 0
    height = _HEADER + sum(band + size[1] + 2 * _MARGIN for size in sizes) + foot
    sheet = np.full((height, 3 * column, 3), 255, np.uint8)
    boxes, top = [], _HEADER
    for (stimulus, truth, predicted), (width, tall) in zip(triplets, sizes, strict=True):
        top += band
        cells = [cv2.resize(stimulus, (width, tall), interpolation=cv2.INTER_AREA)]
        for density in (truth, predicted):
            finite = np.nan_to_num(np.asarray(density, np.float32), posinf=0.0, neginf=0.0)
            levels = np.rint(255 * finite / max(float(finite.max()), 1e-12)).astype(np.uint8)
            cells.append(table[cv2.resize(levels, (width, tall))])
        row = []
        for number, cell in enumerate(cells):
            left = number * column + (column - width) // 2
            sheet[top + _MARGIN : top + _MARGIN + tall, left : left + width] = cell
            row.append((left, top + _MARGIN, width, tall))
        boxes.append(row)
        top += tall + 2 * _MARGIN
    image = Image.fromarray(sheet)
    pen = ImageDraw.Draw(image)
    for index, title in enumerate(("stimulus", "fixation map", "prediction")):
        pen.text(((index + 0.5) * column, 14), title, _INK, ImageFont.load_default(14), anchor="mm")
    for row, name in zip(boxes, names, strict=False):
        centre = (1.5 * column, row[0][1] - band / 2)
        _put_line(pen, name, centre, 3 * column - 2 * _MARGIN)
    if more:
        said = f"of {more} more {'category' if more == 1 else 'categories'} no sample is shown"
        pen.text((1.5 * column, height - foot / 2), said, _INK, ImageFont.load_default(14), anchor="mm")
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


def _put_line(pen: ImageDraw.ImageDraw, text: str, centre: tuple[float, float], room: float) -> None:
    """Draw a line in the middle of a place, shortened to its width."""
    font = ImageFont.truetype(str(shipped_font()), 12)
    shown = text
    while shown and font.getlength(shown) > room:
        shown = shown[:-2].rstrip("…") + "…" if len(shown) > 2 else ""
    pen.text(centre, shown, _INK, font, anchor="mm")


def fitted_size(aspect: float) -> tuple[int, int]:
    """Return (width, height) of the largest picture of an aspect ratio that fits into 320x180 pixels."""
    width, height = _BOX
    if aspect * height <= width:
        return max(round(aspect * height), 1), height
    return width, max(round(width / aspect), 1)
