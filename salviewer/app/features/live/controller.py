"""Live sources and videos in the window: what is open, what is shown of it, what a person does with it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths

from salviewer.app.features.live import snapshots
from salviewer.app.features.live.bar import LiveBar
from salviewer.app.features.live.detecting import Detecting
from salviewer.app.features.live.exporting import VideoExports
from salviewer.app.features.live.frame_renderer import Wanted
from salviewer.app.features.live.hud import Hud
from salviewer.app.features.live.models import Chosen, LiveModels
from salviewer.app.features.live.opening import Opening
from salviewer.app.features.live.page import TITLE, LivePage
from salviewer.app.features.live.playing import Playing
from salviewer.app.features.live.recordings import Recordings
from salviewer.app.features.live.run import LiveRun
from salviewer.app.features.live.screen import Screen, stem_of
from salviewer.app.features.live.stats_presenter import Telling
from salviewer.app.shell import dialogs
from salviewer.app.state.settings import ViewerSettings
from salviewer.app.workers.latest_only import Lane
from salviewer.app.workers.loader import Loaded
from salviewer.app.workers.overlay_layers import Looks
from salviewer.app.workers.sentences import sentence
from salviewer.core.cues import CueSettings
from salviewer.core.fusion import Cue
from salviewer.media.tables import Table
from salviewer.media.video.files import is_video
from salviewer.media.video.opening import SourceChoice
from salviewer.media.video.streams import without_password
from salviewer.models.catalog import list_models
from salviewer.streaming.feed import FeedState
from salviewer.streaming.region import path_table

if TYPE_CHECKING:
    from salviewer.app.window import Window


class LiveDesk(QObject):
    """At most one source is shown. Another takes its place with its first frame; until then nothing changes.

    Args:
        before_torch: see `LiveModels`.
    """

    def __init__(self, window: Window, before_torch: Callable[[], None] | None) -> None:
        super().__init__(window)
        self._window = window
        self.run: LiveRun | None = None  # the one that is shown
        self._coming: LiveRun | None = None  # one without a frame yet
        self._ending: list[LiveRun] = []
        self._left: SourceChoice | None = None  # what a person closed, while its last frame is on screen
        self._adopting = False
        self._alone: Cue | None = None
        self._applied: tuple[object, ...] = ()
        self._told: tuple[object, ...] = ()
        self._models = LiveModels(before_torch)
        self.bar, self.page, self.hud = LiveBar(), LivePage(), Hud()
        self.playing = Playing(window, self.bar)
        self.screen = Screen(window)
        self.recordings, self.exports = Recordings(window, self), VideoExports(window, self)
        self.opening = Opening(window, self)
        self.telling = Telling(window, self)
        self.detecting = Detecting(window, self)
        window.body.addWidget(self.bar)
        window.panel.add_page(TITLE, self.page)
        window.canvas.add_ornament(self.screen.track)
        window.canvas.add_ornament(self.hud)
        actions = window.catalogue
        self.bar.set_actions(
            [actions[name] for name in ("play", "step_back", "step_forward", "loop")],
            [actions[name] for name in ("follow_region", "snapshot", "record", "close_source")],
        )
        self.page.set_actions(actions["follow_region"], actions["save_path"], actions["save_shares"])
        self.page.set_models(list_models())
        window.bench.commands.add_conditions(
            still=lambda: window.session.loaded is not None and self.run is None,
            live=lambda: self.run is not None,
            playable=lambda: self.playing.player is not None,
            lost=lambda: self.lost,
            path=lambda: self.run is not None and bool(self.run.artist.path),
            shares=lambda: self.run is not None and bool(window.areas.model.all),
        )
        self._connect()
        self.telling.show_open(self.run)

    def _connect(self) -> None:
        window = self._window
        window.session.picture_changed.connect(self._turn)
        window.session.engine_changed.connect(lambda _: self._use())
        window.preferences.changed.connect(lambda _, now: self.apply(now))
        window.areas.model.changed.connect(self._wish)
        self.page.changed.connect(lambda choices: window.preferences.change(live=choices))
        self.page.alone_changed.connect(self._show_alone)

    @property
    def lanes(self) -> list[Lane]:
        """Its threads, beside those of sources."""
        return [self.exports.lane, self.opening.lane]

    @property
    def cues(self) -> CueSettings:
        """How maps are combined now."""
        return self._window.bench.settings.now.live.cues(self._alone)

    @property
    def lost(self) -> bool:
        """Whether there is a source on screen that can be opened again."""
        return self._left is not None if self.run is None else self.run.state.kind == "lost"

    @property
    def stem(self) -> str:
        """What the names of files begin with that are made of the source."""
        return "picture" if self.run is None or self.run.info is None else stem_of(self.run.info)

    @property
    def folder(self) -> str:
        """Where files are suggested to go."""
        pictures = QStandardPaths.StandardLocation.PicturesLocation
        return self._window.preferences.now.folder or QStandardPaths.writableLocation(pictures)

    def loader(self) -> Callable[[], Chosen]:
        """Gives the network for frames, in the thread that calls it."""
        models, wish = self._models, self._window.preferences.now.live.model
        engine = self._window.session.engine
        return lambda: models.choose(wish, engine)

    # Opening and closing

    def open(self, choice: SourceChoice) -> None:
        """Show a source as soon as its first frame is there."""
        if self._coming is not None:
            self._end(self._coming)
        if self.run is not None and self.run.choice.live and self.run.choice.ref == choice.ref:
            self.close_source()  # a camera opens once
        loop = self._window.preferences.now.live.loop
        self._coming = run = LiveRun(choice, self.loader(), self.cues, loop=loop, parent=self)
        run.artist.wanted = self._wanted
        run.shown.connect(lambda: self._show(run))
        run.state_changed.connect(lambda state: self._show_state(run, state))
        run.loaded.connect(lambda chosen: self._show_model(run, chosen))
        run.failed.connect(lambda error: self._fail(run, error))
        run.fell_back.connect(self.detecting.fall_back)
        run.pipeline.start()

    def reconnect(self) -> None:
        """Open the source on screen again."""
        if self.run is not None:
            self.run.pipeline.feed.reopen()
        elif self._left is not None:
            self.open(self._left)

    def close_source(self) -> None:
        """Let go of what is open; its last frame stays on screen, as a picture."""
        for run in (self.run, self._coming):
            if run is not None:
                self._end(run)
        shown, self.run, self._coming = self.run, None, None
        session = self._window.session
        session.live = False
        self.screen.clear()
        self.telling.show_open(self.run)
        if shown is not None:
            self._left = shown.choice
            session.map_changed.emit(session.saliency)

    def close(self) -> None:
        """Ask all threads to end; returns at once."""
        self.telling.stop()
        self.exports.cancel()
        for run in (self.run, self._coming):
            if run is not None:
                self._end(run)
        self.run = self._coming = None

    def join(self, seconds: float) -> bool:
        """Wait for sources at most so long; True when their threads have ended."""
        until = time.monotonic() + seconds
        return all(run.join(until - time.monotonic()) for run in self._ending)

    def _end(self, run: LiveRun) -> None:
        run.close()
        for other in self._ending:
            if other.join(0):
                other.deleteLater()
        self._ending = [other for other in self._ending if not other.join(0)] + [run]

    def _turn(self, loaded: Loaded) -> None:
        """Another picture is on screen: a video begins, anything else ends what was shown."""
        if self._adopting:
            return
        path = loaded.picture.path
        if self.run is not None or self._coming is not None:
            for run in (self.run, self._coming):
                if run is not None:
                    self._end(run)
            self.run = self._coming = None
            self.screen.clear()
        self._left = None
        self._window.session.live = path is not None and is_video(path)
        self.telling.show_open(self.run)
        if path is not None and self._window.session.live:
            self.open(SourceChoice(str(path)))

    # What the source tells

    def _show(self, run: LiveRun) -> None:
        shown = run.post.take()
        if shown is None or run.info is None or run not in (self.run, self._coming):
            return
        if run is self._coming:
            self._arrive(run, self.screen.loaded(run, shown))
        self.hud.expect(shown.captured)
        self.screen.show(run, shown)
        self.playing.show(run, shown)

    def _arrive(self, run: LiveRun, loaded: Loaded) -> None:
        """Its first frame is there: it takes the place of what was shown before."""
        window = self._window
        if self.run is not None:
            self._end(self.run)
        self.run, self._coming, self._left = run, None, None
        window.compare.stop()
        window.session.live = True
        if loaded.picture.path is None:
            self._adopting = True
            window.session.adopt(loaded)
            self._adopting = False
        self.telling.show_open(self.run)
        self.telling.tick()

    def _show_state(self, run: LiveRun, state: FeedState) -> None:
        if run not in (self.run, self._coming):
            return
        window = self._window
        opening = f"Opening {without_password(run.choice.ref)}…" if state.kind == "opening" else ""
        window.status.set_activity("live", opening)
        if state.kind == "open" and run is self.run:
            window.banner.dismiss()
        elif state.kind == "lost" and run is self._coming:
            self._end(run)
            self._coming = None
            window.banner.complain(state.text, "Try again", lambda: self.open(run.choice))
        elif state.kind == "lost":
            again = "Open again" if run.player is not None else "Reconnect"
            window.banner.complain(state.text, again, self.reconnect)
        elif state.kind == "ended" and state.text:
            window.banner.complain(f"{run.info.name if run.info else run.choice.ref}: {state.text}")
        self.telling.tick()

    def _show_model(self, run: LiveRun, chosen: Chosen) -> None:
        if run in (self.run, self._coming):
            self.telling.show_model(chosen)

    def _fail(self, run: LiveRun, error: Exception) -> None:
        if run in (self.run, self._coming):
            self._window.banner.complain(sentence(error, "predicting frames"))

    # What a person changes

    @property
    def _wanted(self) -> Wanted:
        now = self._window.preferences.now
        looks = Looks(now.heat, now.style, now.view, now.outline)
        return Wanted(looks, now.spots if now.spots_shown else None, self._window.areas.model.all)

    def apply(self, settings: ViewerSettings) -> None:
        """Show frames as the settings say."""
        live = settings.live
        if self._told != (live, self._alone):
            self._told = live, self._alone
            self._window.catalogue["loop"].setChecked(live.loop)
            self._window.catalogue["show_hud"].setChecked(live.hud)
            self.hud.shown = live.hud
            self.page.set_choices(live, self._alone)
        before, self._applied = self._applied, (live.model, self.cues, live.loop)
        if self.run is not None and before and before != self._applied:
            if before[0] != live.model:
                self._use()
            if before[1] != self.cues:
                self.run.pipeline.set_cues(self.cues)
            if self.run.player is not None:
                self.run.player.set_loop(live.loop)
        self._wish()

    def _wish(self) -> None:
        """Draw the next frame so, and the one that rests on screen anew."""
        for run in (self.run, self._coming):
            if run is not None:
                run.artist.wanted = self._wanted
                run.post.scene = self.recordings.scene
                run.pipeline.refresh()
        if self.run is not None:
            self._window.canvas.update()

    def _use(self) -> None:
        for run in (self.run, self._coming):
            if run is not None:
                run.use(self.loader())

    def _show_alone(self, cue: Cue | None) -> None:
        self._alone = cue
        self.apply(self._window.preferences.now)

    def set_loop(self, on: bool) -> None:
        """Begin files again at their end, or stay there."""
        self._window.preferences.change_live(loop=on)

    def follow(self, on: bool) -> None:
        """Follow the region with most attention, or none."""
        if self.run is not None:
            self.run.artist.follow(on)
            self.run.pipeline.refresh()

    def snapshot(self) -> None:
        """Save the frame on screen as it is shown."""
        snapshots.take_snapshot(self._window, Path(self.folder))

    def save_path(self) -> None:
        """Ask for a name, then write where the followed region was."""
        if self.run is not None:
            self._save(f"{self.stem}_path.csv", path_table(self.run.artist.path))

    def save_shares(self) -> None:
        """Ask for a name, then write the areas' shares over time."""
        if self.run is not None:
            self._save(f"{self.stem}_shares.csv", self.run.artist.story.table(self._window.areas.model.all))

    def _save(self, name: str, table: Table) -> None:
        write = self._window.documents.save_table
        dialogs.ask_table(self._window, Path(self.folder) / name, lambda path: write(Path(path), table))
