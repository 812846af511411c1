"""Read fixation records: one ``.mat`` file with all viewers' fixations on all pictures, as in OSIE.

``fixations`` is a list with an entry per picture: ``img``, its file name, and ``subjects``, a list with an
entry per viewer: ``fix_x`` and ``fix_y`` in the picture's pixels, counted from 1 as in MATLAB.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from salviewer.errors import DataError
from salviewer.media.fixation_files import NOTHING, Fixations
from salviewer.media.mat_files import read_mat

SIGMA = 0.03
"""Standard deviation of the density, in fractions of the picture's width: about one degree in OSIE."""

_FLOATS = NDArray[np.float32]


def read_record(path: Path) -> Mapping[str, Fixations]:
    """Return all fixations of a record, in pixels, by the picture's file name.

    Raises:
        DataError: the file cannot be read, or is not a fixation record.
    """
    try:
        return _read(path, path.stat().st_mtime_ns)
    except OSError as error:
        raise DataError(path, f"the fixation record cannot be read ({error.strerror or error})") from error


def fixations_within(record: Path, name: str, size: tuple[int, int]) -> Fixations:
    """The fixations on one picture that fall inside it.

    Args:
        record: the ``.mat`` file.
        name: the picture's file name in it.
        size: (height, width) of the picture in pixels.

    Returns:
        (row, column) in 0..1.

    Raises:
        DataError: as ``read_record``, or there are no fixations on this picture.
    """
    seen = read_record(record).get(name, NOTHING)
    points = (seen.points / np.array(size, np.float32)).astype(np.float32)
    inside = Fixations(points, seen.viewers).only(np.all((points >= 0) & (points < 1), axis=1))
    if not len(inside.points):
        raise DataError(record, f"it has no fixation inside {name}")
    return inside


def density_of(points: _FLOATS, size: tuple[int, int]) -> _FLOATS:
    """Return a density of fixations, float32 ``size`` with peak 1, from (row, column) in 0..1."""
    cells = np.minimum((points * np.array(size)).astype(np.int64), np.array(size) - 1)
    counts = np.zeros(size, np.float32)
    np.add.at(counts, (cells[:, 0], cells[:, 1]), 1)
    smooth: _FLOATS = np.asarray(cv2.GaussianBlur(counts, (0, 0), SIGMA * size[1]), np.float32)
    smooth /= smooth.max()
    return smooth


@lru_cache(maxsize=2)
def _read(path: Path, changed: int) -> Mapping[str, Fixations]:
    content = read_mat(path)
    try:
        return MappingProxyType(
            {str(entry["img"]): _together(_list(entry["subjects"])) for entry in _list(content["fixations"])}
        )
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise DataError(
            path, "it has no list `fixations` of `img` and `subjects` with `fix_x` and `fix_y`"
        ) from error


def _list(value: Any) -> list[Any]:
    """Return the value as a list: MATLAB stores a list of one entry as the entry."""
    return list(value) if isinstance(value, list | np.ndarray) else [value]


def _together(subjects: list[Any]) -> Fixations:
    rows = [np.atleast_1d(np.asarray(subject["fix_y"], np.float32)).ravel() for subject in subjects]
    columns = [np.atleast_1d(np.asarray(subject["fix_x"], np.float32)).ravel() for subject in subjects]
    if not rows:
        return NOTHING
    points: _FLOATS = np.stack([np.concatenate(rows), np.concatenate(columns)], 1) - np.float32(0.5)
    viewers = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    return Fixations(points, viewers).only(np.all(np.isfinite(points), axis=1))
