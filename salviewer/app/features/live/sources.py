"""The open source: open it, show it from its first frame on, close it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from salviewer.app.features.live.models import FramePredictor, LiveModels
from salviewer.app.features.live.screen import loaded_frame, stem_of
from salviewer.app.translation import tr
from salviewer.app.workers.overlay_layers import OverlaySettings
from salviewer.app.workers.sentences import sentence
from salviewer.media.video_suffixes import is_video
from salviewer.texts import said

if TYPE_CHECKING:
    from salviewer.app.features.live.frame_renderer import RenderRequest
    from salviewer.app.features.live.run import LiveRun
    from salviewer.app.state.settings import ViewerSettings
    from salviewer.app.workbench import Workbench
    from salviewer.app.workers.loader import Loaded
    from salviewer.core.cues import CueSettings
    from salviewer.core.fusion import Cue
    from salviewer.core.scene import Scene
    from salviewer.media.video.opening import SourceChoice
    from salviewer.streaming.feed import FeedState
    from salviewer.streaming.pipeline import Shown


class LiveSources(QObject):
    """Shows at most one source. Another replaces it with its first frame; until then nothing changes.

    A worker of the workbench: `close` ends the threads of all sources, `join` waits for them.

    Attributes:
        run: the source on screen, or None.
        following: whether the region with most attention is followed.
    """

    run_changed = Signal(object)  # LiveRun on screen, or None
    frame_arrived = Signal(object, object)  # LiveRun, Shown: its newest frame, for painting
    state_changed = Signal()  # the source opened, was lost or ended
    predictor_loaded = Signal(object)  # FramePredictor
    fell_back = Signal(object)  # DetectorError: objects are regions of the map itself

    def __init__(self, bench: Workbench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self.run: LiveRun | None = None
        self.following = False
        self._opening: LiveRun | None = None  # has no frame yet
        self._ending: list[LiveRun] = []
        self._closed: SourceChoice | None = None  # closed by the user, with its last frame on screen
        self._adopting = False
        self._alone: Cue | None = None
        self._models = LiveModels(bench.workers.before_torch)
        bench.session.picture_changed.connect(self._follow_picture)
        bench.session.engine_changed.connect(lambda _: self._load_predictor())
        bench.areas.changed.connect(self.redraw)
        bench.settings.changed.connect(self._apply)

    @property
    def cues(self) -> CueSettings:
        """The current combination of maps."""
        return self._bench.settings.now.live.cues(self._alone)

    @property
    def alone(self) -> Cue | None:
        """The cue that is shown alone; None for all."""
        return self._alone

    @property
    def lost(self) -> bool:
        """Whether the source on screen can be opened again."""
        return self._closed is not None if self.run is None else self.run.state.kind == "lost"

    @property
    def stem(self) -> str:
        """The start of the names of files made from the source."""
        return "picture" if self.run is None or self.run.info is None else stem_of(self.run.info)

    @property
    def scene(self) -> Scene | None:
        """The scene drawn over a frame; None for the frame alone."""
        return self._bench.shown.scene if self._bench.settings.now.shown else None

    def loader(self) -> Callable[[], FramePredictor]:
        """Return a function that loads the network for frames in its calling thread."""
        models, model, engine = self._models, self._bench.settings.now.live.model, self._bench.session.engine
        return lambda: models.choose(model, engine)

    # Opening and closing

    def open(self, choice: SourceChoice) -> None:
        """Show a source as soon as its first frame arrives."""
        from salviewer.app.features.live.run import LiveRun

        if self._opening is not None:
            self._end(self._opening)
        if self.run is not None and self.run.choice.live and self.run.choice.ref == choice.ref:
            self.close_source()  # a camera cannot be opened twice
        loop = self._bench.settings.now.live.loop
        self._opening = run = LiveRun(choice, self.loader(), self.cues, loop=loop, parent=self)
        run.renderer.request = self._request
        run.mailbox.scene = self.scene
        run.shown.connect(lambda: self._take_frame(run))
        run.state_changed.connect(lambda state: self._show_state(run, state))
        run.loaded.connect(lambda predictor: self._note_predictor(run, predictor))
        run.failed.connect(lambda error: self._complain(run, error))
        run.fell_back.connect(self.fell_back)
        run.pipeline.start()

    def reconnect(self) -> None:
        """Open the source on screen again."""
        if self.run is not None:
            self.run.pipeline.feed.reopen()
        elif self._closed is not None:
            self.open(self._closed)

    def close_source(self) -> None:
        """Close the source; its last frame stays on screen as a picture."""
        shown = self.run
        self.close()
        if shown is not None:
            self._closed = shown.choice
        self._show_run()
        self._bench.session.live = False

    def close(self) -> None:
        """Ask the threads of all sources to end; return at once."""
        for run in self._open:
            self._end(run)
        self.run = self._opening = None

    def join(self, seconds: float) -> bool:
        """Wait for sources for at most `seconds`; return True if their threads have ended."""
        until = time.monotonic() + seconds
        return all(run.join(until - time.monotonic()) for run in self._ending)

    @property
    def _open(self) -> list[LiveRun]:
        return [run for run in (self.run, self._opening) if run is not None]

    def _end(self, run: LiveRun) -> None:
        run.close()
        for other in self._ending:
            if other.join(0):
                other.deleteLater()
        self._ending = [other for other in self._ending if not other.join(0)] + [run]

    def _show_run(self) -> None:
        if self.run is None:
            self.following = False
        elif self.following:
            self.run.renderer.follow(True)
        self.run_changed.emit(self.run)

    def _follow_picture(self, loaded: Loaded) -> None:
        """Begin a video, or end the source, when another picture is on screen."""
        if self._adopting:
            return
        path = loaded.picture.path
        self.close()
        self._closed = None
        self._bench.session.live = path is not None and is_video(path)
        self._show_run()
        if path is not None and self._bench.session.live:
            from salviewer.media.video.opening import SourceChoice

            self.open(SourceChoice(str(path)))

    # Reports of a source

    def _take_frame(self, run: LiveRun) -> None:
        shown = run.mailbox.take()
        if shown is None or run.info is None or run not in self._open:
            return
        if run is self._opening:
            self._replace(run, shown)
        self.frame_arrived.emit(run, shown)

    def _replace(self, run: LiveRun, shown: Shown) -> None:
        """Replace what is shown by a source that has its first frame."""
        session = self._bench.session
        if self.run is not None:
            self._end(self.run)
        self.run, self._opening, self._closed = run, None, None
        session.live = True
        loaded = loaded_frame(run, shown)
        if loaded.picture.path is None:
            self._adopting = True
            session.adopt(loaded)
            self._adopting = False
        self._show_run()

    def _show_state(self, run: LiveRun, state: FeedState) -> None:
        if run not in self._open:
            return
        notices = self._bench.notices
        opening = tr("Opening {shown}…", shown=run.choice.shown) if state.kind == "opening" else ""
        self._bench.status.set_activity("live", opening)
        if state.kind == "open" and run is self.run:
            notices.overtake()
        elif state.kind == "lost" and run is self._opening:
            self._end(run)
            self._opening = None
            if self.run is None:
                self._bench.session.live = False
            notices.error(state.text, tr("Try again"), lambda: self.open(run.choice))
        elif state.kind == "lost":
            again = tr("Open again") if run.player is not None else tr("Reconnect")
            soon = "; " + tr("once more in {seconds:g} s", seconds=state.retry) if state.retry else ""
            notices.error(state.text + soon, again, self.reconnect)
        elif state.kind == "note":
            notices.inform(said(state.text))
        elif state.kind == "ended" and state.text:
            notices.error(f"{run.info.name if run.info else run.choice.shown}: {said(state.text)}")
        self.state_changed.emit()

    def _note_predictor(self, run: LiveRun, predictor: FramePredictor) -> None:
        if run in self._open:
            self.predictor_loaded.emit(predictor)

    def _complain(self, run: LiveRun, error: Exception) -> None:
        if run in self._open:
            self._bench.notices.error(sentence(error, tr("predicting frames")))

    # Changes by the user

    def follow(self, on: bool) -> None:
        """Follow the region with most attention, or none."""
        if self.run is not None:
            self.following = on
            self.run.renderer.follow(on)
            self.run.pipeline.refresh()
        self._bench.commands.refresh()

    def show_alone(self, cue: Cue | None) -> None:
        """Show one cue alone, whatever the weights; None for all."""
        if cue != self._alone:
            self._alone = cue
            self.read_cues()
            self.redraw()

    def read_cues(self) -> None:
        """Combine maps as the settings say; read a detector's file again."""
        for run in self._open:
            run.pipeline.set_cues(self.cues)

    def redraw(self) -> None:
        """Draw the next frame as the settings say, and redraw a frame that stays on screen."""
        for run in self._open:
            run.renderer.request = self._request
            run.mailbox.scene = self.scene
            run.pipeline.refresh()
        if self.run is not None:
            self._bench.stage.canvas.update()

    @property
    def _request(self) -> RenderRequest:
        from salviewer.app.features.live.frame_renderer import RenderRequest

        now = self._bench.settings.now
        looks = OverlaySettings(now.heat, now.style, now.view, now.outline)
        return RenderRequest(looks, now.spots if now.spots_shown else None, self._bench.areas.all)

    def _apply(self, before: ViewerSettings, now: ViewerSettings) -> None:
        if before.live.model != now.live.model:
            self._load_predictor()
        if before.live.cues(self._alone) != self.cues:
            self.read_cues()
        for run in self._open:
            if run.player is not None:
                run.player.set_loop(now.live.loop)
        self.redraw()

    def _load_predictor(self) -> None:
        for run in self._open:
            run.use(self.loader())
