"""Names of pages: page 2 of ``b.pdf`` is the picture ``b.pdf/b-p02.pdf``, whose results are ``b-p02.png``.

Such a path is no file. Everything that lists, names and stores pictures takes it like one: its stem names the
results, and its parent is the document. Whoever reads the disk asks `file_of`.
"""

from __future__ import annotations

import re
from os import PathLike
from pathlib import Path

_PAGE = re.compile(r"(?s)(.+)-p(0[1-9]|[1-9]\d{1,5})")
_FRAGMENT = re.compile(r"(?s)(.+)#page=([1-9]\d{0,5})", re.IGNORECASE)


def page_path(document: Path, number: int) -> Path:
    """Return the path of a page, counted from one."""
    return document / f"{document.stem}-p{number:02}{document.suffix}"


def page_of(path: Path) -> tuple[Path, int] | None:
    """Return the document and number of a page's path; None for any other path. Reads no disk."""
    document = path.parent
    if not document.suffix or path.suffix != document.suffix:
        return None
    found = _PAGE.fullmatch(path.stem)
    return (document, int(found[2])) if found and found[1] == document.stem else None


def file_of(path: Path) -> Path:
    """Return the file on disk that a picture is in: the document of a page, else the path itself."""
    found = page_of(path)
    return found[0] if found and not found[0].is_dir() else path


def folder_of(path: Path) -> Path:
    """Return the folder on disk that a picture is in: the document's of a page."""
    return file_of(path).parent


def number_of(path: Path) -> int | None:
    """Return a page's number, counted from one; None for a picture that is a whole file."""
    found = page_of(path)
    return found[1] if found and not found[0].is_dir() else None


def typed(path: str | PathLike[str]) -> Path:
    """Return a path as a user gives it: ``b.pdf#page=2`` is page 2, unless a file has that name."""
    given = Path(path)
    found = _FRAGMENT.fullmatch(given.name)
    if found is None or given.exists():
        return given
    return page_path(given.with_name(found[1]), int(found[2]))
