"""File names for results: they keep the picture's stem and never clash."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from salviewer.errors import ExportError
from salviewer.media.formats import PICTURE_SUFFIXES
from salviewer.media.saving import EXPORT_SUFFIXES
from salviewer.media.video.files import VIDEO_SUFFIXES

FILE_SUFFIXES: frozenset[str] = (
    PICTURE_SUFFIXES
    | frozenset(EXPORT_SUFFIXES)
    | VIDEO_SUFFIXES
    | {
        ".bmp",
        ".csv",
        ".eps",
        ".exr",
        ".heic",
        ".heif",
        ".html",
        ".json",
        ".jxl",
        ".npy",
        ".npz",
        ".pdf",
        ".svg",
    }
    | {".tsv", ".txt", ".zip"}
)
"""Suffixes by which a name after ``-o`` is that of a file; any other name is that of a folder."""


@dataclass(frozen=True, slots=True)
class File:
    """One file to write: what it is (a key of `Order.endings`), and its path."""

    what: str
    path: Path


@dataclass(frozen=True, slots=True)
class Job:
    """One picture and the files to write for it.

    Attributes:
        picture: the file to open.
        files: the files to write, the most important one first.
        renamed: whether the names have a number because its own stem was taken.
    """

    picture: Path
    files: tuple[File, ...]
    renamed: bool = False


def plan(
    pictures: Sequence[Path], folder: Path, endings: Mapping[str, str], taken: Collection[str] = ()
) -> list[Job]:
    """Name the outputs: ``STEM + ending`` in ``folder`` for each ending.

    Where names would clash (also on disks that ignore case or Unicode form) the first picture keeps its stem
    and the later ones become ``STEM-2``, ``STEM-3`` ... in the order given, skipping names that another
    picture has anyway. A picture given twice is done once.

    Args:
        pictures: files, in order.
        folder: where outputs go.
        endings: the ending of each output's name, by what it is.
        taken: names that may not be used, such as those of files to keep.
    """
    once = distinct(pictures)
    used = {folded(name) for name in taken}
    stems: dict[Path, str] = {}

    def claim(picture: Path, stem: str) -> bool:
        names = {folded(stem + ending) for ending in endings.values()}
        if names & used:
            return False
        used.update(names)
        stems[picture] = stem
        return True

    waiting = [picture for picture in once if not claim(picture, picture.stem)]
    for picture in waiting:
        number = 2
        while not claim(picture, f"{picture.stem}-{number}"):
            number += 1
    return [
        Job(
            picture,
            tuple(File(what, folder / f"{stems[picture]}{ending}") for what, ending in endings.items()),
            stems[picture] != picture.stem,
        )
        for picture in once
    ]


def distinct(pictures: Sequence[Path]) -> list[Path]:
    """Return each file once, in the order given."""
    found: dict[Path, Path] = {}
    for picture in pictures:
        found.setdefault(picture.absolute(), picture)
    return list(found.values())


def plan_file(picture: Path, target: Path, endings: Mapping[str, str]) -> Job:
    """Plan one picture with a given name for its first output, and the others beside it."""
    first, *others = endings
    beside = [File(what, target.with_name(target.stem + endings[what])) for what in others]
    return Job(picture, (File(first, target), *beside))


def existing(jobs: Sequence[Job]) -> list[Path]:
    """Return those of the files that already exist. Reads the disk."""
    there: dict[Path, set[str]] = {}
    for folder in {file.path.parent for job in jobs for file in job.files}:
        there[folder] = {folded(name) for name in names_in(folder)}
    return [
        file.path for job in jobs for file in job.files if folded(file.path.name) in there[file.path.parent]
    ]


def names_in(folder: Path) -> list[str]:
    """List the names in a folder; empty if it does not exist or cannot be read."""
    try:
        return [entry.name for entry in folder.iterdir()]
    except OSError:
        return []


def names_a_file(target: Path) -> bool:
    """Return whether ``-o target`` means a picture file rather than a folder.

    Raises:
        ExportError: it has the suffix of another kind of file, which cannot be written.
    """
    suffix = target.suffix.lower()
    if target.is_dir() or suffix not in FILE_SUFFIXES:
        return False
    if suffix not in EXPORT_SUFFIXES:
        raise ExportError(
            target, f'"{suffix}" is not a format this program writes; choose {", ".join(EXPORT_SUFFIXES)}'
        )
    return True


def part_originals(jobs: Sequence[Job]) -> tuple[list[Job], list[tuple[Job, Path]]]:
    """Separate the jobs that may be done from those that would overwrite a picture, with that picture."""
    originals = {os.path.realpath(job.picture) for job in jobs}
    kept: list[Job] = []
    refused: list[tuple[Job, Path]] = []
    for job in jobs:
        hit = [file.path for file in job.files if os.path.realpath(file.path) in originals]
        if hit:
            refused.append((job, hit[0]))
        else:
            kept.append(job)
    return kept, refused


def make_folder(folder: Path) -> None:
    """Make a folder for results, and its parents.

    Raises:
        ExportError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise ExportError(folder, "a file of this name is where a folder is needed") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ExportError(folder, f"the folder cannot be made ({reason.lower()})") from error


def folded(name: str) -> str:
    """Return the name as disks see it that ignore case and Unicode form."""
    return unicodedata.normalize("NFC", name).casefold()
