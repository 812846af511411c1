"""Fixation records: one file, or folder, with all viewers' fixations on all pictures.

Each kind is a row of `RECORDS`: how it is recognised and how it is read. What a record holds is kept in the
picture's pixels, or in those of a frame of its own, until the picture's size is known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.core.agreement import fixated_cells
from salviewer.errors import DataError
from salviewer.first_use import cv2
from salviewer.media.data.names import TABLE_SUFFIXES
from salviewer.media.data.tables import is_table, read_table
from salviewer.media.fixation_files import NOTHING, Fixations
from salviewer.media.mat_files import read_mat

SIGMA = 0.03
"""Standard deviation of the density, in fractions of the picture's width: about one degree in OSIE."""

_FLOATS = NDArray[np.float32]
Record = Mapping[str, Fixations]
"""Fixations by the picture's name: (row, column) in pixels from 0, or in pixels of ``Fixations.frame``."""


@dataclass(frozen=True, slots=True)
class RecordKind:
    """A kind of record.

    Attributes:
        title: for a sentence about one that cannot be read.
        known: whether a path is one, by name and kind of file alone.
        read: reads one; raises DataError, or KeyError, TypeError, ValueError or IndexError where its content
            is something else.
    """

    title: str
    known: Callable[[Path], bool]
    read: Callable[[Path], Record]


def read_record(path: Path) -> Record:
    """Return all fixations of a record by the picture's name.

    Raises:
        DataError: the file cannot be read, or is not a fixation record.
    """
    try:
        return _read(path, path.stat().st_mtime_ns)
    except OSError as error:
        raise DataError(path, f"the fixation record cannot be read ({error.strerror or error})") from error


def named_in(record: Record, picture: Path) -> str:
    """Return the name by which a record knows a picture: its file's name, or that without suffix; else ""."""
    for name in (picture.name, picture.stem):
        if len(record.get(name, NOTHING).points):
            return name
    return ""


def fixations_within(record: Path, name: str, size: tuple[int, int]) -> Fixations:
    """The fixations on one picture that fall inside it.

    Args:
        record: the file.
        name: the picture's name in it.
        size: (height, width) of the picture in pixels.

    Returns:
        (row, column) in 0..1.

    Raises:
        DataError: as ``read_record``, or there are no fixations on this picture.
    """
    seen = read_record(record).get(name, NOTHING)
    inside = seen.placed(size)
    if not len(inside.points):
        raise DataError(record, f"it has no fixation inside {name}")
    return inside


def density_of(points: NDArray[np.float64], size: tuple[int, int], sigma: float = SIGMA) -> _FLOATS:
    """Return a density of fixations, float32 ``size`` with peak 1, from (row, column) in 0..1.

    Args:
        points: (n, 2).
        size: (height, width).
        sigma: standard deviation of the Gaussian in fractions of the width.
    """
    cells = fixated_cells(points, size)
    counts = np.zeros(size, np.float32)
    np.add.at(counts, (cells[:, 0], cells[:, 1]), 1)
    smooth: _FLOATS = np.asarray(cv2.GaussianBlur(counts, (0, 0), sigma * size[1]), np.float32)
    smooth /= smooth.max()
    return smooth


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> Record:
    problem: Exception | None = None
    for kind in RECORDS:
        if kind.known(path):
            try:
                return MappingProxyType(kind.read(path))
            except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
                problem = error
    reason = "it has no list `fixations` of `img` and `subjects` with `fix_x` and `fix_y`"
    known = ", ".join(kind.title for kind in RECORDS)
    raise DataError(path, reason if path.name == "fixations.mat" else f"it is none of {known}") from problem


def _osie(path: Path) -> Record:
    """OSIE's ``fixations``, a list of ``img`` and ``subjects`` with ``fix_x`` and ``fix_y``, from 1."""
    entries = _list(read_mat(path)["fixations"])
    return {str(entry["img"]): _together(_list(entry["subjects"])) for entry in entries}


def _figrim(path: Path) -> Record:
    """FIGRIM's ``allImages``: ``filename`` and for each viewer ``userdata`` with ``fixations.enc`` (x, y)."""
    found = {}
    for entry in _list(read_mat(path)["allImages"]):
        lists = []
        for viewer in _list(entry["userdata"]):
            fixations = viewer.get("fixations") if isinstance(viewer, Mapping) else None
            seen = fixations.get("enc", ()) if isinstance(fixations, Mapping) else ()
            lists.append(np.asarray(seen, np.float64).reshape(-1, 2))
        found[str(entry["filename"])] = _of_lists(lists, 0.5)
    return found


def _pascal_s(path: Path) -> Record:
    """PASCAL-S's ``fixCell``: for picture ``1.jpg``, ``2.jpg``, ... rows of y, x and viewer, from 1."""
    found = {}
    for number, rows in enumerate(_list(read_mat(path)["fixCell"]), 1):
        values = np.asarray(rows, np.float64).reshape(-1, 3)
        whose = values[:, 2].astype(np.int64) - 1
        found[str(number)] = Fixations(values[:, :2] - 0.5, whose)
    return found


def _toronto(path: Path) -> Record:
    """Toronto's ``white``: for picture ``1.jpg``, ``2.jpg``, ... a matrix, not 0 where somebody looked."""
    found = {}
    for number, matrix in enumerate(np.ravel(np.asarray(read_mat(path)["white"], object)), 1):
        rows, columns = np.nonzero(np.asarray(matrix))
        points = np.stack([rows, columns], 1).astype(np.float64) + 0.5
        found[str(number)] = Fixations.of_unknown(points)
    return found


def _dut_omron(folder: Path) -> Record:
    """DUT-OMRON's folder of ``NAME.mat``: ``s``, rows of x, y and viewer; viewer 0 is the picture's size."""
    found = {}
    for path in sorted(folder.glob("*.mat")):
        rows = np.asarray(read_mat(path)["s"], np.float64).reshape(-1, 3)
        seen = rows[rows[:, 2] > 0]
        size = rows[rows[:, 2] == 0]
        frame = (float(size[0, 1]), float(size[0, 0])) if len(size) else None
        points = np.asarray(seen[:, 1::-1] + 0.5, np.float64)
        found[path.stem] = Fixations(points, seen[:, 2].astype(np.int64) - 1, frame=frame)
    return found


def _toronto_raw(folder: Path) -> Record:
    """Toronto's ``Raw/VIEWER/NAME.fix``: lines of number, x, y and time below ``Fixation Listing``."""
    lists: dict[str, list[NDArray[np.float64]]] = {}
    for path in sorted(folder.glob("*/*.fix")):
        text = path.read_text(encoding="latin-1").replace("\r", "")
        _, _, listing = text.partition("Fixation Listing")
        lines = (re.findall(r"[\d.]+", line.replace(",", " ")) for line in listing.splitlines())
        rows = [[float(value) for value in line[1:3]] for line in lines if len(line) >= 4]
        lists.setdefault(path.stem, []).append(np.array(rows, np.float64).reshape(-1, 2))
    return {name: _of_lists(each, -0.5) for name, each in lists.items()}


def _of_lists(lists: list[NDArray[np.float64]], first: float) -> Fixations:
    """Each viewer's (x, y), in which ``first`` is the middle of the first pixel less a half."""
    points = np.concatenate([np.zeros((0, 2)), *lists])[:, ::-1] - first
    whose = np.repeat(np.arange(len(lists)), [len(each) for each in lists])
    everything = Fixations(points.astype(np.float64), whose.astype(np.int64))
    return everything.only(np.asarray(np.isfinite(everything.points).all(axis=1)))


def _list(value: Any) -> list[Any]:
    """Return the value as a list: MATLAB stores a list of one entry as the entry."""
    return list(value) if isinstance(value, list | np.ndarray) else [value]


def _together(subjects: list[Any]) -> Fixations:
    if not subjects:
        return NOTHING
    rows = [np.atleast_1d(np.asarray(subject["fix_y"], np.float64)).ravel() for subject in subjects]
    columns = [np.atleast_1d(np.asarray(subject["fix_x"], np.float64)).ravel() for subject in subjects]
    lists = [np.stack(pair, 1) for pair in zip(columns, rows, strict=True)]
    kept = _of_lists(lists, 0.5)
    times = [subject.get("fix_duration") for subject in subjects]
    if all(each is not None for each in times):
        durations = np.concatenate([np.atleast_1d(np.asarray(each, np.float64)).ravel() for each in times])
        whole = np.concatenate([np.isfinite(each).all(axis=1) for each in lists])
        if len(durations) == len(whole):
            return Fixations(kept.points, kept.viewers, durations=durations[whole] / 1000)
    return kept


def _mat(path: Path) -> bool:
    return path.suffix.lower() == ".mat" and path.is_file()


def _is_tables(path: Path) -> bool:
    if path.is_dir():
        return any(map(is_table, path.iterdir()))
    return path.suffix.lower() in TABLE_SUFFIXES


def _raw_gaze(folder: Path) -> Record:
    from salviewer.media.data.raw_gaze import RawGaze

    return RawGaze(folder)


def _pysaliency(path: Path) -> Record:
    from salviewer.media.data.pysaliency_files import read_fixations

    return read_fixations(path)


RECORDS: tuple[RecordKind, ...] = (
    RecordKind("OSIE's fixations", _mat, _osie),
    RecordKind("FIGRIM's allImages", _mat, _figrim),
    RecordKind("PASCAL-S's fixCell", _mat, _pascal_s),
    RecordKind("Toronto's white", _mat, _toronto),
    RecordKind("DUT-OMRON's folder", lambda path: path.is_dir() and any(path.glob("*.mat")), _dut_omron),
    RecordKind("Toronto's Raw", lambda path: path.is_dir() and any(path.glob("*/*.fix")), _toronto_raw),
    RecordKind("MIT1003's DATA", lambda path: path.is_dir() and any(path.glob("*/*.mat")), _raw_gaze),
    RecordKind("a table", _is_tables, read_table),
    RecordKind("pysaliency's HDF5", lambda path: path.suffix.lower() in (".hdf5", ".h5"), _pysaliency),
)
"""The kinds, in the order in which they are tried."""
