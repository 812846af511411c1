"""The pictures of a command that takes pictures alone, as files: also web pages, and parts of the screen."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from salviewer.addresses import is_screen, is_web
from salviewer.cli import pages, screens
from salviewer.errors import InputError, WebPageError

_STREAM = "it is a stream or a video, and pictures and pages are wanted here"


@dataclass(frozen=True, slots=True)
class Given:
    """What a command was given.

    Attributes:
        paths: files and folders, in the order given. A page has a file for each viewport, a document behind
            an address one for each of its pages.
        drawn: what is known of pages.
        missed: an error for each address that cannot be opened; it has no path.
        shown: what to call files that are kept for the command alone: the address of each.
    """

    paths: tuple[str, ...]
    drawn: pages.Drawn
    missed: tuple[InputError, ...]
    shown: dict[str, str]

    def name(self, path: str) -> str:
        """Return what lines and reports call a path."""
        return self.shown.get(path, path)

    @property
    def is_one_page(self) -> bool:
        """Whether all are screens of one web page."""
        return len(self.drawn.files) == 1 and len(self.paths) == len(self.drawn.areas) > 1


@contextmanager
def as_files(options: argparse.Namespace, paths: Sequence[str]) -> Iterator[Given]:
    """Draw the pages, fetch the pictures and capture the screens; the files last as long as the block.

    Args:
        options: has those of `pages.add_arguments`.
        paths: what the command was given.

    Raises:
        UsageError: an option for pages is given, and there are none.
        BrowserError: there is no browser, or it does not start.
        SourceError: a part of the screen cannot be captured.
    """
    found = pages.ask_all([path for path in paths if is_web(path)], None)
    streams = [address for address, answer in found.answers.items() if answer.kind == "stream"]
    for address in streams:
        del found.answers[address]
        found.missed[address] = WebPageError(address, _STREAM)
    if not found.addresses:
        pages.refuse(options)
    with screens.as_files(paths) as files, pages.drawn(options, found) as drawn:
        shown = {str(file): name for file, name in _names(drawn).items()}
        shown |= {file: path for path, file in zip(paths, files, strict=True) if is_screen(path)}
        every = [
            file
            for path in files
            for file in (map(str, drawn.files.get(path, ())) if path in found.addresses else (path,))
        ]
        yield Given(tuple(every), drawn, (*found.missed.values(), *drawn.missed), shown)


def _names(drawn: pages.Drawn) -> dict[Path, str]:
    """Return a name for each file of a page: its address, with the viewport where there are several."""
    count = Counter(page.address for page in drawn.pages.values())
    return {
        path: f"{page.address} ({page.viewport})" if count[page.address] > 1 else page.address
        for path, page in drawn.pages.items()
    }
