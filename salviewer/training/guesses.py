"""Sources of the maps that are scored: a network, or a folder of maps from any other program."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.errors import DataError
from salviewer.media.data.names import MAP_SUFFIXES
from salviewer.media.ground_truth import read_fixation_map
from salviewer.models.predictor import Predictor
from salviewer.training.pack import Pack

_ARRAY = ".npy"


@dataclass(frozen=True, slots=True, eq=False)
class Guesser:
    """A named source of maps.

    Attributes:
        name: in the table.
        maps: return one non-negative map (h, w), in any size and scale, for each of the sample names given.
        stimuli: of a network: return what it is given for these names, (n, h, w, 3).
    """

    name: str
    maps: Callable[[Sequence[str]], Sequence[NDArray[Any]]]
    stimuli: Callable[[Sequence[str]], NDArray[np.uint8]] | None = None


def guesser_of(predictor: Predictor, seen: Pack) -> Guesser:
    """Return a network as a source of maps.

    Args:
        predictor: the network.
        seen: the samples at its input size; samples of another size are resized.
    """
    place = {name: row for row, name in enumerate(seen.names)}

    def stimuli(names: Sequence[str]) -> NDArray[np.uint8]:
        return np.asarray(seen.stimuli[[place[name] for name in names]])

    def maps(names: Sequence[str]) -> Sequence[NDArray[np.float32]]:
        aspects = [float(seen.aspects[place[name]]) for name in names]
        return list(predictor.densities(stimuli(names), aspects))

    return Guesser(predictor.name, maps, stimuli)


def ready_made(folder: Path, pack: Pack, held: Sequence[str], dataset: str = "") -> Guesser:
    """Return the maps in a folder, found by the pictures' names, under the folder's name.

    The map of ``CATEGORY/NAME.jpg`` is ``CATEGORY/NAME.png`` (or another suffix of `MAP_SUFFIXES`, or
    ``.npy``) in the folder or in its subfolder named after the data set, or else ``NAME.png`` in the folder
    itself. It has 8 or 16 bits, or is an array (h, w) of finite, non-negative numbers, and covers the whole
    picture.

    Args:
        folder: the folder of maps.
        pack: the samples, whose aspect ratios the maps must have.
        held: names of samples to score; names that the pack lacks are left out.
        dataset: name of the data set.

    Raises:
        DataError: the folder is missing or lacks a map; ``maps`` raises it later if a map cannot be used.
    """
    if not folder.is_dir():
        raise DataError(folder, "it is not a folder")
    aspects: Mapping[str, float] = dict(zip(pack.names, pack.aspects.tolist(), strict=True))
    known = [name for name in held if name in aspects]
    found = {name: _file_of(folder, name, dataset) for name in known}
    missing = [name for name, file in found.items() if file is None]
    if missing:
        raise DataError(
            folder, f"it has no map of {len(missing)} of {len(known)} pictures; the first: {missing[0]}"
        )

    def maps(names: Sequence[str]) -> Sequence[NDArray[Any]]:
        files = [(file, aspects[name]) for name in names if (file := found[name]) is not None]
        return [_read(file, aspect) for file, aspect in files]

    return Guesser(folder.resolve().name, maps)


def _file_of(folder: Path, name: str, dataset: str) -> Path | None:
    """Return the file of a sample's map; None if there is none."""
    category, _, stem = name.rpartition("/")
    for place in (folder / category, folder / dataset / category, folder):
        for suffix in (*MAP_SUFFIXES, _ARRAY):
            # A stem may contain a dot, so the suffix is appended instead of replaced.
            if (file := place / f"{stem}{suffix}").is_file():
                return file
    return None


def _read(file: Path, aspect: float) -> NDArray[np.floating[Any]]:
    """Return a map as it is; whoever scores it brings it to a size.

    Raises:
        DataError: it cannot be read, is empty, or its aspect ratio differs from its picture's.
    """
    density: NDArray[np.floating[Any]] = (
        _read_array(file) if file.suffix == _ARRAY else read_fixation_map(file)
    )
    height, width = density.shape
    # The aspect ratio of a map with few cells can only match approximately.
    if not 0.95 - 1 / height < (width / height) / aspect < 1.05 + 1 / height:
        raise DataError(file, f"it has another aspect ratio ({width} x {height}) than its picture")
    return density


def _read_array(file: Path) -> NDArray[np.float64]:
    try:
        values = np.load(file, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise DataError(file, "the map is damaged or not an array of numbers") from error
    if (
        not isinstance(values, np.ndarray)
        or values.ndim != 2
        or values.dtype.kind not in "biuf"
        or not values.size
    ):
        raise DataError(file, "the map is not an array of numbers with rows and columns")
    density = values.astype(np.float64)
    if not np.isfinite(density).all() or density.min() < 0:
        raise DataError(file, "the map holds negative numbers or some that are not finite")
    if density.max() <= 0:
        raise DataError(file, "the map is empty")
    return density
