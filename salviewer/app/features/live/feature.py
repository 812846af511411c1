"""Live sources and videos: opening, showing and saving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salviewer.app.features.live.bar import LiveBar
from salviewer.app.features.live.commands import commands
from salviewer.app.features.live.detecting import Detecting
from salviewer.app.features.live.exporting import VideoExports
from salviewer.app.features.live.hud import Hud
from salviewer.app.features.live.opening import Opening
from salviewer.app.features.live.page import PAGE, LivePage
from salviewer.app.features.live.playing import Playing
from salviewer.app.features.live.recordings import Recordings
from salviewer.app.features.live.saving import FrameSaver
from salviewer.app.features.live.screen import Screen
from salviewer.app.features.live.sources import LiveSources
from salviewer.app.features.live.stats_presenter import StatsPresenter
from salviewer.app.features.live.tracking import TrackExports
from salviewer.app.translation import tr
from salviewer.app.workbench import Feature, Workbench

if TYPE_CHECKING:
    from salviewer.app.features.live.run import LiveRun
    from salviewer.app.state.settings import ViewerSettings
    from salviewer.streaming.pipeline import Shown


class LiveFeature(Feature):
    """Builds the parts for live sources: the bar, the page, the frames on the canvas, and the files."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self.sources = LiveSources(bench, self)
        self.bar, self.page, self.hud = LiveBar(), LivePage(), Hud()
        self.screen = Screen(bench)
        self.opening = Opening(bench, self.sources.open, self)
        self.exports = VideoExports(bench, self.sources, self)
        self.tracks = TrackExports(bench, self.sources, self)
        self.recordings = Recordings(bench, self.sources, self)
        self.playing = Playing(bench, self.bar)
        self.detecting = Detecting(bench, self.page.detector, self.sources.read_cues, self)
        self.writer = FrameSaver(bench, self.sources)
        self._add_commands()
        self.stats = StatsPresenter(
            bench, self.bar, self.page, self.hud, self.screen, self.playing, self.recordings, self
        )
        bench.workers.add(self.sources, self.exports.worker, self.tracks.worker, self.opening.worker)
        bench.layout.add_below(self.bar)
        bench.panel.add_page(tr("Live"), self.page, PAGE)
        bench.stage.canvas.add_ornament(self.screen.track)
        bench.stage.canvas.add_ornament(self.hud)
        self._connect()
        self.stats.show_run(None)
        bench.settings.follow(self._apply)

    def close(self) -> None:
        """Ask all threads to end; return at once."""
        self.stats.stop()
        self.exports.cancel()
        self.tracks.cancel()
        self.sources.close()

    @property
    def run(self) -> LiveRun | None:
        """The source on screen, or None."""
        return self.sources.run

    def _add_commands(self) -> None:
        bench, sources = self._bench, self.sources
        bench.commands.add_conditions(
            live=lambda: sources.run is not None,
            playable=lambda: self.playing.player is not None,
            lost=lambda: sources.lost,
            path=lambda: sources.run is not None and bool(sources.run.renderer.path),
            shares=lambda: sources.run is not None and bool(bench.areas.all),
        )
        parts = (self.opening, self.playing, self.recordings, self.exports, self.writer, self.tracks)
        bench.commands.add(*commands(bench, sources, *parts))
        actions = bench.commands
        self.bar.set_actions(
            [actions[name] for name in ("play", "step_back", "step_forward", "loop")],
            [actions[name] for name in ("follow_region", "snapshot", "record", "close_source")],
        )
        self.page.set_actions(actions["follow_region"], actions["save_path"], actions["save_shares"])

    def _connect(self) -> None:
        bench, sources, page = self._bench, self.sources, self.page
        sources.run_changed.connect(self._show_run)
        sources.frame_arrived.connect(self._show_frame)
        sources.state_changed.connect(self.stats.update)
        sources.predictor_loaded.connect(self.stats.show_predictor)
        sources.fell_back.connect(self.detecting.fall_back)
        page.set_models(bench.models.all)
        bench.models.changed.connect(page.set_models)
        page.changed.connect(lambda choices: bench.settings.change(live=choices))
        page.alone_changed.connect(sources.show_alone)

    def _show_run(self, run: LiveRun | None) -> None:
        if run is None:
            self.screen.clear()
        self.stats.show_run(run)

    def _show_frame(self, run: LiveRun, shown: Shown) -> None:
        self.hud.expect(shown.captured)
        self.screen.show(run, shown)
        self.playing.show(run, shown)

    def _apply(self, before: ViewerSettings | None, now: ViewerSettings) -> None:
        if before is None or before.live != now.live:
            self.hud.shown = now.live.hud
            self.page.set_choices(now.live, self.sources.alone)
            self._bench.stage.canvas.update()
