"""Write a data set in another layout: CAT2000's folders, or pysaliency's HDF5."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from PIL import Image

from salviewer.errors import DataError, ExportError, ImageError
from salviewer.media.data.pysaliency_files import write_fixations, write_stimuli
from salviewer.media.data.records import SIGMA, density_of
from salviewer.media.fixation_files import Fixations
from salviewer.media.ground_truth import read_fixation_map
from salviewer.media.images import load_picture
from salviewer.media.saving import atomic_path
from salviewer.models.preprocess import resize
from salviewer.training.datasets import Dataset, Problem, Sample
from salviewer.training.decoding import recorded_fixations
from salviewer.training.splits import own_split

Target = Literal["cat2000", "hdf5"]
TARGETS: tuple[Target, ...] = get_args(Target)
_NO_CATEGORY = "All"


def convert(
    dataset: Dataset, to: Target, folder: Path, progress: Callable[[int, int], None] | None = None
) -> tuple[Problem, ...]:
    """Write a data set in another layout.

    ``cat2000`` keeps pictures, densities and fixated pixels; who looked, when, and twice at one pixel has no
    place in it. ``hdf5`` keeps pictures and every fixation with its viewer and time, for pysaliency, and no
    densities. The split of the data set, if it has one, goes along as ``split.json``.

    Args:
        dataset: what to write.
        to: the layout.
        folder: a new or empty folder.
        progress: called with (done, total); an exception from it ends the writing.

    Returns:
        what could not be written, and why.

    Raises:
        ExportError: the folder is not empty, or cannot be written.
        DataError: the data set has no ground truth, or for ``hdf5`` no fixations.
    """
    if dataset.layout == "photographs":
        raise DataError(dataset.root, "it has no ground truth to convert")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ExportError(folder, "it is there already and not empty; name a new folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        made = _cat2000 if to == "cat2000" else _hdf5
        names, problems = made(dataset, folder, progress or (lambda done, total: None))
        split = own_split(dataset)
        if split is not None:
            parts = {
                part: [names[name] for name in getattr(split, part) if name in names]
                for part in ("train", "val", "test")
            }
            with atomic_path(folder / "split.json") as scratch:
                scratch.write_text(json.dumps({**parts, "origin": split.origin}, indent=1) + "\n")
    except OSError as error:
        raise ExportError(
            folder, f"it could not be written: {(error.strerror or str(error)).lower()}"
        ) from error
    return tuple(problems)


def _cat2000(
    dataset: Dataset, folder: Path, progress: Callable[[int, int], None]
) -> tuple[dict[str, str], list[Problem]]:
    from scipy.io import savemat

    names: dict[str, str] = {}
    problems: list[Problem] = []
    for number, sample in enumerate(dataset.samples):
        category = sample.category.replace("/", "_") or _NO_CATEGORY
        stem = sample.name.rpartition("/")[2]
        base = folder / "trainSet"
        try:
            picture = load_picture(sample.stimulus)
            size = picture.full_size
            seen = recorded_fixations(sample, size)
            if not sample.mapped:
                sigma = sample.blur / size[0] if sample.blur else SIGMA
                density = density_of(seen.points, (size[1], size[0]), sigma)
            else:
                density = np.asarray(
                    resize(read_fixation_map(sample.fixation_map), (size[1], size[0])), np.float32
                )
        except (ImageError, DataError) as error:
            problems.append(Problem(sample.name, f"{Path(error.path).name}: {error.reason}"))
            continue
        for kind in ("Stimuli", "FIXATIONMAPS", "FIXATIONLOCS"):
            (base / kind / category).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(
            sample.stimulus, base / "Stimuli" / category / f"{stem}{sample.stimulus.suffix.lower()}"
        )
        levels = np.rint(density * (255 / density.max())).astype(np.uint8)
        Image.fromarray(levels).save(base / "FIXATIONMAPS" / category / f"{stem}.png")
        if len(seen.points):
            matrix = np.zeros((size[1], size[0]), np.uint8)
            cells = np.minimum((seen.points * matrix.shape).astype(int), np.array(matrix.shape) - 1)
            matrix[cells[:, 0], cells[:, 1]] = 1
            place = base / "FIXATIONLOCS" / category / f"{stem}.mat"
            savemat(place, {"fixLocs": matrix}, do_compression=True)
        names[sample.name] = f"{category}/{stem}"
        progress(number + 1, len(dataset.samples))
    return names, problems


def _hdf5(
    dataset: Dataset, folder: Path, progress: Callable[[int, int], None]
) -> tuple[dict[str, str], list[Problem]]:
    names: dict[str, str] = {}
    problems: list[Problem] = []
    pictures: list[Path] = []
    sizes: list[tuple[int, int]] = []
    seen: list[Fixations] = []
    for number, sample in enumerate(dataset.samples):
        try:
            size = load_picture(sample.stimulus).full_size
            found = recorded_fixations(sample, size)
            if not len(found.points):
                raise DataError(sample.locations or sample.fixation_map, "there are no fixations on it")
        except (ImageError, DataError) as error:
            problems.append(Problem(sample.name, f"{Path(error.path).name}: {error.reason}"))
            continue
        target = folder / "stimuli" / f"{_flat(sample)}{sample.stimulus.suffix.lower()}"
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(sample.stimulus, target)
        pictures.append(target)
        sizes.append(size)
        points = found.points * np.array((size[1], size[0]), np.float32)
        seen.append(Fixations(points, found.viewers, starts=found.starts))
        names[sample.name] = _flat(sample)
        progress(number + 1, len(dataset.samples))
    if not pictures:
        detail = f"; the first problem is {problems[0]}" if problems else ""
        raise DataError(dataset.root, f"it has not one picture with fixations{detail}")
    with atomic_path(folder / "stimuli.hdf5") as scratch:
        write_stimuli(scratch, pictures, sizes)
    with atomic_path(folder / "fixations.hdf5") as scratch:
        write_fixations(scratch, seen)
    return names, problems


def _flat(sample: Sample) -> str:
    return sample.name.replace("/", "-")
