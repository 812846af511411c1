"""Web pages by their address: drawn in a worker, opened like any picture, with suggested areas."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from salviewer.app.state.kept_pages import KeptPages
from salviewer.app.state.page_choices import PageChoices, with_address
from salviewer.app.state.project import absolute
from salviewer.app.workbench import Command, Feature, Workbench
from salviewer.app.workers.documents import OpenedProject, SavedProject
from salviewer.app.workers.loader import Opened
from salviewer.media.project import PROJECT_SUFFIX
from salviewer.paths import data_folder
from salviewer.texts import said

if TYPE_CHECKING:
    from salviewer.app.features.webpages.job import DrawnPages, OtherAddress, PagesWorker


class WebPagesFeature(Feature):
    """Opens addresses that the user typed, in its dialog or on the command line."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._worker: PagesWorker | None = None
        self._opening: DrawnPages | None = None  # until its pictures are the list
        bench.commands.add(
            Command(
                "open_page",
                "Open &web page…",
                self.ask,
                "File",
                (1, 6),
                ("Ctrl+Shift+W",),
                tip="Draw a page by its address, at one or several screen sizes",
            )
        )
        self._folder = absolute(data_folder() / "pages")
        self._kept = KeptPages(self._folder)
        bench.session.address_requested.connect(self.open)
        bench.session.listing_changed.connect(lambda listing: self._kept.note_open(listing.paths))
        for signal in (bench.files.documents.opened, bench.files.documents.saved):
            signal.connect(self._note_project)
        bench.session.opened.connect(self._opened)
        bench.status.cancel_wanted.connect(self.close)

    @property
    def worker(self) -> PagesWorker:
        """Made when it is first wanted."""
        from salviewer.app.features.webpages.job import PagesWorker

        if self._worker is None:
            bench = self._bench
            self._worker = worker = PagesWorker(self._folder, self.prune, self)
            bench.workers.add(worker.worker)
            worker.progressed.connect(lambda what: bench.status.set_activity("page", what))
            worker.failed.connect(bench.notices.error)
            worker.drawn.connect(self._show)
            worker.other.connect(self._hand_on)
        return self._worker

    def _note_project(self, one: OpenedProject | SavedProject) -> None:
        self._kept.note_project(one.path, (picture.path for picture in one.project.pictures))

    def prune(self, fresh: tuple[Path, ...]) -> None:
        """Delete what is too old or too much, in the worker's thread."""
        settings = self._bench.settings
        recovered = (settings.file.folder / "recovery").glob(f"*{PROJECT_SUFFIX}")
        recent = (Path(path) for path in settings.now.browsing.recent if path.endswith(PROJECT_SUFFIX))
        self._kept.prune(fresh, (*recovered, *recent))

    def ask(self) -> None:
        """Ask for an address."""
        from salviewer.app.features.webpages.dialog import PageDialog

        dialog = PageDialog(self._bench.settings.now.pages, self._bench.dialog_parent)
        dialog.wanted.connect(self._open_chosen)
        dialog.open()

    def open(self, address: str, choices: PageChoices | None = None) -> None:
        """Open an address, a page for the usual screen if nothing else is chosen."""
        browser = self._bench.settings.now.pages.browser
        choices = choices or PageChoices()
        self.worker.open(address, choices if choices.browser else replace(choices, browser=browser))

    def close(self) -> None:
        """End the browser."""
        if self._worker is not None:
            self._worker.cancel()

    def _open_chosen(self, address: str, choices: PageChoices) -> None:
        addresses = with_address(self._bench.settings.now.pages.addresses, address)
        self._bench.settings.change_pages(
            viewports=choices.viewports,
            whole=choices.whole,
            dark=choices.dark,
            browser=choices.browser,
            addresses=addresses,
        )
        self.worker.open(address, choices)

    def _hand_on(self, other: OtherAddress) -> None:
        if other.answer.kind == "picture":
            self._bench.session.paste(other.answer.content, other.address.rpartition("/")[2])
        else:
            from salviewer.media.video.opening import SourceChoice

            self._bench.session.source_requested.emit(SourceChoice(other.address))

    def _show(self, found: DrawnPages) -> None:
        """Open the pictures; several screens of one page are variants of it."""
        from salviewer.core.suggesting import SuggestedArea

        bench = self._bench
        for path, elements in zip(found.paths, found.elements, strict=True):
            suggested = tuple(SuggestedArea(one.kind, one.words, one.area) for one in elements)
            bench.areas.offer(absolute(path), suggested)
        if found.paths:
            self._opening = found
            bench.session.open(found.paths, alone=True)
        else:
            bench.notices.error("\n".join(found.errors))

    def _opened(self, opened: Opened) -> None:
        """Compare the screens of a page once they are the list, and say what there is to say."""
        found = self._opening
        if found is None or opened.asked != found.paths:
            return
        self._opening = None
        if found.errors:
            self._bench.notices.error("\n".join(found.errors))
        elif found.notes:
            self._bench.notices.inform("; ".join(map(said, found.notes)))
        if len(found.paths) > 1 and opened.listing is not None:
            QTimer.singleShot(0, self._bench.commands["compare_variants"].trigger)
