"""Eye-tracking data sets on disk: which picture belongs to which fixation map, and what is missing."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from natsort import natsorted

from salviewer.errors import DataError
from salviewer.training.records import NOTHING, read_record

STIMULUS_SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff")
MAP_SUFFIXES = (".jpg", ".png", ".jpeg", ".bmp", ".webp", ".tif", ".tiff")
_RECORD_STIMULI = ("stimuli", "Stimuli", "images", "Images")
_RECORDS = ("fixations.mat", "eye/fixations.mat", "fix/fixations.mat")
_PAIR_FOLDERS = (("images", "maps"), ("stimuli", "maps"), ("Images", "Maps"), ("Stimuli", "Maps"))


@dataclass(frozen=True, slots=True)
class Sample:
    """One stimulus with its ground truth.

    Attributes:
        name: ``CATEGORY/STEM``, or ``STEM`` in a data set without categories.
        category: empty in a data set without categories.
        stimulus, fixation_map: the picture and its fixation density.
        locations: ``.mat`` with the fixations, if there is one.
        record: the stimulus' file name in a fixation record (`training.records`), which then is
            ``fixation_map``; empty elsewhere.
    """

    name: str
    category: str
    stimulus: Path
    fixation_map: Path
    locations: Path | None = None
    record: str = ""

    @property
    def labelled(self) -> bool:
        """Whether there is ground truth: a photograph alone has itself for a map."""
        return self.fixation_map != self.stimulus


@dataclass(frozen=True, slots=True)
class Problem:
    """A stimulus that is skipped, and why."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Dataset:
    """What was found.

    Attributes:
        root: the folder as given.
        layout: ``CAT2000``, ``pairs``, ``record`` or ``photographs``, which have no ground truth.
        samples: in natural order of their names.
        problems: what was skipped.
        split_file: the data set's own split, if it brings one.
    """

    root: Path
    layout: str
    samples: tuple[Sample, ...]
    problems: tuple[Problem, ...]
    split_file: Path | None = None

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories in natural order; one empty name in a data set without."""
        return tuple(natsorted({sample.category for sample in self.samples}))


def open_dataset(root: Path | str, *, photographs: bool = False) -> Dataset:
    """Recognise and list a data set; nothing is decoded yet.

    Understood are CAT2000's layout (``trainSet/Stimuli/CATEGORY/NAME.jpg``, ``trainSet/FIXATIONMAPS/...``
    and optionally ``trainSet/FIXATIONLOCS/...mat``; ``root`` may be ``trainSet`` itself), a pair of
    folders ``images`` and ``maps`` with the same file names, and OSIE's folder ``stimuli`` with a record
    ``eye/fixations.mat``.

    Args:
        root: the folder.
        photographs: take a folder of pictures without ground truth too.

    Raises:
        DataError: no such folder, no known layout, not one usable pair, or no permission to look.
    """
    folder = Path(root)
    try:
        return _recognised(folder, photographs)
    except OSError as error:
        raise DataError(folder, f"it cannot be read ({error.strerror or error})") from error


def _recognised(folder: Path, photographs: bool) -> Dataset:
    if not folder.is_dir():
        raise DataError(folder, "there is no such folder")
    for base in (folder / "trainSet", folder):
        if (base / "Stimuli").is_dir() and (base / "FIXATIONMAPS").is_dir():
            samples, problems = _cat2000(base)
            return _checked(folder, "CAT2000", samples, problems)
    for images, maps in _PAIR_FOLDERS:
        if (folder / images).is_dir() and (folder / maps).is_dir():
            samples, problems = _matched("", folder / images, folder / maps, None)
            return _checked(folder, "pairs", samples, problems)
    for base in (folder, folder / "data"):
        for stimuli, record in itertools.product(_RECORD_STIMULI, _RECORDS):
            if (base / stimuli).is_dir() and (base / record).is_file():
                samples, problems = _recorded(base / stimuli, base / record)
                return _checked(folder, "record", samples, problems)
    pictures = _by_stem(folder, STIMULUS_SUFFIXES)
    if photographs and pictures:
        samples = [Sample(path.name, "", path, path) for path in pictures.values()]
        return _checked(folder, "photographs", samples, [])
    raise DataError(folder, f"it is no data set: {LOOKED_FOR}. {_found(folder, len(pictures))}")


LOOKED_FOR = (
    "looked for were trainSet/Stimuli with trainSet/FIXATIONMAPS (CAT2000), images or stimuli with maps,"
    " and stimuli with eye/fixations.mat (OSIE)"
)


def _found(folder: Path, pictures: int) -> str:
    inside = sorted(child.name for child in folder.iterdir() if child.is_dir() and child.name[0] != ".")
    shown = ", ".join(inside[:6]) + (f" and {len(inside) - 6} more" if len(inside) > 6 else "")
    folders = f"the folders {shown}" if inside else "no folder"
    alone = f"{pictures} picture{'' if pictures == 1 else 's'}" if pictures else "no picture"
    return f"Found were {folders} and {alone}"


def _checked(root: Path, layout: str, samples: list[Sample], problems: list[Problem]) -> Dataset:
    if not samples:
        detail = f"; the first of {len(problems)} problems is {problems[0]}" if problems else ""
        raise DataError(root, f"it holds not one picture with a fixation map{detail}")
    split = root / "split.json"
    ordered = natsorted(samples, key=lambda sample: sample.name)
    return Dataset(root, layout, tuple(ordered), tuple(problems), split if split.is_file() else None)


def _cat2000(base: Path) -> tuple[list[Sample], list[Problem]]:
    samples: list[Sample] = []
    problems: list[Problem] = []
    for category in natsorted(child for child in (base / "Stimuli").iterdir() if child.is_dir()):
        found, broken = _matched(
            category.name,
            category,
            base / "FIXATIONMAPS" / category.name,
            base / "FIXATIONLOCS" / category.name,
        )
        samples += found
        problems += broken
    return samples, problems


def _matched(
    category: str, stimuli: Path, maps: Path, locations: Path | None
) -> tuple[list[Sample], list[Problem]]:
    """Pair files by stem. CAT2000's own ``Output`` sub-folders of example maps are not descended into."""
    map_of = _by_stem(maps, MAP_SUFFIXES)
    mat_of = _by_stem(locations, (".mat",)) if locations else {}
    samples, problems = [], []
    for stem, picture in _by_stem(stimuli, STIMULUS_SUFFIXES).items():
        name = f"{category}/{stem}" if category else stem
        if stem in map_of:
            samples.append(Sample(name, category, picture, map_of[stem], mat_of.get(stem)))
        else:
            problems.append(Problem(name, f"there is no fixation map for it in {maps}"))
    return samples, problems


def _recorded(stimuli: Path, record: Path) -> tuple[list[Sample], list[Problem]]:
    known = read_record(record)
    samples, problems = [], []
    for path in _by_stem(stimuli, STIMULUS_SUFFIXES).values():
        if len(known.get(path.name, NOTHING).points):
            samples.append(Sample(path.stem, "", path, record, None, path.name))
        else:
            problems.append(Problem(path.stem, f"{record.name} has no fixations on it"))
    return samples, problems


def _by_stem(folder: Path, suffixes: Iterable[str]) -> dict[str, Path]:
    wanted = {suffix: rank for rank, suffix in enumerate(suffixes)}
    if not folder.is_dir():
        return {}
    files = [
        item for item in folder.iterdir() if item.suffix.lower() in wanted and not item.name.startswith(".")
    ]
    files.sort(key=lambda item: (-wanted[item.suffix.lower()], item.name))
    return {item.stem: item for item in files}
