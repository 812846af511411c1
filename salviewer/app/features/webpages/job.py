"""Asks servers and draws pages, in a thread of its own."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from salviewer.addresses import stem_of
from salviewer.app.state.page_choices import PageChoices
from salviewer.app.translation import tr
from salviewer.app.workers.latest_only import LatestOnlyWorker, Outcome
from salviewer.app.workers.sentences import sentence
from salviewer.media.saving import atomic_path
from salviewer.webpages.asking import Answer, ask
from salviewer.webpages.drawing import StoppedError, draw_pages
from salviewer.webpages.elements import Element
from salviewer.webpages.page import Page, PageRequest
from salviewer.webpages.safety import host_of

_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')  # in file names, on one system or another
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class DrawnPages:
    """Pages that were drawn.

    Attributes:
        address: as the user typed it.
        paths: their pictures.
        elements: of each.
        notes: for the user, each once.
        errors: a sentence for each page that could not be drawn.
    """

    address: str
    paths: tuple[Path, ...]
    elements: tuple[tuple[Element, ...], ...]
    notes: tuple[str, ...]
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OtherAddress:
    """An address that is no page: a stream, or a picture."""

    address: str
    answer: Answer


class PagesWorker(QObject):
    """Opens the newest address; `cancel` ends it.

    Args:
        folder: where pictures are kept.
        prune: called in the thread with the newest pictures, after they were written.
    """

    drawn = Signal(object)  # DrawnPages
    other = Signal(object)  # OtherAddress
    failed = Signal(str)
    progressed = Signal(str)  # what it does now; "" when it ends

    def __init__(
        self, folder: Path, prune: Callable[[tuple[Path, ...]], object], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.worker = LatestOnlyWorker("web pages", self, self._landed)
        self._folder, self._prune, self._ticket, self._stop = folder, prune, 0, threading.Event()

    def open(self, address: str, choices: PageChoices) -> None:
        """Ask what an address is, and draw it if it is a page."""
        self.cancel()
        self._stop = stop = threading.Event()
        self._ticket += 1
        self.progressed.emit(tr("Opening the page…"))
        self.worker.submit(self._ticket, lambda: self._open(address, choices, stop))

    def cancel(self) -> None:
        """End what runs, within a second."""
        self._stop.set()

    def _landed(self, outcome: Outcome) -> None:
        if outcome.ticket != self._ticket:
            return
        self.progressed.emit("")
        if isinstance(outcome.error, StoppedError):
            return
        if outcome.error is not None:
            self.failed.emit(sentence(outcome.error, tr("opening the page")))
        elif isinstance(outcome.value, DrawnPages):
            self.drawn.emit(outcome.value)
        else:
            self.other.emit(outcome.value)

    def _open(self, address: str, choices: PageChoices, stop: threading.Event) -> DrawnPages | OtherAddress:
        answer = ask(address)
        if stop.is_set():
            raise StoppedError("stopped")
        if answer.kind != "page":
            return OtherAddress(address, answer)
        requests = [PageRequest(address, one, choices.whole, choices.dark) for one in choices.screens]
        drawn, errors = list[Page](), list[str]()

        def began(request: PageRequest) -> None:
            number = len(drawn) + len(errors) + 1
            if len(requests) > 1:
                self.progressed.emit(
                    tr("Drawing the page, {number} of {count}…", number=number, count=len(requests))
                )
            else:
                self.progressed.emit(tr("Drawing the page…"))

        for page in draw_pages(requests, choices.browser, stop.is_set, began):
            if isinstance(page, Page):
                drawn.append(page)
            else:
                errors.append(str(page))
        folder = self._folder / _folder_name(address)
        paths = tuple(_save(folder, page) for page in drawn)
        self._prune(paths)
        notes = dict.fromkeys(note for page in drawn for note in (*page.notes, *page.remarks))
        return DrawnPages(address, paths, tuple(page.elements for page in drawn), tuple(notes), tuple(errors))


def _folder_name(address: str) -> str:
    digest = hashlib.blake2b(address.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
    host = _FORBIDDEN.sub("_", host_of(address))[:_LONGEST].strip(". ") or "page"
    return f"{host}-{digest}"


def _save(folder: Path, page: Page) -> Path:
    """Write a page's picture under its title, in place of what was drawn of it before."""
    title = _FORBIDDEN.sub(" ", page.title)[:_LONGEST].strip(". ") or stem_of(page.request.address)
    kind = page.request.viewport.name + (", dark" if page.request.dark else "")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{title} ({kind}).png"
    with atomic_path(path) as temporary:
        temporary.write_bytes(page.content)
    return path
