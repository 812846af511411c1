"""Read fixations on one picture from a file: a matrix, a list, SALICON's gaze, or a table."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.errors import DataError
from salviewer.first_use import cv2
from salviewer.media.mat_files import as_matrix, read_mat

FIXATION_SUFFIXES = (".mat", ".csv", ".tsv")
_DRAWN = (".jpg", ".jpeg", ".png", ".bmp")
ASPECT_TOLERANCE = 0.05
"""Largest relative difference between the aspect ratios of a map or matrix and its picture."""

_MATRIX = "fixLocs"
_GAZE = "gaze"
_DENSE = 0.5
"""A matrix with a larger share of non-zero cells is a density, not fixations."""
_COUNTS = 32
"""Highest level of a lossless picture of points that is taken for a number of fixations."""
_ON_THE_PICTURE = 0.9
"""Least share of a list's points on the picture; eye trackers record a few outside."""

_FLOATS = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Fixations:
    """Fixations on one picture.

    Attributes:
        points: float64 (n, 2) of (row, column).
        viewers: int64 (n,): the viewer of each fixation, counted from 0; -1 if the file does not say.
        frame: (height, width) of the picture in the units of ``points``, where these are not its own pixels;
            (1, 1) for shares.
        starts, durations: float64 (n,) in seconds, where the file has them.
    """

    points: _FLOATS
    viewers: NDArray[np.int64]
    frame: tuple[float, float] | None = None
    starts: NDArray[np.float64] | None = None
    durations: NDArray[np.float64] | None = None

    @classmethod
    def of_unknown(cls, points: _FLOATS) -> Fixations:
        """Return fixations of unknown viewers."""
        return cls(points, np.full(len(points), -1, np.int64))

    def only(self, wanted: NDArray[Any]) -> Fixations:
        """Keep those where ``wanted``, bool (n,), is true, or the ones that an index array names."""
        starts = self.starts[wanted] if self.starts is not None else None
        durations = self.durations[wanted] if self.durations is not None else None
        return Fixations(self.points[wanted], self.viewers[wanted], self.frame, starts, durations)

    def placed(self, size: tuple[int, int]) -> Fixations:
        """Return those on a picture of ``size`` (height, width), as (row, column) in 0..1."""
        points = (self.points / np.array(self.frame or size, np.float64)).astype(np.float64)
        made = Fixations(points, self.viewers, (1.0, 1.0), self.starts, self.durations)
        return made.only(np.all((points >= 0) & (points < 1), axis=1))


NOTHING = Fixations.of_unknown(np.zeros((0, 2), np.float64))


def read_fixation_file(path: Path, full_size: tuple[int, int]) -> Fixations:
    """Read the fixations on one picture from a ``.mat``, ``.csv`` or ``.tsv`` file, or a picture of points.

    A ``.mat`` file of any version contains one of:

    - a matrix (CAT2000's ``fixLocs``) with the picture's aspect ratio, not 0 where somebody looked;
    - a list, n x 2 or 2 x n, of x and y in the picture's pixels, counted from 1 as in MATLAB;
    - SALICON's ``gaze``, an entry for each viewer whose ``fixations`` is such a list, in pixels of
      ``resolution`` (height, width).

    Args:
        path: the file.
        full_size: (width, height) of the picture, upright.

    Returns:
        (row, column) in 0..1 of the picture's height and width.

    Raises:
        DataError: it cannot be read, does not fit the picture, or is ambiguous.
    """
    if path.suffix.lower() in (".csv", ".tsv"):
        return Fixations.of_unknown(read_fixation_table(path, full_size))
    if path.suffix.lower() in _DRAWN:
        return Fixations.of_unknown(_points(path, _drawn(path), full_size))
    content = read_mat(path)
    if _GAZE in content:
        return _gaze(path, content, full_size)
    found = {name: matrix for name, value in content.items() if (matrix := as_matrix(value)) is not None}
    matrix = found.get(_MATRIX, next(iter(found.values()), None))
    if matrix is None:
        raise DataError(path, "it holds no fixation matrix and no list of fixations")
    return Fixations.of_unknown(_points(path, matrix, full_size))


def _drawn(path: Path) -> NDArray[Any]:
    """The matrix of a picture of points (MIT1003's ``_fixPts.jpg``): what is brighter than half its peak.

    A lossless one with few levels counts fixations, or marks them with 1.
    """
    matrix = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_GRAYSCALE)
    if matrix is None:
        raise DataError(path, "the picture of its fixations is damaged")
    peak = int(matrix.max())
    counted = peak <= _COUNTS and path.suffix.lower() in (".png", ".bmp")
    return np.asarray(matrix > (0 if counted else max(1, peak // 2)), np.uint8)


def _points(path: Path, matrix: NDArray[Any], full_size: tuple[int, int]) -> _FLOATS:
    """Return the fixations of a matrix or a list, which are distinguished by the shape of the picture."""
    height, width = matrix.shape
    if not np.isfinite(matrix).all():
        raise DataError(path, "its fixations are not all numbers")
    if _alike(width / height, full_size[0] / full_size[1]) and min(height, width) > 2:
        rows, columns = np.nonzero(matrix)
        if len(rows) > _DENSE * matrix.size:
            raise DataError(path, "more than half of its matrix is set: it is a density, not fixations")
        return np.stack([(rows + 0.5) / height, (columns + 0.5) / width], 1).astype(np.float64)
    if width == 2:
        return _listed(path, matrix, full_size)
    if height == 2:
        return _listed(path, matrix.T, full_size)
    wide, high = full_size
    shapes = f"its matrix has {height} rows and {width} columns, and its picture {high} and {wide}"
    if _alike(height / width, wide / high):
        raise DataError(path, f"{shapes}: it is transposed")
    raise DataError(path, f"{shapes}: another aspect ratio")


def _listed(path: Path, points: NDArray[Any], full_size: tuple[int, int]) -> _FLOATS:
    """Convert (x, y) in pixels from 1 to (row, column) in 0..1, (n, 2); drop points outside the picture."""
    places = (points.astype(np.float64) - 0.5) / full_size
    if points.max() <= 1:
        raise DataError(path, "its list of fixations has no number above 1, so it is not in pixels")
    inside = ((places >= 0) & (places < 1)).all(axis=1)
    if inside.mean() < _ON_THE_PICTURE:
        swapped = ((points[:, ::-1] - 0.5) / full_size >= 0) & ((points[:, ::-1] - 0.5) / full_size < 1)
        hint = "; x and y seem to be swapped" if swapped.all(axis=1).mean() >= _ON_THE_PICTURE else ""
        beside = np.count_nonzero(~inside)
        raise DataError(path, f"{beside} of its {len(points)} fixations lie beside the picture{hint}")
    return places[inside, ::-1].astype(np.float64)


def _gaze(path: Path, content: dict[str, Any], full_size: tuple[int, int]) -> Fixations:
    gaze = content[_GAZE]
    viewers = list(gaze) if isinstance(gaze, list | np.ndarray) else [gaze]
    try:
        resolution = np.ravel(np.asarray(content["resolution"], np.float64))
        height, width = float(resolution[0]), float(resolution[1])
        lists = [np.asarray(viewer["fixations"], np.float64).reshape(-1, 2) for viewer in viewers]
        if not _alike(width / height, full_size[0] / full_size[1]):
            raise DataError(path, "its resolution has another aspect ratio than its picture")
    except (KeyError, TypeError, ValueError, IndexError, ZeroDivisionError) as error:
        raise DataError(path, "its gaze lacks `fixations` of x and y, or its `resolution`") from error
    points = (np.concatenate(lists)[:, ::-1] - 0.5) / (height, width) if lists else np.zeros((0, 2))
    whose = np.repeat(np.arange(len(lists)), [len(each) for each in lists])
    everything = Fixations(points.astype(np.float64), whose.astype(np.int64))
    return everything.only(np.all((everything.points >= 0) & (everything.points < 1), axis=1))


def _alike(ratio: float, other: float) -> bool:
    return 1 - ASPECT_TOLERANCE < ratio / other < 1 + ASPECT_TOLERANCE


def read_fixation_table(path: Path, full_size: tuple[int, int]) -> _FLOATS:
    """Read a table of fixations: columns named ``x`` and ``y``, or without names the first two.

    Separators are commas, semicolons or tabs; numbers are pixels of the picture, with 0 at its left and upper
    border. Points outside the picture, which eye trackers record, are left out.

    Args:
        path: the file.
        full_size: (width, height) of the picture, upright.

    Returns:
        float64 (n, 2): (row, column) in 0..1 of the picture's height and width, n >= 1.

    Raises:
        DataError: it cannot be read, lacks the columns or a number, or has no fixation on the picture.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise DataError(path, f"the fixations cannot be read ({error.strerror or error})") from error
    except UnicodeDecodeError as error:
        raise DataError(path, "the fixations are no text") from error
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if row]
    except csv.Error as error:
        raise DataError(path, "the fixations are no table of columns x and y") from error
    names = [name.strip().lower() for name in rows[0]] if rows else []
    if "x" in names and "y" in names:
        x, y, first = names.index("x"), names.index("y"), 1
    else:
        x, y, first = 0, 1, 0
    points = []
    for number, row in enumerate(rows[first:], first + 1):
        try:
            points.append((float(row[y]), float(row[x])))
        except (ValueError, IndexError):
            raise DataError(path, f"row {number} has no numbers in the columns x and y") from None
    places = np.array(points, np.float64).reshape(-1, 2) / (full_size[1], full_size[0])
    inside = places[((places >= 0) & (places < 1)).all(axis=1)]
    if not len(inside):
        raise DataError(path, f"none of its {len(points)} fixations lies on the picture")
    return inside.astype(np.float64)
