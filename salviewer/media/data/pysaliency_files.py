"""pysaliency's HDF5 files: stimuli and fixations, read and written without pysaliency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.errors import DataError
from salviewer.media.data.archives import place_for
from salviewer.media.fixation_files import Fixations

SUFFIXES = (".hdf5", ".h5")
STIMULI_KINDS = ("FileStimuli", "Stimuli")
FIXATION_KINDS = ("Fixations", "FixationTrains", "ScanpathFixations", "Scanpaths")
"""pysaliency's words for what is in a file; the last two since its version 0.3."""


def kind_of(path: Path) -> str:
    """Return pysaliency's word for what is in a file, such as ``FileStimuli``; "" for another HDF5 file."""
    import h5py

    try:
        with h5py.File(path, "r") as file:
            value = file.attrs.get("type", "")
            return value.decode() if isinstance(value, bytes) else str(value)
    except OSError:
        return ""


def read_stimuli(path: Path) -> tuple[Path, ...]:
    """Return the picture files of a ``FileStimuli`` or ``Stimuli`` file, in its order.

    Pictures that lie in the file itself are written into the program's cache once.

    Raises:
        DataError: it is neither, or damaged.
    """
    import h5py

    try:
        with h5py.File(path, "r") as file:
            if "filenames" in file:
                names = [_text(name) for name in file["filenames"][()]]
                return tuple(path.parent / PurePosixPath(name.replace("\\", "/")) for name in names)
            count = int(file.attrs["size"])
            folder = place_for(path, kind="stimuli")
            folder.mkdir(parents=True, exist_ok=True)
            return tuple(_picture(folder / f"{number}.png", file[str(number)]) for number in range(count))
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise DataError(path, "it holds no stimuli as pysaliency writes them") from error


def read_fixations(path: Path) -> Mapping[str, Fixations]:
    """Return the fixations of a file of one of `FIXATION_KINDS`, by the stimulus' number from 0.

    Raises:
        DataError: it is none, or damaged.
    """
    import h5py

    try:
        with h5py.File(path, "r") as file:
            if "train_xs" in file:
                x, y, t, n, subjects = _trains(file)
            elif "xs" in (paths := file.get("scanpaths", file)):
                x, y, t, n, subjects = _scanpaths(paths)
            else:
                whose = "subjects" if "subjects" in file else "subject"
                x, y, t, n, subjects = (np.asarray(file[name][()]) for name in ("x", "y", "t", "n", whose))
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise DataError(path, "it holds no fixations as pysaliency writes them") from error
    found = {}
    points = np.stack([y, x], 1).astype(np.float64)
    if (points == np.floor(points)).all():
        points += 0.5  # whole numbers name pixels, of which this is the middle
    for number in np.unique(n).tolist():
        mine = np.flatnonzero(n == number)
        mine = mine[np.lexsort((t[mine], subjects[mine]))]
        found[str(int(number))] = Fixations(points[mine], subjects[mine].astype(np.int64), starts=t[mine])
    return found


def write_stimuli(path: Path, pictures: Sequence[Path], sizes: Sequence[tuple[int, int]]) -> None:
    """Write a ``FileStimuli`` file that pysaliency opens.

    Args:
        path: the file; it is written anew.
        pictures: their files; names in it are relative to its folder.
        sizes: (width, height) of each.
    """
    import os

    import h5py

    with h5py.File(path, "w") as file:
        _describe(file, "FileStimuli", "2.1")
        names = [Path(os.path.relpath(each, path.parent)).as_posix() for each in pictures]
        file.create_dataset("filenames", data=[name.encode() for name in names], dtype=h5py.string_dtype())
        file.create_dataset(
            "shapes", data=np.array([(height, width, 3) for width, height in sizes], np.int64)
        )
        file.attrs["size"] = len(names)


def write_fixations(path: Path, fixations: Sequence[Fixations]) -> None:
    """Write a ``Fixations`` file that pysaliency opens.

    Args:
        path: the file; it is written anew.
        fixations: of each stimulus, (row, column) in the picture's pixels from 0 at its border.
    """
    import h5py

    counts = [len(each.points) for each in fixations]
    points = np.concatenate([np.zeros((0, 2)), *[each.points for each in fixations]])
    times = [each.starts if each.starts is not None else np.arange(len(each.points)) for each in fixations]
    total = len(points)
    with h5py.File(path, "w") as file:
        _describe(file, "Fixations", "1.0")
        file.create_dataset("x", data=points[:, 1])
        file.create_dataset("y", data=points[:, 0])
        file.create_dataset("t", data=np.concatenate([np.zeros(0), *times]).astype(np.float64))
        file.create_dataset("n", data=np.repeat(np.arange(len(counts)), counts))
        whose = np.concatenate([np.zeros(0, np.int64), *[each.viewers for each in fixations]])
        file.create_dataset("subjects", data=np.maximum(whose, 0))
        file.create_dataset("lengths", data=np.zeros(total, np.int64))
        for name in ("x_hist", "y_hist", "t_hist"):
            file.create_dataset(name, data=np.full((total, 1), np.nan))


def _describe(file: Any, kind: str, version: str) -> None:
    file.attrs["type"] = np.bytes_(kind)
    file.attrs["version"] = np.bytes_(version)
    file.attrs["__attributes__"] = np.bytes_("[]")


def _trains(file: Any) -> list[NDArray[np.float64]]:
    """The fixations of scanpaths, rows padded with NaN, one after the other."""
    xs, ys, ts = (np.asarray(file[name][()], np.float64) for name in ("train_xs", "train_ys", "train_ts"))
    there = ~np.isnan(xs)
    lengths = there.sum(axis=1)
    numbers, subjects = (
        np.repeat(np.asarray(file[name][()]), lengths) for name in ("train_ns", "train_subjects")
    )
    return [xs[there], ys[there], ts[there], numbers, subjects]


def _scanpaths(group: Any) -> list[NDArray[np.float64]]:
    """The fixations of pysaliency 0.3's ``Scanpaths``: rows of which the first ``lengths`` are used."""
    lengths = np.asarray(group["lengths"][()], np.int64)
    xs = np.asarray(group["xs"][()], np.float64)
    there = np.arange(xs.shape[1]) < lengths[:, None]
    ys, ts = (np.asarray(item[()], np.float64) for item in (group["ys"], group["fixation_attributes"]["ts"]))
    whose = np.asarray(group["scanpath_attributes"]["subject"][()])
    numbers, subjects = (np.repeat(each, lengths) for each in (np.asarray(group["n"][()]), whose))
    return [xs[there], ys[there], ts[there], numbers, subjects]


def _picture(target: Path, data: Any) -> Path:
    if not target.exists():
        from salviewer.media.saving import save_picture

        pixels = np.asarray(data[()])
        pixels = np.repeat(pixels[..., None], 3, axis=2) if pixels.ndim == 2 else pixels[..., :3]
        save_picture(target, np.ascontiguousarray(pixels, np.uint8))
    return target


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
