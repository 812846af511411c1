"""The table of file formats for maps: how each is written, and its names everywhere.

A new format is a function that writes it and a `MapFormat` in the table at the end of this module; orders,
the export form, its settings and the command line read the table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.core.registry import Registry
from salviewer.media.saving import save_map_npy, save_map_png8, save_map_png16, save_map_tiff

WriteMap = Callable[[Path, NDArray[np.floating[Any]], str], None]
"""Writes a map, (h, w), finite, not negative, with a description if the format has room for one.

The file is complete or absent. Raises `ExportError` if it cannot be written.
"""


@dataclass(frozen=True, slots=True)
class MapFormat:
    """A file format for maps.

    Attributes:
        name: on the command line and in settings.
        ending: the part of the file's name after the picture's stem, with the suffix; must be unique.
        title: name for display, with "&" before the key of its tick box, if it has one.
        tip: the meaning of its values, in one line.
        write: writes a map.
        video_ending: the part after a video's stem if the format can hold a video's maps: ".npz" for an
            archive, another ending for a folder; "" if it cannot.
    """

    name: str
    ending: str
    title: str
    tip: str
    write: WriteMap
    video_ending: str = ""


def _write_npy(path: Path, density: NDArray[np.floating[Any]], description: str) -> None:
    save_map_npy(path, density)


MAP_FORMATS: Registry[MapFormat] = Registry(
    "a map format",
    (
        MapFormat("png8", "_map8.png", "PNG, 8 bit", "Grey, the largest value is 255", save_map_png8),
        MapFormat(
            "png16",
            "_map.png",
            "PNG, 16 bit",
            "Grey, the largest value is 65535",
            save_map_png16,
            video_ending="_maps",
        ),
        MapFormat(
            "tiff",
            "_map.tiff",
            "TIFF, float",
            "The values themselves: shares of all fixations",
            save_map_tiff,
        ),
        MapFormat(
            "npy",
            ".npy",
            "NPY, float",
            "The values themselves, for NumPy",
            _write_npy,
            video_ending=".npz",
        ),
    ),
)
"""The formats, in the order of forms and help texts."""
