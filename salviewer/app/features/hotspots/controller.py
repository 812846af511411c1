"""Hotspots in the window: settings, search, marks and table kept in step."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from salviewer.app.features.hotspots.finder import HotspotFinder
from salviewer.app.features.hotspots.marks import Marks
from salviewer.app.features.hotspots.page import HotspotPage
from salviewer.app.shell import dialogs
from salviewer.app.state.settings import ViewerSettings
from salviewer.app.workers.latest_only import Lane
from salviewer.core.hotspots import Hotspot, HotspotSettings
from salviewer.core.saliency_map import SaliencyMap
from salviewer.media.tables import save_table

if TYPE_CHECKING:
    from salviewer.app.window import Window

TITLE = "Hotspots"
"""Of the panel's page."""


class Hotspots(QObject):
    """Those of the picture that is shown, and of the one it is compared with."""

    failed = Signal(str)
    second_changed = Signal()  # `second` is to be painted again

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.page = HotspotPage()
        self.first, self.second = Marks(), Marks()
        self._finders = (HotspotFinder(self), HotspotFinder(self))
        self._drawn: tuple[HotspotSettings, bool, bool] | None = None
        window.canvas.add_ornament(self.first, of_layer=True)
        window.panel.add_page(TITLE, self.page)
        for finder in self._finders:
            finder.failed.connect(self.failed)
        self._finders[0].found.connect(self._show)
        self._finders[1].found.connect(self._show_second)
        change = window.preferences.change
        self.page.shown_changed.connect(lambda shown: change(spots_shown=shown))
        self.page.path_changed.connect(self.draw_path)
        self.page.wanted_changed.connect(lambda wanted: change(spots=wanted))
        self.page.picked.connect(self._pick)
        self.page.save_wanted.connect(self._save)
        window.session.map_changed.connect(self._finders[0].set_map)
        window.preferences.changed.connect(lambda _, now: self._apply(now))
        self._apply(window.preferences.now)

    @property
    def lanes(self) -> list[Lane]:
        """Its threads."""
        return [finder.lane for finder in self._finders]

    def set_second(self, saliency: SaliencyMap | None) -> None:
        """The map of the picture that stands beside; None for none."""
        self._finders[1].set_map(saliency)

    def draw_path(self, drawn: bool) -> None:
        """The gaze path on or off; with it come the hotspots that it joins."""
        now = self._window.preferences.now
        self._window.preferences.change(path=drawn, spots_shown=now.spots_shown or drawn)

    def _apply(self, settings: ViewerSettings) -> None:
        for finder in self._finders:
            finder.set_wanted(settings.spots if settings.spots_shown else None, settings.heat)
        drawn = (settings.spots, settings.spots_shown, settings.path)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        self.page.set_wanted(settings.spots, settings.spots_shown, settings.path)
        for marks in (self.first, self.second):
            marks.path, marks.radius = settings.path, settings.spots.radius
        self._window.catalogue["show_hotspots"].setChecked(settings.spots_shown)
        self._window.catalogue["show_path"].setChecked(settings.path)
        self._window.canvas.update()
        self.second_changed.emit()

    def _show(self, hotspots: tuple[Hotspot, ...]) -> None:
        self.first.hotspots = hotspots
        self.page.set_hotspots(hotspots)
        self._window.canvas.update()

    def _show_second(self, hotspots: tuple[Hotspot, ...]) -> None:
        self.second.hotspots = hotspots
        self.second_changed.emit()

    def _pick(self, row: int) -> None:
        spots = self.first.hotspots
        self.first.chosen = spots[row].number if 0 <= row < len(spots) else 0
        loaded = self._window.session.loaded
        if self.first.chosen and loaded is not None:
            width, height = loaded.pyramid.size
            self._window.canvas.reveal(spots[row].x / width, spots[row].y / height)
        self._window.canvas.update()

    def _save(self) -> None:
        loaded, table = self._window.session.loaded, self.page.table.table
        if loaded is None:
            return
        suggestion = Path(self._window.preferences.now.folder) / f"{Path(loaded.name).stem}_hotspots.csv"

        def write(path: Path) -> Path:
            save_table(path, table)
            return path

        dialogs.ask_table(
            self._window, suggestion, lambda path: self._window.saver.do(lambda *_: write(Path(path)))
        )
