"""Where people looked: the fixation map and the fixations that lie beside a picture, found and read."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from salviewer.core.agreement import Recorded, estimated_density
from salviewer.errors import DataError

MAP_SUFFIXES = (".jpg", ".png", ".jpeg", ".bmp", ".webp", ".tif", ".tiff")
_STIMULI = ("Stimuli",)
_IMAGES = ("images", "stimuli", "Images", "Stimuli")
_MAPS = ("maps", "Maps")
_FLOATS = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TruthFiles:
    """What lies beside a picture; at least one of the two.

    Attributes:
        map: a picture of the fixation density.
        fixations: a ``.mat`` or ``.csv`` file of single fixations.
    """

    map: Path | None = None
    fixations: Path | None = None


def find_truth(picture: Path) -> TruthFiles | None:
    """The ground truth of a picture, by the names of the files around it; None where there is none.

    Looked for in this order, map and fixations each; a map has any of `MAP_SUFFIXES`:

    1. beside it: ``NAME_fixMap.png`` and ``NAME_fixations.csv`` or ``NAME_fixations.mat``;
    2. CAT2000's layout, for ``Stimuli/CATEGORY/NAME.jpg``: ``FIXATIONMAPS/CATEGORY/NAME.jpg`` and
       ``FIXATIONLOCS/CATEGORY/NAME.mat``;
    3. a pair of folders, for ``images/NAME.jpg`` (or ``stimuli``): ``maps/NAME.png``.
    """
    picture = picture.absolute()
    folder, stem = picture.parent, picture.stem
    maps = [folder / f"{stem}_fixMap{suffix}" for suffix in MAP_SUFFIXES]
    points = [folder / f"{stem}_fixations{suffix}" for suffix in (".csv", ".mat")]
    if folder.parent.name in _STIMULI:
        base, category = folder.parent.parent, folder.name
        maps += [base / "FIXATIONMAPS" / category / f"{stem}{suffix}" for suffix in MAP_SUFFIXES]
        points.append(base / "FIXATIONLOCS" / category / f"{stem}.mat")
    if folder.name in _IMAGES:
        maps += [folder.parent / name / f"{stem}{suffix}" for name in _MAPS for suffix in MAP_SUFFIXES]
    found = TruthFiles(
        next((path for path in maps if path.is_file()), None),
        next((path for path in points if path.is_file()), None),
    )
    return found if found.map or found.fixations else None


def load_truth(files: TruthFiles, full_size: tuple[int, int]) -> Recorded:
    """Read what `find_truth` found.

    Args:
        files: of which at least one is there. Without a map the density is estimated from the fixations.
        full_size: (width, height) of the picture, upright, in whose pixels a ``.csv`` counts.

    Raises:
        DataError: a file cannot be read or does not fit the picture.
    """
    fixations = np.zeros((0, 2), np.float32)
    if files.fixations is not None:
        csv_file = files.fixations.suffix.lower() == ".csv"
        fixations = (
            read_fixation_table(files.fixations, full_size) if csv_file else read_fixations(files.fixations)
        )
    if files.map is None:
        assert files.fixations is not None
        if not len(fixations):
            raise DataError(files.fixations, "it holds not one fixation")
        return Recorded(fixations, estimated_density(fixations, full_size))
    density = read_fixation_map(files.map)
    height, width = density.shape
    if not 0.95 < (width / height) / (full_size[0] / full_size[1]) < 1.05:
        raise DataError(files.map, f"it has another aspect ratio ({width} x {height}) than its picture")
    return Recorded(fixations, density)


def read_fixation_map(path: Path) -> _FLOATS:
    """Read a fixation density, 8 or 16 bit, as float32 (h, w), non-negative, with a positive maximum.

    Raises:
        DataError: it cannot be decoded or is zero everywhere.
    """
    try:
        data = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError as error:
        raise DataError(path, f"the fixation map cannot be read ({error.strerror or error})") from error
    decoded = None
    if data.size:
        try:
            decoded = cv2.imdecode(data, cv2.IMREAD_ANYDEPTH | cv2.IMREAD_GRAYSCALE)
        except cv2.error:
            decoded = None
    if decoded is None:
        raise DataError(path, "the fixation map is damaged or not a picture")
    density: _FLOATS = decoded.astype(np.float32)
    if not np.isfinite(density).all() or density.max() <= 0:
        raise DataError(path, "the fixation map is empty")
    return np.maximum(density, 0)


def read_fixations(path: Path) -> _FLOATS:
    """Read a ``.mat`` file's binary fixation matrix (CAT2000's ``fixLocs``).

    Returns:
        float32 (n, 2): (row, column) of the cells' centres in 0..1 of the matrix' height and width.

    Raises:
        DataError: it cannot be read or holds no matrix.
    """
    from scipy.io import loadmat

    try:
        content = loadmat(path)
    except Exception as error:  # scipy raises whatever the damaged bytes lead to
        raise DataError(path, "the fixation locations are damaged or not a .mat file") from error
    matrices = [value for key, value in content.items() if not key.startswith("__") and np.ndim(value) == 2]
    matrix = content.get("fixLocs", matrices[0] if matrices else None)
    if (
        matrix is None
        or np.ndim(matrix) != 2
        or np.size(matrix) == 0
        or not np.issubdtype(matrix.dtype, np.number)
    ):
        raise DataError(path, "it holds no fixation matrix")
    rows, columns = np.nonzero(matrix)
    points = np.stack([(rows + 0.5) / matrix.shape[0], (columns + 0.5) / matrix.shape[1]], 1)
    return points.astype(np.float32)


def read_fixation_table(path: Path, full_size: tuple[int, int]) -> _FLOATS:
    """Read a table of fixations: columns ``x`` and ``y`` by name, or without names the first two.

    Commas, semicolons or tabs between them; numbers are pixels of the picture, 0 is its left and upper
    border. What lies off the picture, as eye trackers record it, is left out.

    Args:
        path: the file.
        full_size: (width, height) of the picture.

    Returns:
        float32 (n, 2): (row, column) in 0..1 of the picture's height and width, n >= 1.

    Raises:
        DataError: it cannot be read, lacks the columns or a number, or nothing in it lies on the picture.
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
    return inside.astype(np.float32)
