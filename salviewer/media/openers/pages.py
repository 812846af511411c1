"""The pages of documents, as pictures of a list."""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path

from salviewer.media.openers.names import file_of, number_of, page_path
from salviewer.media.openers.options import Opening, opening_of
from salviewer.media.openers.reading import describe
from salviewer.media.openers.refusals import UnreadableError
from salviewer.media.openers.table import PAGED_SUFFIXES, find_opener

_KEPT = 4096
_WITH_ARTBOARDS = frozenset({".psd", ".psb"})

_lock = threading.Lock()
_known: OrderedDict[tuple[str, int, int, str], tuple[str, ...]] = OrderedDict()


def pages_of(path: Path, opening: Opening | None = None) -> list[Path]:
    """Return the pages of a document, or the path itself for a file that is one picture.

    A document that cannot be opened is returned as it is: opening it says why. The answer is kept until the
    file changes. Without `opening`, the program's own options are used.
    """
    names = names_of(path, opening)
    return [page_path(path, number) for number in range(1, len(names) + 1)] if len(names) > 1 else [path]


def names_of(path: Path, opening: Opening | None = None) -> tuple[str, ...]:
    """Return the name of each page of a document, "" for one without; () for any other file."""
    if path.suffix.lower() not in PAGED_SUFFIXES:
        return ()
    try:
        opening = opening or opening_of(path)
        key = _key(path, opening)
        with _lock:
            if key in _known:
                _known.move_to_end(key)
                return _known[key]
        with path.open("rb") as stream:
            opener = find_opener(stream.read(64), stream, path.suffix.lower())
        names = tuple(describe(opener, path, opening)) if opener is not None and opener.paged else ()
    except UnreadableError:
        names = ()  # kept too: one that takes for ever is not tried at every look at its folder
    except (OSError, ValueError):
        return ()
    with _lock:
        _known[key] = names
        while len(_known) > _KEPT:
            _known.popitem(last=False)
    return names


def _key(document: Path, opening: Opening) -> tuple[str, int, int, str]:
    status = document.stat()
    return str(document.absolute()), status.st_mtime_ns, status.st_size, opening.password


def page_name(path: Path) -> str:
    """Return a page's own name, such as "iv", or its number; "" for a picture that is a whole file."""
    number = number_of(path)
    return "" if number is None else _own_name(names_of(file_of(path)), number)


def known_page_name(path: Path) -> str:
    """Return `page_name` if the document was opened before; "" else, since opening it may take long."""
    document, number = file_of(path), number_of(path)
    try:
        key = _key(document, opening_of(document))
    except OSError:
        return ""
    with _lock:
        names = _known.get(key, ())
    return "" if number is None or not names else _own_name(names, number)


def page_note(path: Path, number: int | None, opening: Opening | None = None) -> str:
    """Return a note that says which page of its document a picture is: "page iv (4 of 12)"; "" for one."""
    names = names_of(path, opening)
    if len(names) < 2:
        return ""
    if number is None:
        boards = path.suffix.lower() in _WITH_ARTBOARDS
        return f"all {len(names)} artboards" if boards else f"first of {len(names)} pages"
    named = _named(path, names, number)
    return f"{named} of {len(names)}" if named == f"page {number}" else f"{named} ({number} of {len(names)})"


def _named(document: Path, names: tuple[str, ...], number: int) -> str:
    what = "artboard" if document.suffix.lower() in _WITH_ARTBOARDS else "page"
    return f"{what} {_own_name(names, number)}"


def _own_name(names: tuple[str, ...], number: int) -> str:
    return (names[number - 1] if number <= len(names) else "") or str(number)
