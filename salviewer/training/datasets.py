"""Find eye-tracking data sets on disk: match pictures with fixation maps, and list what is missing."""

from __future__ import annotations

import itertools
import stat
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from natsort import natsorted

from salviewer.errors import DataError
from salviewer.media.fixation_files import FIXATION_SUFFIXES, NOTHING
from salviewer.media.ground_truth import FIXATION_FOLDERS, MAP_SUFFIXES
from salviewer.training.records import read_record

STIMULUS_SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff")
_RECORD_STIMULI = ("stimuli", "Stimuli", "images", "Images")
_RECORDS = ("fixations.mat", "eye/fixations.mat", "fix/fixations.mat")
_PARTS = {
    "train": "train", "training": "train", "val": "val", "valid": "val", "validation": "val",
    "test": "test", "testing": "test",
}  # fmt: skip
"""Folder names, in lower case, that stand for a part of the split."""
_PAIR_FOLDERS = (("images", "maps"), ("stimuli", "maps"), ("Images", "Maps"), ("Stimuli", "Maps"))


@dataclass(frozen=True, slots=True)
class Sample:
    """One stimulus with its ground truth.

    Attributes:
        name: ``CATEGORY/STEM``, or ``STEM`` in a data set without categories.
        category: empty in a data set without categories.
        stimulus, fixation_map: the picture and its fixation density.
        locations: a ``.mat`` or ``.csv`` file with the fixations, if there is one.
        record: the stimulus' file name in a fixation record (`training.records`), which is then
            ``fixation_map``; otherwise empty.
    """

    name: str
    category: str
    stimulus: Path
    fixation_map: Path
    locations: Path | None = None
    record: str = ""

    @property
    def labelled(self) -> bool:
        """Whether there is ground truth; without it, ``fixation_map`` is the photograph itself."""
        return self.fixation_map != self.stimulus


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault of a stimulus or of a folder of stimuli.

    Attributes:
        name: of the sample or folder.
        reason: a clause.
        kept: whether the stimulus is used anyway.
    """

    name: str
    reason: str
    kept: bool = False

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"

    @property
    def sentence(self) -> str:
        """The problem as a log line, starting with ``skipped`` if the stimulus is not used."""
        return str(self) if self.kept else f"skipped {self}"


@dataclass(frozen=True, slots=True)
class Dataset:
    """A data set found on disk.

    Attributes:
        root: the folder as given.
        layout: ``CAT2000``, ``pairs``, ``record`` or ``photographs``, which have no ground truth.
        samples: in natural order of their names.
        problems: samples that are skipped or used in part.
        split_file: the data set's own split file, if there is one.
        parts: the split by folders: names by ``train``, ``val`` and ``test``; empty if the folders make none.
    """

    root: Path
    layout: str
    samples: tuple[Sample, ...]
    problems: tuple[Problem, ...]
    split_file: Path | None = None
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def own_split(self) -> bool:
        """Whether the data set has its own split, in a file or by its folders."""
        return self.split_file is not None or bool(self.parts)

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories in natural order; one empty name if there are none."""
        return tuple(natsorted({sample.category for sample in self.samples}))


def open_dataset(root: Path | str, *, photographs: bool = False) -> Dataset:
    """Recognise a data set and list its samples, without decoding them.

    Known layouts are CAT2000 (``trainSet/Stimuli/CATEGORY/NAME.jpg``, ``trainSet/FIXATIONMAPS/...`` and
    optionally ``trainSet/FIXATIONLOCS/...mat``; ``root`` may be ``trainSet`` itself), folders ``images``,
    ``maps`` and optionally ``fixations`` with the same file names, and OSIE's folder ``stimuli`` with a
    record ``eye/fixations.mat``. Folders within ``images`` are categories or, as in SALICON, the parts
    ``train``, ``val`` and ``test`` of the data set's own split.

    Args:
        root: the folder.
        photographs: also accept a folder of pictures without ground truth.

    Raises:
        DataError: the folder is missing or unreadable, has no known layout, or holds no usable pair.
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
            return _checked(folder, "CAT2000", samples, [*problems, *_without_fixations(samples)])
    for images, maps in _PAIR_FOLDERS:
        if (folder / images).is_dir() and (folder / maps).is_dir():
            return _pairs(folder, folder / images, folder / maps)
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
    "looked for were trainSet/Stimuli with trainSet/FIXATIONMAPS (CAT2000), images or stimuli with maps"
    " (SALICON's too), and stimuli with eye/fixations.mat (OSIE)"
)


def _found(folder: Path, pictures: int) -> str:
    inside = sorted(child.name for child in folder.iterdir() if child.is_dir() and child.name[0] != ".")
    shown = ", ".join(inside[:6]) + (f" and {len(inside) - 6} more" if len(inside) > 6 else "")
    folders = f"the folders {shown}" if inside else "no folder"
    alone = f"{pictures} picture{'' if pictures == 1 else 's'}" if pictures else "no picture"
    return f"Found were {folders} and {alone}"


def _checked(
    root: Path,
    layout: str,
    samples: list[Sample],
    problems: list[Problem],
    parts: Mapping[str, tuple[str, ...]] | None = None,
) -> Dataset:
    if not samples:
        detail = f"; the first of {len(problems)} problems is {problems[0]}" if problems else ""
        raise DataError(root, f"it holds not one picture with a fixation map{detail}")
    split = root / "split.json"
    ordered = natsorted(samples, key=lambda sample: sample.name)
    return Dataset(
        root, layout, tuple(ordered), tuple(problems), split if split.is_file() else None, parts or {}
    )


def _cat2000(base: Path) -> tuple[list[Sample], list[Problem]]:
    samples: list[Sample] = []
    problems: list[Problem] = []
    categories, broken = _folders(base / "Stimuli")
    problems += broken
    for category in categories:
        found, broken = _matched(
            category.name,
            category,
            base / "FIXATIONMAPS" / category.name,
            base / "FIXATIONLOCS" / category.name,
        )
        samples += found
        problems += broken
    return samples, problems


def _pairs(root: Path, images: Path, maps: Path) -> Dataset:
    """List a data set of parallel folders, with or without folders of categories or parts inside."""
    beside = {child.name.lower(): child for child in root.iterdir() if child.is_dir()}
    names = dict.fromkeys(name.lower() for name in FIXATION_FOLDERS)
    locations = next((beside[name] for name in names if name in beside), None)
    samples, problems = _matched("", images, maps, locations)
    inside, broken = _folders(images)
    problems += broken
    parts: dict[str, list[Sample]] = {}
    for folder in inside:
        if folder.name.startswith("."):
            continue
        failed: list[Problem] = []
        pictures = _listed(folder, STIMULUS_SUFFIXES, failed)
        if failed:
            problems += failed
            continue
        if pictures and not (maps / folder.name).is_dir():
            count = f"{len(pictures)} picture{'' if len(pictures) == 1 else 's'}"
            reason = f"{count} without fixation maps: there is no folder {maps.name}/{folder.name}"
            problems.append(Problem(f"{images.name}/{folder.name}", reason))
            continue
        part = _PARTS.get(folder.name.lower(), "")
        found, broken = _matched(
            "" if part else folder.name,
            folder,
            maps / folder.name,
            locations / folder.name if locations else None,
        )
        problems += broken
        if part:
            parts.setdefault(part, []).extend(found)
        else:
            samples += found
    named = Counter(sample.name for members in parts.values() for sample in members)
    split: dict[str, tuple[str, ...]] = {}
    for part, members in parts.items():
        own = [
            replace(item, name=f"{part}-{item.name}") if named[item.name] > 1 else item for item in members
        ]
        samples += own
        split[part] = tuple(item.name for item in own)
    whole = "train" in split and len(split) > 1
    return _checked(
        root, "pairs", samples, [*problems, *_without_fixations(samples)], split if whole else None
    )


def _folders(parent: Path) -> tuple[list[Path], list[Problem]]:
    """The folders in a folder, in natural order, and the entries that cannot be read, pictures apart."""
    found: list[Path] = []
    problems: list[Problem] = []
    for child in natsorted(parent.iterdir()):
        try:
            if stat.S_ISDIR(child.stat().st_mode):
                found.append(child)
        except OSError as error:
            if child.suffix.lower() not in STIMULUS_SUFFIXES:  # these are tried, and told, one by one
                problems.append(Problem(child.name, _unreadable(error)))
    return found, problems


def _unreadable(error: OSError) -> str:
    return f"it cannot be read ({(error.strerror or str(error)).lower()})"


def _listed(folder: Path, suffixes: Iterable[str], problems: list[Problem]) -> dict[str, Path]:
    """As `_by_stem`; a folder that cannot be listed costs itself alone."""
    try:
        return _by_stem(folder, suffixes)
    except OSError as error:
        problems.append(Problem(folder.name, _unreadable(error)))
        return {}


def _without_fixations(samples: list[Sample]) -> list[Problem]:
    """Report samples without fixations if other samples have them."""
    without = [sample for sample in samples if sample.locations is None]
    if not without or len(without) == len(samples):
        return []
    more = f" and {len(without) - 1} more" if len(without) > 1 else ""
    return [Problem(f"{without[0].name}{more}", "no fixations, only a map", kept=True)]


def _matched(
    category: str, stimuli: Path, maps: Path, locations: Path | None
) -> tuple[list[Sample], list[Problem]]:
    """Pair files by stem, skipping CAT2000's ``Output`` folders of example maps."""
    samples: list[Sample] = []
    problems: list[Problem] = []
    map_of = _listed(maps, MAP_SUFFIXES, problems)
    points_of = _listed(locations, FIXATION_SUFFIXES, problems) if locations else {}
    for stem, picture in _listed(stimuli, STIMULUS_SUFFIXES, problems).items():
        name = f"{category}/{stem}" if category else stem
        if stem in map_of:
            samples.append(Sample(name, category, picture, map_of[stem], points_of.get(stem)))
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
