"""The pictures that a person means by a list of files and folders."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike
from pathlib import Path

from natsort import natsort_keygen, ns

from salviewer.errors import ImageError
from salviewer.media.formats import PICTURE_SUFFIXES

_natural = natsort_keygen(alg=ns.IGNORECASE)


def find_pictures(paths: Iterable[str | PathLike[str]]) -> list[Path]:
    """Lists pictures: files as given, whatever they are called; of a folder the pictures directly in it.

    A folder's pictures are told by ``PICTURE_SUFFIXES``, hidden files left out, in natural order ("2" before
    "10"). Nothing is opened. Where one bad path must not stop the rest, call once per path.

    Raises:
        ImageError: a path does not exist, or a folder cannot be listed or holds no picture.
    """
    found: list[Path] = []
    for path in map(Path, paths):
        try:
            if not path.is_dir():
                path.stat()
                found.append(path)
                continue
            inside = [
                entry
                for entry in path.iterdir()
                if entry.suffix.lower() in PICTURE_SUFFIXES
                and not entry.name.startswith(".")
                and entry.is_file()
            ]
        except FileNotFoundError as error:
            raise ImageError(path, "there is no such file or folder") from error
        except PermissionError as error:
            raise ImageError(path, "you do not have permission to read it") from error
        except (OSError, ValueError) as error:
            raise ImageError(path, "it cannot be read") from error
        if not inside:
            raise ImageError(path, "there are no pictures in this folder")
        found += sorted(inside, key=lambda entry: _natural(entry.name))
    return found
