"""What the window tells of the source that is open: controls for it, and numbers a few times a second."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from salviewer.app.features.live.hud import hud_lines
from salviewer.app.features.live.models import Chosen
from salviewer.app.features.live.page import TITLE
from salviewer.app.features.live.plot import SPAN
from salviewer.app.features.live.run import LiveRun
from salviewer.app.features.live.screen import about
from salviewer.app.state.shown import EngineInUse
from salviewer.models.catalog import list_models

if TYPE_CHECKING:
    from salviewer.app.features.live.controller import LiveDesk
    from salviewer.app.window import Window

_TICK = 250  # milliseconds


class Telling(QObject):
    """Bar, page, rates over the picture and status line."""

    def __init__(self, window: Window, desk: LiveDesk) -> None:
        super().__init__(desk)
        self._window, self._desk = window, desk
        self._run: LiveRun | None = None
        self._model = ""  # title of the network that predicts
        self._since = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK)
        self._timer.timeout.connect(self.tick)

    def stop(self) -> None:
        """Tell nothing any more."""
        self._timer.stop()

    def show_model(self, chosen: Chosen) -> None:
        """Which network predicts, and why."""
        titles = {entry.name: entry.title for entry in list_models()}
        self._model = titles.get(chosen.name, chosen.name)
        told = f"{self._model} on {chosen.device_title}"
        self._desk.page.set_note(chosen.note or told)
        self._window.bench.shown.set_engine(EngineInUse(self._model, chosen.device_title))

    def show_open(self, run: LiveRun | None) -> None:
        """Controls for a source, or none."""
        window, desk = self._window, self._desk
        if run is not self._run:
            self._run, self._since = run, time.monotonic()
            desk.hud.begin()
            desk.playing.begin(run)
        tabs = window.panel.tabs
        place = next(index for index in range(tabs.count()) if tabs.tabText(index) == TITLE)
        if run is None and tabs.currentIndex() == place:
            tabs.setCurrentIndex(0)
        tabs.setTabVisible(place, run is not None)
        window.compare.page.setEnabled(run is None)
        if run is None or run.info is None:
            self._timer.stop()
            desk.bar.hide()
            for name in ("follow_region", "record"):
                window.catalogue[name].setChecked(False)
        else:
            self._timer.start()
            desk.page.set_source(run.info.name, about(run.info))
            desk.bar.set_kind(run.player is not None, run.info.name)
            if window.catalogue["follow_region"].isChecked():
                run.artist.follow(True)
        desk.recordings.show()
        window.enable()

    def tick(self) -> None:
        """The numbers of now."""
        run, window, desk = self._run, self._window, self._desk
        if run is None:
            return
        stats = run.pipeline.stats
        desk.hud.lines = hud_lines(stats, desk.hud.painted.per_second, desk.hud.latency, run.dropped)
        if desk.hud.shown:
            window.canvas.update()
        if stats.device:
            rate = f"{stats.predict:.0f} ms  ·  {stats.inference_rate:.0f} maps/s"
            window.bench.shown.set_engine(EngineInUse(self._model, stats.device, rate))
        desk.screen.tell()
        desk.page.set_tracked(desk.screen.track.tracked, len(run.artist.path))
        areas = window.areas.model.all
        desk.page.set_areas(bool(areas))
        if areas:
            desk.page.plot.set_story(areas, run.artist.story.recent(SPAN))
        if run.player is None and run.state.kind == "open":
            desk.bar.set_age(time.monotonic() - self._since)
        desk.playing.tell()
        desk.recordings.show()
        window.enable()
