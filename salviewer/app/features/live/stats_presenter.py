"""Show the state of the source on screen: its controls, and numbers a few times a second."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from salviewer.app.features.live.hud import Hud, hud_lines
from salviewer.app.features.live.page import PAGE, LivePage
from salviewer.app.features.live.plot import SPAN
from salviewer.app.features.live.screen import Screen, about
from salviewer.app.state.shown import EngineInUse
from salviewer.app.translation import tr
from salviewer.texts import said

if TYPE_CHECKING:
    from salviewer.app.features.live.bar import LiveBar
    from salviewer.app.features.live.models import FramePredictor
    from salviewer.app.features.live.playing import Playing
    from salviewer.app.features.live.recordings import Recordings
    from salviewer.app.features.live.run import LiveRun
    from salviewer.app.workbench import Workbench

_EVERY = 250  # milliseconds


class StatsPresenter(QObject):
    """Keeps the bar, the page, the rates over the picture and the engine in use up to date."""

    def __init__(
        self,
        bench: Workbench,
        bar: LiveBar,
        page: LivePage,
        hud: Hud,
        screen: Screen,
        playing: Playing,
        recordings: Recordings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bench, self._bar, self._page, self._hud = bench, bar, page, hud
        self._screen, self._playing, self._recordings = screen, playing, recordings
        self._run: LiveRun | None = None
        self._model = ""  # title of the predicting network
        self._since = 0.0  # `time.monotonic()` when the source was opened
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY)
        self._timer.timeout.connect(self.update)

    def stop(self) -> None:
        """Stop all updates."""
        self._timer.stop()

    def show_predictor(self, predictor: FramePredictor) -> None:
        """Show which network predicts, and why."""
        titles = {entry.name: entry.title for entry in self._bench.models.all}
        self._model = titles.get(predictor.name, predictor.name)  # a checkpoint has its whole path
        self._page.set_note(
            said(predictor.note)
            or tr("{model} on {device_title}", model=self._model, device_title=predictor.device_title)
        )
        self._page.set_memory(predictor.recurrent)
        self._bench.shown.set_engine(EngineInUse(self._model, predictor.device_title))

    def show_run(self, run: LiveRun | None) -> None:
        """Show the controls for a source, or none."""
        if run is not self._run:
            self._run, self._since = run, time.monotonic()
            self._hud.begin()
            self._playing.begin(run)
        self._bench.panel.set_page_visible(PAGE, run is not None)
        if run is None or run.info is None:
            self._timer.stop()
            self._bar.hide()
        else:
            self._timer.start()
            self._page.set_source(run.info.name, about(run.info))
            self._bar.set_kind(run.player is not None, run.info.name)
        self._recordings.show()
        self.update()

    def update(self) -> None:
        """Show the current numbers."""
        run, bench = self._run, self._bench
        if run is None:
            return
        stats = run.pipeline.stats
        self._hud.lines = hud_lines(stats, self._hud.painted.per_second, self._hud.latency, run.dropped)
        if self._hud.shown:
            bench.stage.canvas.update()
        if stats.device:
            rate = tr(
                "{predict:.0f} ms  ·  {inference_rate:.0f} maps/s",
                predict=stats.predict,
                inference_rate=stats.inference_rate,
            )
            bench.shown.set_engine(EngineInUse(self._model, stats.device, rate))
        self._screen.publish()
        self._page.set_tracked(self._screen.track.tracked, len(run.renderer.path))
        areas = bench.areas.all
        self._page.set_areas(bool(areas))
        if areas:
            self._page.plot.set_history(areas, run.renderer.history.recent(SPAN))
        if run.player is None and run.state.kind == "open":
            self._bar.set_age(time.monotonic() - self._since)
        self._playing.refresh()
        self._recordings.show()
