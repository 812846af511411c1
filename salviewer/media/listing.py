"""The pictures that a person means by a list of files and folders."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from os import PathLike
from pathlib import Path

from natsort import natsort_keygen, ns

from salviewer.errors import ImageError
from salviewer.media.formats import PICTURE_SUFFIXES

_natural = natsort_keygen(alg=ns.IGNORECASE)


def find_pictures(
    paths: Iterable[str | PathLike[str]], suffixes: frozenset[str] = PICTURE_SUFFIXES
) -> list[Path]:
    """Lists pictures: files as given, whatever they are called; of a folder the pictures directly in it.

    A folder's pictures are told by `suffixes`, hidden files left out, in natural order ("2" before
    "10"). Nothing is opened. Where one bad path must not stop the rest, call once per path.

    Raises:
        ImageError: a path does not exist, or a folder cannot be listed or holds no picture.
    """
    found: list[Path] = []
    for path in map(Path, paths):
        with _told(path):
            if not path.is_dir():
                path.stat()
                found.append(path)
                continue
            inside = _inside(path, suffixes)
        if not inside:
            raise ImageError(path, "there are no pictures in this folder")
        found += in_order(inside)
    return found


def find_pictures_below(
    folder: str | PathLike[str], without: Iterable[str | PathLike[str]] = ()
) -> list[Path]:
    """Lists the pictures of a folder and of the folders in it: each folder's own first, in natural order.

    Hidden files and folders are left out, links to folders not followed, folders that cannot be listed passed
    over. Nothing is opened.

    Args:
        folder: where to look.
        without: folders to be passed over.

    Raises:
        ImageError: the folder does not exist, cannot be listed, or there is no picture in it or below.
    """
    top = Path(folder)
    passed = {os.path.realpath(path) for path in without}
    with _told(top), os.scandir(top):
        pass
    found: list[Path] = []
    for here, below, _ in os.walk(top):
        below[:] = [
            path.name
            for path in in_order(Path(here, name) for name in below if not name.startswith("."))
            if os.path.realpath(path) not in passed
        ]
        with suppress(OSError):
            found += in_order(_inside(Path(here), PICTURE_SUFFIXES))
    if not found:
        raise ImageError(top, "there are no pictures in this folder or below it")
    return found


def pictures_still_there(
    sources: Iterable[str | PathLike[str]],
    beside: str | PathLike[str] | None = None,
    suffixes: frozenset[str] = PICTURE_SUFFIXES,
) -> list[Path]:
    """What `find_pictures` would list now, each once; what is gone, or cannot be listed, is left out.

    Args:
        sources: files and folders.
        beside: a file that stands among its neighbours though its folder's list may lack it: its name does
            not tell that it is a picture.
        suffixes: as of `find_pictures`.
    """
    found: dict[Path, None] = {}
    for source in map(Path, sources):
        inside: list[Path] = []
        with suppress(OSError, ValueError):
            inside = _inside(source, suffixes) if source.is_dir() else [source] if source.exists() else []
        with suppress(OSError, ValueError):
            if beside is not None and Path(beside).parent == source and Path(beside).exists():
                inside = list(dict.fromkeys([*inside, Path(beside)]))
        found |= dict.fromkeys(in_order(inside))
    return list(found)


def in_order(paths: Iterable[Path]) -> list[Path]:
    """By name in natural order, whatever the case."""
    return sorted(paths, key=lambda path: _natural(path.name))


def _inside(folder: Path, suffixes: frozenset[str]) -> list[Path]:
    with os.scandir(folder) as entries:
        return [
            folder / entry.name
            for entry in entries
            if Path(entry.name).suffix.lower() in suffixes
            and not entry.name.startswith(".")
            and entry.is_file()
        ]


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise ImageError(path, "there is no such file or folder") from error
    except PermissionError as error:
        raise ImageError(path, "you do not have permission to read it") from error
    except (OSError, ValueError) as error:
        raise ImageError(path, "it cannot be read") from error
