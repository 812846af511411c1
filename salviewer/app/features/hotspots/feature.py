"""Hotspots: found in a worker, marked on the picture and on the one beside it, listed in the panel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from salviewer.app.features.hotspots.finder import HotspotFinder
from salviewer.app.features.hotspots.marks import Marks
from salviewer.app.features.hotspots.page import HotspotPage
from salviewer.app.shell import dialogs
from salviewer.app.state.settings import ViewerSettings
from salviewer.app.translation import tr
from salviewer.app.workbench import Command, Feature, Workbench
from salviewer.app.workers.timers import single_shot
from salviewer.core.hotspots import Hotspot
from salviewer.media.tables import save_table

PAGE = "hotspots"
"""The id of the panel's page of hotspots."""

_LIST_EVERY = 250  # milliseconds between updates of the table for a live source


class HotspotsFeature(Feature):
    """Shows `bench.shown.hotspots`, and finds them unless a live source sets them."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self.page = HotspotPage()
        self.first = Marks(bench.stage.canvas.label_boxes)  # on the picture on screen
        self.second = Marks()  # on the one beside it
        self._finders = (HotspotFinder(self), HotspotFinder(self))
        self._soon = single_shot(self, _LIST_EVERY, self._list)
        bench.workers.add(*(finder.worker for finder in self._finders))
        bench.commands.add(*self._commands())
        bench.stage.canvas.add_ornament(self.first, of_layer=True)
        bench.stage.add_pane_ornament(self.second)
        bench.panel.add_page(tr("Hotspots"), self.page, PAGE)
        self._connect()
        bench.settings.follow(self._apply)

    def draw_path(self, drawn: bool) -> None:
        """Show or hide the gaze path; showing it shows the hotspots too."""
        settings = self._bench.settings
        settings.change(path=drawn, spots_shown=settings.now.spots_shown or drawn)

    def save(self) -> None:
        """Ask for a file name, then write the table."""
        bench, loaded, table = self._bench, self._bench.session.loaded, self.page.table.table
        if loaded is None:
            return
        suggestion = Path(bench.settings.folder) / f"{Path(loaded.name).stem}-hotspots.csv"

        def write(path: Path) -> Path:
            save_table(path, table)
            return path

        do = bench.files.writer.do
        dialogs.ask_table(bench.dialog_parent, suggestion, lambda path: do(lambda *_: write(Path(path))))

    def _commands(self) -> Iterator[Command]:
        settings = self._bench.settings
        yield Command(
            "show_hotspots",
            "&Hotspots",
            lambda on: settings.change(spots_shown=on),
            "View",
            (5, 1),
            ("N",),
            "hotspots",
            "Number the places that attention is predicted to visit, in order",
            checked=lambda: settings.now.spots_shown,
            toolbar=(5, 3),
        )
        yield Command("show_path", "&Gaze path", self.draw_path, "View", (5, 2), ("J",), "gaze-path",
                      "Join the hotspots in order", checked=lambda: settings.now.path)  # fmt: skip

    def _connect(self) -> None:
        bench, page = self._bench, self.page
        first, second = self._finders
        for finder in self._finders:
            finder.failed.connect(bench.notices.error)
        first.found.connect(bench.shown.set_hotspots)
        second.found.connect(self._show_second)
        page.shown_changed.connect(lambda shown: bench.settings.change(spots_shown=shown))
        page.path_changed.connect(self.draw_path)
        page.wanted_changed.connect(lambda wanted: bench.settings.change(spots=wanted))
        page.picked.connect(self._pick)
        page.save_wanted.connect(self.save)
        bench.session.map_changed.connect(lambda _: self._search())
        bench.session.live_changed.connect(lambda _: self._search())
        bench.shown.second_changed.connect(second.set_map)
        bench.shown.hotspots_changed.connect(self._show)

    def _apply(self, before: ViewerSettings | None, now: ViewerSettings) -> None:
        for finder in self._finders:
            finder.set_wanted(now.spots if now.spots_shown else None, now.heat)
        drawn = (now.spots, now.spots_shown, now.path)
        if before is not None and drawn == (before.spots, before.spots_shown, before.path):
            return
        self.page.set_wanted(*drawn)
        for marks in (self.first, self.second):
            marks.path, marks.radius = now.path, now.spots.radius
        self._bench.stage.update_canvases()

    def _search(self) -> None:
        """Search the map on screen, unless the live source does it."""
        session = self._bench.session
        self._finders[0].set_map(None if session.live else session.saliency)

    def _show(self, hotspots: tuple[Hotspot, ...]) -> None:
        self.first.hotspots = hotspots
        self._bench.stage.canvas.update()
        if not self._bench.session.live:
            self._list()
        elif not self._soon.isActive():
            self._soon.start()

    def _list(self) -> None:
        self._soon.stop()
        self.page.set_hotspots(self._bench.shown.hotspots)

    def _show_second(self, hotspots: tuple[Hotspot, ...]) -> None:
        self.second.hotspots = hotspots
        self._bench.stage.update_canvases()

    def _pick(self, row: int) -> None:
        """Highlight the hotspot of a row, and scroll to it."""
        spots, loaded = self._bench.shown.hotspots, self._bench.session.loaded
        self.first.chosen = spots[row].number if 0 <= row < len(spots) else 0
        canvas = self._bench.stage.canvas
        if self.first.chosen and loaded is not None:
            width, height = loaded.pyramid.size
            canvas.reveal(spots[row].x / width, spots[row].y / height)
        canvas.update()
