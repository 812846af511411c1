"""The file formats of maps, a row each: how a map is written, and what the format is called everywhere.

A new format is a function that writes it and a `MapFormat` in the table at the end of this module. Orders,
the export form, its settings and the command line take it from the table.
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
"""Writes a map, (h, w), finite, not negative, with a description where the format has room for one.

The file is complete or not there. Raises `ExportError` if it cannot be written.
"""


@dataclass(frozen=True, slots=True)
class MapFormat:
    """A file format of maps.

    Attributes:
        name: on the command line and in settings.
        ending: what follows the picture's stem in the file's name, suffix included. No two may be equal.
        title: name for people, with the "&" of a tick box if it has a key.
        tip: what the values are, in a line.
        write: writes one.
        video_ending: what follows a video's stem where its maps can be written so: ".npz" for one archive,
            another for a folder; "" where they cannot.
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
"""The formats, in the order of forms and help."""
