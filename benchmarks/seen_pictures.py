"""Pictures with people's fixations and a network's maps, for `applications.py`; maps are cached in a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import checkout  # noqa: F401
import numpy as np
from numpy.typing import NDArray

from salviewer.core.saliency_map import SaliencyMap
from salviewer.media.fixation_files import read_fixation_file
from salviewer.media.images import load_picture
from salviewer.models.loading import load_model
from salviewer.training.datasets import Sample, open_dataset
from salviewer.training.splits import read_split


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A picture, its map, and where people looked: (n, 2) of x and y in fractions of its sides, 0..1."""

    category: str
    name: str
    pixels: NDArray[np.uint8]
    saliency: SaliencyMap
    fixations: NDArray[np.float64]


def seen_pictures(folders: Sequence[Path], model: str, cache: Path, every: int) -> list[Seen]:
    """Read the pictures of each data set that its split keeps for tests; of a set without any, for choices.

    Args:
        folders: data sets, in the layout of CAT2000, each with a split.
        model: predicts.
        cache: an .npz with the maps; made if missing, used if it has the map of a picture by these weights.
        every: one of so many pictures.
    """
    samples = [sample for folder in folders for sample in _held(folder)[::every]]
    predictor = load_model(model)
    weights = predictor.card.sha256
    known: dict[str, NDArray[np.float32]] = {}
    if cache.is_file():
        with np.load(cache) as content:
            known = {name: content[name] for name in content.files if name.startswith(f"{weights}/")}
    before = len(known)
    found = []
    for sample in samples:
        pixels = load_picture(sample.stimulus).pixels
        size = (pixels.shape[1], pixels.shape[0])
        key = f"{weights}/{sample.name}"
        if key not in known:
            known[key] = predictor.predict(pixels).density
        assert sample.locations is not None
        places = read_fixation_file(sample.locations, size).points[:, ::-1].astype(np.float64)
        inside = places[((places >= 0) & (places <= 1)).all(axis=1)]
        if len(inside):
            saliency = SaliencyMap(known[key], size, model)
            found.append(Seen(sample.category, sample.name, pixels, saliency, inside))
    if len(known) > before:
        np.savez(cache, **known)  # type: ignore[arg-type]
    return found


def _held(folder: Path) -> list[Sample]:
    dataset = open_dataset(folder)
    if dataset.split_file is None:
        raise SystemExit(f"{folder} has no split")
    split = read_split(dataset.split_file, dataset)
    names = set(split.test or split.val)
    return [sample for sample in dataset.samples if sample.name in names and sample.locations is not None]
