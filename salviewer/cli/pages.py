"""Web addresses for commands: pages are drawn, pictures fetched, and streams left to others."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from salviewer.addresses import fit_to_show, is_web, stem_of
from salviewer.cli.options import UsageError, ranged
from salviewer.cli.report import remark
from salviewer.core.areas import Area
from salviewer.errors import ExportError, ImageError, InputError, WebPageError
from salviewer.media.images import decode_picture
from salviewer.media.openers.pages import pages_of
from salviewer.media.saving import remove_leftovers, temporary_name
from salviewer.media.video.codecs import VIDEO_EXPORT_SUFFIXES
from salviewer.results.naming import names_a_file
from salviewer.results.web_page import WebPage
from salviewer.webpages.asking import Answer, ask
from salviewer.webpages.drawing import draw_pages
from salviewer.webpages.page import Page, PageRequest
from salviewer.webpages.viewports import DESKTOP, VIEWPORTS, Viewport, read_viewport


@dataclass(slots=True)
class Found:
    """What the addresses of a command are.

    Attributes:
        answers: pages and pictures, by address.
        missed: an error for each address that cannot be opened.
    """

    answers: dict[str, Answer] = field(default_factory=dict)
    missed: dict[str, InputError] = field(default_factory=dict)

    @property
    def addresses(self) -> set[str]:
        """All addresses that are no streams."""
        return {*self.answers, *self.missed}


@dataclass(slots=True)
class Drawn:
    """Files of pages and pictures that were fetched.

    Attributes:
        files: by address, in the order of the viewports.
        pages: by file.
        areas: the elements of each page, by file.
        missed: an error for each page that could not be drawn.
    """

    files: dict[str, list[Path]] = field(default_factory=dict)
    pages: dict[Path, WebPage] = field(default_factory=dict)
    areas: dict[Path, tuple[Area, ...]] = field(default_factory=dict)
    missed: list[InputError] = field(default_factory=list)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options for web pages."""
    group = parser.add_argument_group(
        "web pages", "An http or https address whose server sends a page; drawn by Chrome, Edge or Chromium."
    )
    add_page_arguments(group)


def add_page_arguments(group: argparse._ActionsContainer) -> None:
    """Declare ``--viewport``, ``--whole-page``, ``--dark`` and ``--browser``."""
    sizes = ", ".join(f"{one.name} {one.width}x{one.height}" for one in VIEWPORTS.values())
    group.add_argument(
        "--viewport",
        type=ranged(read_viewport),
        action="append",
        metavar="NAME|WxH[@SCALE]",
        help=f"the screen to draw a page for: {sizes}; give it several times for STEM-NAME.png of each"
        f" (default: {DESKTOP.name})",
    )
    group.add_argument(
        "--whole-page",
        action="store_true",
        help="draw the whole page, screen by screen, not the first screen alone",
    )
    group.add_argument("--dark", action="store_true", help="ask the page for its dark colours")
    group.add_argument(
        "--browser",
        default="",
        metavar="PROGRAM",
        help="the browser to draw with (default: the Chrome, Chromium or Edge that is installed)",
    )


def find(options: argparse.Namespace) -> Found:
    """Ask the servers of the addresses what they are.

    Addresses are streams without asking where the output is a video, or an option is for streams.

    Raises:
        UsageError: an option for pages is given, and there are none.
    """
    found = Found()
    to_video = Path(options.output).suffix.lower() in VIDEO_EXPORT_SUFFIXES
    if not (to_video or options.reconnect or options.frames):
        found = ask_all([path for path in options.paths if is_web(path)], options.timeout)
        found.answers = {
            address: answer for address, answer in found.answers.items() if answer.kind != "stream"
        }
    if not found.addresses:
        refuse(options)
    return found


def ask_all(addresses: Iterable[str], timeout: float | None) -> Found:
    """Ask the servers of addresses what they are, each once; streams are among the answers.

    Args:
        timeout: seconds for each step; None for the usual ones.
    """
    found = Found()
    for address in dict.fromkeys(addresses):
        try:
            found.answers[address] = ask(address) if timeout is None else ask(address, timeout)
        except WebPageError as error:
            found.missed[address] = error
    return found


def refuse(options: argparse.Namespace) -> None:
    """Refuse options for pages where there are none.

    Raises:
        UsageError: one is given.
    """
    for name in ("viewport", "whole_page", "dark", "browser"):
        if getattr(options, name):
            raise UsageError(f"--{name.replace('_', '-')} is for addresses of web pages")


@contextmanager
def fetched(options: argparse.Namespace, found: Found) -> Iterator[Drawn]:
    """Do `drawn` for ``salviewer predict``.

    Raises:
        UsageError: options contradict each other.
        BrowserError: there is no browser, or it does not start.
    """
    if found.answers:
        _check(options, found, len(_requests(options, found.answers)))
    with drawn(options, found) as files:
        yield files


@contextmanager
def drawn(options: argparse.Namespace, found: Found) -> Iterator[Drawn]:
    """Draw the pages and fetch the pictures into a folder that is deleted when the block ends.

    Raises:
        BrowserError: there is no browser, or it does not start.
    """
    if not found.answers:
        yield Drawn()
        return
    requests = _requests(options, found.answers)
    parent = Path(tempfile.gettempdir())
    remove_leftovers(parent)
    folder = parent / temporary_name()
    try:
        folder.mkdir(mode=0o700)
        yield _fetch(options, found, requests, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _requests(options: argparse.Namespace, answers: Mapping[str, Answer]) -> list[PageRequest]:
    viewports = list(dict.fromkeys(options.viewport or (DESKTOP,)))
    wanted = PageRequest("", whole=options.whole_page, dark=options.dark)
    timeout = getattr(options, "timeout", None)
    seconds = wanted.seconds if timeout is None else timeout
    return [
        PageRequest(address, viewport, options.whole_page, options.dark, seconds)
        for address, answer in answers.items()
        if answer.kind == "page"
        for viewport in viewports
    ]


def _check(options: argparse.Namespace, found: Found, pages: int) -> None:
    if options.skip_done:
        raise UsageError("--skip-done is for files; what is on the web may change")
    pictures = sum(answer.kind == "picture" for answer in found.answers.values())
    others = sum(path not in found.addresses for path in options.paths)
    if others and pages:
        raise UsageError("give web pages and files in separate commands")
    target = Path(options.output)
    try:
        to_file = not options.output.endswith("/") and names_a_file(target)
    except ExportError as error:
        raise UsageError(str(error)) from error
    if to_file and pages + pictures + others > 1:
        raise UsageError(f"{target} is one file and cannot take several pictures; give a folder after -o")


def _fetch(options: argparse.Namespace, found: Found, requests: list[PageRequest], folder: Path) -> Drawn:
    drawn = Drawn()
    for address, answer in found.answers.items():
        if answer.kind == "picture":
            try:
                decode_picture(answer.content, address)
            except ImageError as error:
                drawn.missed.append(error)
                continue
            path = _free(folder, stem_of(address), ".pdf" if b"%PDF" in answer.content[:1024] else ".png")
            path.write_bytes(answer.content)
            drawn.files[address] = paths = pages_of(path)
            for number, page in enumerate(paths, 1):
                place = f"#page={number}" if len(paths) > 1 else ""
                drawn.pages[page] = WebPage(fit_to_show(address) + place, "", "", 0, 0)
    several = len({request.viewport for request in requests}) > 1
    told: set[str] = set()
    for found_page in draw_pages(requests, options.browser):
        if isinstance(found_page, WebPageError):
            drawn.missed.append(found_page)
            continue
        request, view = found_page.request, found_page.request.viewport
        stem = stem_of(request.address)
        stem += (f"-{view.name}" if several else "") + ("-dark" if request.dark else "")
        path = _free(folder, stem)
        path.write_bytes(found_page.content)
        drawn.files.setdefault(request.address, []).append(path)
        told.update(found_page.remarks)
        drawn.pages[path] = facts(found_page)
        drawn.areas[path] = found_page.areas
    for text in sorted(told):
        remark(text)
    return drawn


def facts(page: Page) -> WebPage:
    """Return what files say of a page."""
    view: Viewport = page.request.viewport
    return WebPage(
        page.address,
        page.title,
        view.name,
        view.width,
        view.height,
        view.scale,
        page.request.dark,
        page.screens,
        page.notes,
    )


def _free(folder: Path, stem: str, suffix: str = ".png") -> Path:
    """Return a path for a picture, in a folder of its own, so that equal names are told apart later."""
    place = folder / str(sum(1 for _ in folder.iterdir()))
    place.mkdir()
    return place / f"{stem[:100]}{suffix}"
