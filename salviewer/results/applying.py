"""Uses of a map for one picture of a batch, and their files."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from salviewer.core.applications.crops import Crop, CropError, CropRequest
from salviewer.core.applications.uses import Applied, Helpers, Uses
from salviewer.errors import ImageError
from salviewer.first_use import cv2
from salviewer.media.saving import save_picture
from salviewer.media.tables import Cell, Table, save_table
from salviewer.results.cutout_files import save_cutout
from salviewer.results.finders import apply_uses
from salviewer.results.order import CutoutFormat, Order, RegionFormat, Size, WordFormat
from salviewer.results.region_files import save_regions
from salviewer.results.source import Source
from salviewer.results.word_files import save_words

_own_code = threading.Lock()  # pictures are written by several threads; a user's function is asked by one


def applied_to(source: Source, uses: Uses, helpers: Helpers) -> Applied:
    """Make the uses of one picture.

    Raises:
        ImageError: one is not possible with this picture.
    """
    try:
        with _own_code if helpers.finders or helpers.caption is not None else nullcontext():
            return apply_uses(source.picture.pixels, source.saliency, uses, source.areas, helpers)
    except CropError as error:
        raise ImageError(source.picture.path or source.name, str(error)) from error


def save_use(path: Path, what: str, order: Order, source: Source, applied: Applied) -> None:
    """Write one file of a use; `what` is a key of `Order.endings`.

    Raises:
        ExportError: it cannot be written.
    """
    kind, _, name = what.partition(" ")
    if kind == "regions":
        save_regions(path, cast("RegionFormat", name), source, applied)
    elif kind == "words":
        save_words(path, cast("WordFormat", name), applied)
    elif kind == "cutout":
        save_cutout(path, cast("CutoutFormat", name), source, applied)
    elif kind == "crop":
        crop = next(crop for request, crop in applied.crops if request.name == name)
        pixels = sized(crop.of(source.picture.pixels), order.size)
        save_picture(path, pixels, quality=order.quality, icc=source.picture.icc)
    else:
        save_table(path, crop_table([(source.name, *pair) for pair in applied.crops]))


def crop_entries(picture: str, applied: Applied) -> list[dict[str, object]]:
    """List a picture's crops for programs: picture, crop, x, y, width, height (shares of its sides), kept."""
    table = crop_table([(picture, *pair) for pair in applied.crops])
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def sized(pixels: NDArray[np.uint8], size: Size) -> NDArray[np.uint8]:
    """Scale a picture as `size` says."""
    height, width = pixels.shape[:2]
    wanted = size.of(width, height)
    if wanted == (width, height):
        return pixels
    way = cv2.INTER_AREA if wanted[0] < width else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, wanted, interpolation=way), np.uint8)


def crop_table(rows: Sequence[tuple[str, CropRequest, Crop]]) -> Table:
    """List crops: picture, aspect, x, y, width and height in shares of the picture, kept, pixels, cut."""

    def row(picture: str, request: CropRequest, crop: Crop) -> tuple[Cell, ...]:
        shares = (round(value, 6) for value in crop.fractions)
        pixels = (crop.left, crop.top, crop.width, crop.height)
        return picture, str(request), *shares, round(crop.kept, 6), *pixels, "; ".join(crop.cut)

    columns = ("picture", "crop", "x", "y", "width", "height", "kept")
    pixels = ("x_pixels", "y_pixels", "width_pixels", "height_pixels")
    return Table((*columns, *pixels, "cut"), tuple(row(*each) for each in rows))
