"""List the pictures of files and folders."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from os import PathLike
from pathlib import Path
from typing import Any

from salviewer.errors import ImageError
from salviewer.first_use import natsort
from salviewer.media.openers.names import file_of, number_of, typed
from salviewer.media.openers.pages import names_of, pages_of
from salviewer.media.openers.table import PICTURE_SUFFIXES
from salviewer.media.video_suffixes import VIDEO_SUFFIXES
from salviewer.media.written import written_in


@cache
def _keygen() -> Callable[[str], Any]:
    return natsort.natsort_keygen(alg=natsort.ns.IGNORECASE)


def natural(name: str) -> Any:
    """Return a name's key in natural order ("2" before "10"), upper and lower case alike."""
    return _keygen()(name)


Complain = Callable[[ImageError], None]
"""Called with an error for each requested picture or folder that is left out."""


@dataclass(slots=True)
class _Inside:
    """Content of a folder: pictures, results that this program wrote there, and folders, unordered.

    `videos` is the number of videos that were passed over.
    """

    pictures: list[Path] = field(default_factory=list)
    results: list[Path] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)
    videos: int = 0


def _say_nothing(error: ImageError) -> None:
    pass


def find_pictures(
    paths: Iterable[str | PathLike[str]],
    suffixes: frozenset[str] = PICTURE_SUFFIXES,
    complain: Complain = _say_nothing,
) -> list[Path]:
    """List pictures: files as given, whatever their name; for a folder, the pictures directly in it.

    A document of several pages becomes its pages (`media.openers.names`).

    A folder's pictures are recognised by `suffixes`, without hidden files, in natural order ("2" before
    "10"). Files that this program wrote there are left out, unless the folder has no others. No file but
    documents is opened. If one bad path must not stop the rest, call this once per path.

    Args:
        paths: files, folders and pages, also as ``b.pdf#page=2``.
        suffixes: lower case, with the dot.
        complain: called for each picture of a folder that cannot be read, such as a broken link; the others
            are listed.

    Raises:
        ImageError: a path does not exist, or a folder cannot be listed or holds no picture.
    """
    found: list[Path] = []
    for given in map(Path, paths):
        with _explained(given):
            path = typed(given)
            if not path.is_dir():
                found += _pages(path)
                continue
            missed: list[ImageError] = []
            inside = _look_into(path, suffixes, missed.append)
        for each in missed:
            complain(each)
        chosen = inside.pictures or inside.results
        if not chosen:
            raise ImageError(path, _nothing(False, missed, inside.videos))
        found += _with_pages(in_order(chosen))
    return found


def find_pictures_below(
    folder: str | PathLike[str],
    without: Iterable[str | PathLike[str]] = (),
    complain: Complain = _say_nothing,
) -> list[Path]:
    """List the pictures of a folder and of all folders in it: each folder's own first, in natural order.

    Hidden files and folders are left out, and links to folders are not followed. Files that this program
    wrote are left out, unless there are no others. No file but documents is opened.

    Args:
        folder: the top folder.
        without: folders to leave out.
        complain: called for each folder that cannot be listed and each picture that cannot be read; all
            others are listed.

    Raises:
        ImageError: the folder does not exist, cannot be listed, or has no picture in it or below.
    """
    top = Path(folder)
    left_out = {os.path.realpath(path) for path in without}
    missed: list[ImageError] = []
    pictures: list[Path] = []
    results: list[Path] = []
    with _explained(top), os.scandir(top):
        pass
    waiting, videos = [top], 0
    while waiting:
        here = waiting.pop()
        try:
            with _explained(here):
                inside = _look_into(here, PICTURE_SUFFIXES, missed.append)
        except ImageError as error:
            missed.append(error)
            continue
        videos += inside.videos
        pictures += in_order(inside.pictures)
        results += in_order(inside.results)
        below = in_order(inside.folders)
        waiting += [path for path in reversed(below) if os.path.realpath(path) not in left_out]
    for each in missed:
        complain(each)
    if not pictures and not results:
        raise ImageError(top, _nothing(True, missed, videos))
    return _with_pages(pictures or results)


def pictures_still_there(
    sources: Iterable[str | PathLike[str]],
    beside: str | PathLike[str] | None = None,
    suffixes: frozenset[str] = PICTURE_SUFFIXES,
) -> list[Path]:
    """List what `find_pictures` would list now, each file once, without missing or unreadable ones.

    Args:
        sources: files and folders.
        beside: a file to list among its neighbours even if its folder's list lacks it, because of its suffix
            or because this program wrote it.
        suffixes: as in `find_pictures`.
    """
    found: dict[Path, None] = {}
    for source in map(Path, sources):
        listed: list[Path] = []
        with suppress(OSError, ValueError):
            if source.is_dir():
                inside = _look_into(source, suffixes, _say_nothing)
                listed = inside.pictures or inside.results
            elif file_of(source).exists():
                listed = [source]
        with suppress(OSError, ValueError):
            if beside is not None and (file := file_of(Path(beside))).parent == source and file.exists():
                listed = list(dict.fromkeys([*listed, file]))
        found |= dict.fromkeys(_with_pages(in_order(listed)))
    return list(found)


def in_order(paths: Iterable[Path]) -> list[Path]:
    """Sort by name in natural order, ignoring case."""
    return sorted(paths, key=lambda path: natural(path.name))


def _pages(path: Path) -> list[Path]:
    """Return the pages of a file that was asked for by name, or the one page that was.

    Raises:
        OSError: the file does not exist.
        ImageError: the document has no such page.
    """
    file, number = file_of(path), number_of(path)
    file.stat()
    if number is None:
        return pages_of(file)
    if (names := names_of(file)) and number > len(names):
        raise ImageError(path, f"it has no page {number}, only {len(names)}")
    return [path]


def _with_pages(paths: Iterable[Path]) -> list[Path]:
    return [page for path in paths for page in (pages_of(path) if number_of(path) is None else [path])]


def _look_into(folder: Path, suffixes: frozenset[str], complain: Complain) -> _Inside:
    """List a folder; an entry that cannot be read is skipped.

    Raises:
        OSError: the folder cannot be listed.
    """
    found = _Inside()
    written = written_in(folder)
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            path = folder / entry.name
            try:
                if entry.is_dir(follow_symlinks=False):
                    found.folders.append(path)
                    continue
                suffix = Path(entry.name).suffix.lower()
                if suffix not in suffixes:
                    if not suffix and entry.is_symlink():  # to what may have been a folder
                        with suppress(FileNotFoundError):
                            entry.stat()
                    found.videos += suffix in VIDEO_SUFFIXES and entry.name not in written
                    continue
                if not entry.is_file():
                    if entry.is_symlink() and not path.exists():
                        raise FileNotFoundError(errno.ENOENT, "")
                    continue
                ours = entry.name in written and entry.stat().st_size == written[entry.name]
                (found.results if ours else found.pictures).append(path)
            except OSError as error:
                complain(ImageError(path, _reason(error, entry)))
    return found


def _nothing(below: bool, missed: list[ImageError], videos: int) -> str:
    if missed:
        said = (
            "there are no pictures in this folder or below it that can be read"
            if below
            else "there are no pictures in this folder that can be read"
        )
    else:
        said = (
            "there are no pictures in this folder or below it"
            if below
            else "there are no pictures in this folder"
        )
    if videos == 1:
        said = f"{said}; its video is taken only if it is named itself"
    elif videos:
        said = f"{said}; its {videos} videos are taken only if they are named themselves"
    return said


def _reason(error: OSError, entry: os.DirEntry[str] | None = None) -> str:
    if error.errno == errno.ELOOP:
        return "it is a link that leads back to itself"
    if isinstance(error, FileNotFoundError):
        linked = entry is not None and entry.is_symlink()
        return "it is a link to a file that is not there" if linked else "there is no such file or folder"
    if isinstance(error, PermissionError):
        return "you do not have permission to read it"
    return f"it cannot be read ({(error.strerror or 'unknown reason').lower()})"


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ImageError(path, _reason(error)) from error
    except ValueError as error:
        raise ImageError(path, "this is not a valid file name") from error
