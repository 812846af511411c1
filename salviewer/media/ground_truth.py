"""Find and read the fixation map and the fixations beside a picture."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from salviewer.core.agreement import Recorded, estimated_density
from salviewer.errors import DataError
from salviewer.media.fixation_files import ASPECT_TOLERANCE, FIXATION_SUFFIXES, read_fixation_file

MAP_SUFFIXES = (".jpg", ".png", ".jpeg", ".bmp", ".webp", ".tif", ".tiff")
_STIMULI = ("Stimuli",)
_IMAGES = ("images", "stimuli", "Images", "Stimuli")
MAP_FOLDERS = ("maps", "Maps")
FIXATION_FOLDERS = ("fixations", "Fixations", "fixationlocs", "FIXATIONLOCS", "fixLocs")
"""Names of the folders beside ``images`` that hold maps and fixations."""
_FLOATS = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TruthFiles:
    """The ground truth files beside a picture; at least one of the two.

    Attributes:
        map: a picture of the fixation density.
        fixations: a ``.mat`` or ``.csv`` file of single fixations.
    """

    map: Path | None = None
    fixations: Path | None = None


def find_truth(picture: Path) -> TruthFiles | None:
    """Find the ground truth of a picture by the names of the files around it; None if there is none.

    They are searched in this order, map and fixations separately; a map has any of `MAP_SUFFIXES`:

    1. beside it: ``NAME_fixMap.png`` and ``NAME_fixations.csv`` or ``NAME_fixations.mat``;
    2. CAT2000's layout, for ``Stimuli/CATEGORY/NAME.jpg``: ``FIXATIONMAPS/CATEGORY/NAME.jpg`` and
       ``FIXATIONLOCS/CATEGORY/NAME.mat``;
    3. parallel folders, for ``images/NAME.jpg`` (or ``stimuli``): ``maps/NAME.png`` and
       ``fixations/NAME.mat``; and for ``images/PART/NAME.jpg``, as in SALICON, ``maps/PART/NAME.png`` and
       ``fixations/PART/NAME.mat``.

    Everywhere, fixations may be ``.csv`` instead of ``.mat`` (see `fixation_files` for their content).
    """
    picture = picture.absolute()
    folder, stem = picture.parent, picture.stem
    maps = [folder / f"{stem}_fixMap{suffix}" for suffix in MAP_SUFFIXES]
    points = [folder / f"{stem}_fixations{suffix}" for suffix in (".csv", ".mat")]
    if folder.parent.name in _STIMULI:
        base, category = folder.parent.parent, folder.name
        maps += [base / "FIXATIONMAPS" / category / f"{stem}{suffix}" for suffix in MAP_SUFFIXES]
        points += [base / "FIXATIONLOCS" / category / f"{stem}{suffix}" for suffix in FIXATION_SUFFIXES]
    for images, inside in ((folder, Path()), (folder.parent, Path(folder.name))):
        if images.name in _IMAGES:
            beside = images.parent
            maps += [beside / name / inside / f"{stem}{end}" for name in MAP_FOLDERS for end in MAP_SUFFIXES]
            points += [
                beside / name / inside / f"{stem}{end}"
                for name in FIXATION_FOLDERS
                for end in FIXATION_SUFFIXES
            ]
    found = TruthFiles(
        next((path for path in maps if path.is_file()), None),
        next((path for path in points if path.is_file()), None),
    )
    return found if found.map or found.fixations else None


def load_truth(files: TruthFiles, full_size: tuple[int, int]) -> Recorded:
    """Read the files of `find_truth`.

    Args:
        files: at least one file. Without a map, the density is estimated from the fixations.
        full_size: (width, height) of the upright picture, whose pixels are the unit of lists of fixations.

    Raises:
        DataError: a file cannot be read or does not fit the picture.
    """
    fixations = np.zeros((0, 2), np.float32)
    if files.fixations is not None:
        fixations = read_fixation_file(files.fixations, full_size).points
    if files.map is None:
        assert files.fixations is not None
        if not len(fixations):
            raise DataError(files.fixations, "it holds not one fixation")
        return Recorded(fixations, estimated_density(fixations, full_size))
    density = read_fixation_map(files.map)
    height, width = density.shape
    if not abs((width / height) / (full_size[0] / full_size[1]) - 1) < ASPECT_TOLERANCE:
        raise DataError(files.map, f"it has another aspect ratio ({width} x {height}) than its picture")
    return Recorded(fixations, density)


def read_fixation_map(path: Path) -> _FLOATS:
    """Read a fixation density, 8 or 16 bit, as float32 (h, w), non-negative, with a positive maximum.

    Raises:
        DataError: it cannot be decoded, or is zero everywhere.
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
