"""Find and read the fixation map and the fixations beside a picture."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from salviewer.core.agreement import Recorded, estimated_density
from salviewer.errors import DataError
from salviewer.first_use import cv2
from salviewer.media.data.names import (
    IMAGE_FOLDERS,
    MAP_FOLDERS,
    POINT_FOLDERS,
    folders,
    maps_by_stem,
    points_by_stem,
)
from salviewer.media.data.pairs import fiwi_points
from salviewer.media.data.recorded import records_near
from salviewer.media.data.records import fixations_within, named_in, read_record
from salviewer.media.fixation_files import ASPECT_TOLERANCE, NOTHING, read_fixation_file
from salviewer.media.openers.names import folder_of

_DEEPEST = 4
_FLOATS = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TruthFiles:
    """The ground truth files beside a picture; at least one of the two.

    Attributes:
        map: a picture of the fixation density.
        fixations: a ``.mat`` or ``.csv`` file of single fixations, or a record of many pictures'.
        record: the picture's name in that record; "" for a file of its own.
    """

    map: Path | None = None
    fixations: Path | None = None
    record: str = ""


def find_truth(picture: Path) -> TruthFiles | None:
    """Find the ground truth of a picture by the names of the files around it; None if there is none.

    The names are those by which `media.data` reads data sets, in any case:

    1. beside it: ``NAME_fixMap.png`` and ``NAME_fixations.csv``, ``.tsv`` or ``.mat``;
    2. folders side by side: for ``images/NAME.jpg`` (or ``Stimuli``, ``ALLSTIMULI``, ...) ``maps/NAME.png``
       (or ``FIXATIONMAPS``, ``ALLFIXATIONMAPS``, ...) and ``fixations/NAME.mat`` (or ``FIXATIONLOCS``, ...);
       for ``images/CATEGORY/NAME.jpg`` in the folders of that name there, as CAT2000 and SALICON have it;
    3. a record of many pictures' fixations (OSIE's, PASCAL-S's, Toronto's, DUT-OMRON's, a table with a column
       of pictures) beside it or up to two folders above, that has the picture's name.
    """
    picture = (folder_of(picture) / picture.name).absolute()
    stem, inside = picture.stem, Path()
    found_map = _ended(picture.parent, stem)
    points = points_by_stem(picture.parent).get(stem)
    if points is not None and points.stem == stem:
        points = None  # a table of that very name may be anything; with an ending it is the picture's
    folder = picture.parent
    for _ in range(_DEEPEST):
        if folder.name.lower() in IMAGE_FOLDERS and folder.parent != folder:
            there = _folders(folder.parent)
            maps = [there[name] for name in MAP_FOLDERS if name in there]
            marks = [there[name] for name in POINT_FOLDERS if name in there]
            for place in maps:
                found_map = found_map or maps_by_stem(place / inside).get(stem)
            for place in (*marks, *maps):
                plain = place not in maps[:1]
                points = points or points_by_stem(place / inside, plain=plain and place in marks).get(stem)
            if points is None and folder.name.lower() == "stimuli":
                points = points_by_stem(_of_fiwi(folder.parent), plain=True).get(stem)
            break
        inside, folder = Path(folder.name) / inside, folder.parent
    if points is None:
        for record in records_near(picture):
            try:
                if name := named_in(read_record(record), picture):
                    return TruthFiles(found_map, record, name)
            except DataError:
                continue  # it may be anything; nobody asked for it
    found = TruthFiles(found_map, points)
    return found if found.map or found.fixations else None


def _ended(folder: Path, stem: str) -> Path | None:
    """The map beside a picture whose name has an ending; not the picture itself."""
    try:
        path = maps_by_stem(folder).get(stem)
    except OSError:
        return None
    return path if path is not None and path.stem != stem else None


def _folders(folder: Path) -> dict[str, Path]:
    try:
        return folders(folder)
    except OSError:
        return {}


def _of_fiwi(place: Path) -> Path | None:
    try:
        return fiwi_points(place)
    except OSError:
        return None


def load_truth(files: TruthFiles, full_size: tuple[int, int]) -> Recorded:
    """Read the files of `find_truth`.

    Args:
        files: at least one file. Without a map, the density is estimated from the fixations.
        full_size: (width, height) of the upright picture, whose pixels are the unit of lists of fixations.

    Raises:
        DataError: a file cannot be read or does not fit the picture.
    """
    seen = NOTHING
    if files.fixations is not None and files.record:
        seen = fixations_within(files.fixations, files.record, full_size[::-1])
    elif files.fixations is not None:
        seen = read_fixation_file(files.fixations, full_size)
    viewers = seen.viewers if (seen.viewers >= 0).any() else None
    if files.map is None:
        assert files.fixations is not None
        if not len(seen.points):
            raise DataError(files.fixations, "it holds not one fixation")
        density = estimated_density(seen.points, full_size)
        return Recorded(seen.points, density, viewers, seen.starts, seen.durations)
    density = read_fixation_map(files.map)
    height, width = density.shape
    if not abs((width / height) / (full_size[0] / full_size[1]) - 1) < ASPECT_TOLERANCE:
        raise DataError(files.map, f"it has another aspect ratio ({width} x {height}) than its picture")
    return Recorded(seen.points, density, viewers, seen.starts, seen.durations)


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
