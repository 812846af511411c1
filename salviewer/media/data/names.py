"""Names by which pictures, maps and fixations lie beside each other: one rule for data sets and pictures."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from salviewer.first_use import natsort
from salviewer.media.data.samples import Problem

STIMULUS_SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff")
MAP_SUFFIXES = (".jpg", ".png", ".jpeg", ".bmp", ".webp", ".tif", ".tiff")
TABLE_SUFFIXES = (".csv", ".tsv")
POINT_SUFFIXES = (".mat", ".csv", ".tsv")
"""Of files with fixations; where both a list and a picture of points are there, the list counts."""

IMAGE_FOLDERS = (
    *("images", "stimuli", "allstimuli", "image", "imgs", "img", "pictures", "frames", "dut-omron-image"),
    *("benchmarkimages", "original image set"),
)
MAP_FOLDERS = (
    *("maps", "fixationmaps", "allfixationmaps", "fixation maps", "fixation_maps", "fixmaps", "densities"),
    *("density", "saliency", "saliency_maps", "map", "fixation"),
)
POINT_FOLDERS = (
    *("fixations", "fixationlocs", "fixlocs", "fixation_locs", "fixpts", "fixation_points", "points"),
    "fixation",
)
"""Names of folders in lower case, the likeliest first. Any case is recognised."""

PARTS = {
    "train": "train", "training": "train", "trainset": "train", "val": "val", "valid": "val",
    "validation": "val", "test": "test", "testing": "test", "testset": "test",
}  # fmt: skip
"""Names of folders that are a part of the split, in lower case."""

_MAP_END = re.compile(
    r"[_.\-]+(fixmap|fixationmap|fixation_map|saliencymap|salmap|density|map)\.?$", re.IGNORECASE
)
_POINTS_END = re.compile(r"[_.\-]+(fixpts|fixlocs|fixations|fixpoints|fixation_points)\.?$", re.IGNORECASE)
_DEEPEST = 3
_MOST = 400


def map_stem(stem: str) -> str | None:
    """Return the picture's stem that a map's stem with an ending names (``a_fixMap``); None without one."""
    return _MAP_END.sub("", stem) if _MAP_END.search(stem) else None


def points_stem(stem: str) -> str | None:
    """Return the picture's stem that a fixation file's stem with an ending names (``a_fixPts``)."""
    return _POINTS_END.sub("", stem) if _POINTS_END.search(stem) else None


def folders(base: Path, problems: list[Problem] | None = None) -> dict[str, Path]:
    """Return the folders in a folder by their names in lower case; not hidden ones, nor CAT2000's Output.

    Args:
        base: the folder.
        problems: gets what cannot be read, but for pictures, which are tried one by one.
    """
    found = {}
    for item in natsort.natsorted(base.iterdir()):
        name = item.name.lower()
        if item.name[0] in "._" or name == "output":
            continue
        try:
            if stat.S_ISDIR(item.stat().st_mode):
                found[name] = item
        except OSError as error:
            if problems is not None and item.suffix.lower() not in STIMULUS_SUFFIXES:
                problems.append(unreadable(item.name, error))
    return found


def unreadable(name: str, error: OSError) -> Problem:
    """Return a problem with an entry that cannot be read."""
    return Problem(name, f"it cannot be read ({(error.strerror or str(error)).lower()})")


def child(base: Path, *names: str) -> Path | None:
    """Return the first of some folders in a folder, whatever its case."""
    there = folders(base)
    return next((there[name.lower()] for name in names if name.lower() in there), None)


def file_in(base: Path, *names: str) -> Path | None:
    """Return the first of some files in a folder or in its folders, whatever its case."""
    wanted = [name.lower() for name in names]
    for place in (base, *folders(base).values()):
        there = {item.name.lower(): item for item in place.iterdir() if item.is_file()}
        if found := next((there[name] for name in wanted if name in there), None):
            return found
    return None


def bases(folder: Path) -> Iterator[Path]:
    """Yield a folder and the folders within, level by level, as far as a layout's own may lie."""
    level, seen = [folder], 0
    for _ in range(_DEEPEST + 1):
        yield from level
        seen += len(level)
        if seen > _MOST:
            return
        inside: list[Path] = []
        for outer in level:
            with suppress(OSError):  # a folder that cannot be listed costs itself alone
                inside += folders(outer).values()
        level = inside


def by_stem(folder: Path | None, suffixes: Iterable[str]) -> dict[str, Path]:
    """Return the files in a folder by stem; of two with one stem, the one whose suffix stands first."""
    wanted = {suffix: rank for rank, suffix in enumerate(suffixes)}
    if folder is None or not folder.is_dir():
        return {}
    files = [item for item in folder.iterdir() if item.suffix.lower() in wanted and item.name[0] != "."]
    files.sort(key=lambda item: (-wanted[item.suffix.lower()], item.name))
    return {item.stem: item for item in files}


def maps_by_stem(folder: Path | None) -> dict[str, Path]:
    """Return the maps in a folder by their pictures' stems, whether they have an ending or not."""
    found = by_stem(folder, MAP_SUFFIXES)
    plain = {stem: path for stem, path in found.items() if points_stem(stem) is None}
    return plain | {named: path for stem, path in plain.items() if (named := map_stem(stem))}


def points_by_stem(folder: Path | None, *, plain: bool = False) -> dict[str, Path]:
    """Return the files of fixations in a folder by their pictures' stems: lists, else pictures of points.

    Args:
        folder: where to look.
        plain: whether pictures whose names have no ending show points too, as in a folder of nothing else.
    """
    drawn: dict[str, Path] = {}
    for stem, path in by_stem(folder, MAP_SUFFIXES).items():
        named = points_stem(stem)
        if named is not None or (plain and map_stem(stem) is None):
            drawn[named or stem] = path
    listed = by_stem(folder, POINT_SUFFIXES)
    ended = {named: path for stem, path in listed.items() if (named := points_stem(stem))}
    return drawn | listed | ended
