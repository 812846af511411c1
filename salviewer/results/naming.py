"""Name the files of results: they keep the picture's stem and never clash."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from salviewer.errors import ExportError
from salviewer.media.openers.names import file_of
from salviewer.media.openers.table import PICTURE_SUFFIXES
from salviewer.media.saving import EXPORT_SUFFIXES
from salviewer.media.video_suffixes import VIDEO_SUFFIXES

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
"""Suffixes that make a name after ``-o`` a file's; any other name is a folder's."""


@dataclass(frozen=True, slots=True)
class File:
    """One file to write: its kind (a key of `Order.endings`) and its path."""

    what: str
    path: Path


@dataclass(frozen=True, slots=True)
class Job:
    """One picture and the files to write for it.

    Attributes:
        picture: the file or page to open.
        files: the files to write, the most important one first.
        renamed: whether the names have a number because another picture has the stem.
    """

    picture: Path
    files: tuple[File, ...]
    renamed: bool = False


def plan(
    pictures: Sequence[Path], folder: Path, endings: Mapping[str, str], taken: Collection[str] = ()
) -> list[Job]:
    """Name the outputs: ``STEM + ending`` in ``folder`` for each ending.

    If names would clash (also on disks that ignore case or Unicode form), the first picture keeps its stem
    and later ones become ``STEM-2``, ``STEM-3`` ... in the given order, without the names of other pictures.
    A picture that is given twice is done once.

    Args:
        pictures: files, in order.
        folder: where outputs go.
        endings: the ending of each output's name, by kind.
        taken: names that must not be used, such as those of files to keep.
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
    """Return each file once, in the given order."""
    found: dict[Path, Path] = {}
    for picture in pictures:
        found.setdefault(picture.absolute(), picture)
    return list(found.values())


def plan_file(picture: Path, target: Path, endings: Mapping[str, str]) -> Job:
    """Plan one picture: its first output is ``target``, the others lie beside it."""
    first, *others = endings
    beside = [File(what, target.with_name(target.stem + endings[what])) for what in others]
    return Job(picture, (File(first, target), *beside))


def existing(jobs: Sequence[Job]) -> list[Path]:
    """Return the files of the jobs that already exist. Reads the disk."""
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
        ExportError: the suffix is of another kind of file, which cannot be written.
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
    """Separate jobs that can be done from those that would overwrite a picture, with that picture."""
    originals = {os.path.realpath(file_of(job.picture)) for job in jobs}
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
    """Create a folder for results, with its parents.

    Raises:
        ExportError: it cannot be created.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise ExportError(folder, "a file of this name is where a folder is needed") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ExportError(folder, f"the folder cannot be made ({reason.lower()})") from error


def folded(name: str) -> str:
    """Return a name as seen by disks that ignore case and Unicode form."""
    return unicodedata.normalize("NFC", name).casefold()
