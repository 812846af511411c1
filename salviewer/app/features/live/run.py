"""One open source: the threads of its pipeline, and signals to the window's thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from salviewer.app.features.live.frame_renderer import FrameRenderer
from salviewer.streaming.feed import FeedState
from salviewer.streaming.pipeline import LivePipeline, Shown
from salviewer.streaming.player import Player

if TYPE_CHECKING:
    from salviewer.app.features.live.models import FramePredictor
    from salviewer.core.cues import CueSettings
    from salviewer.core.scene import Scene
    from salviewer.media.video.frames import SourceInfo
    from salviewer.media.video.opening import SourceChoice
    from salviewer.streaming.recording import Recorder

RECONNECT = 2.0
"""Seconds after which a lost camera or stream is opened again, doubled each time, up to 30."""


class _Wire(QObject):
    """Signals from threads. It refers to no other object, so that no Qt object is part of a cycle."""

    arrived = Signal()
    state = Signal(object)
    ready = Signal(object)
    broke = Signal(object)
    fell_back = Signal(object)

    def say(self, name: str, *what: object) -> None:
        """Emit a signal by name, from any thread."""
        with suppress(RuntimeError):  # the window was closed meanwhile
            getattr(self, name).emit(*what)


class FrameMailbox:
    """Holds the newest rendered frame for the window, and passes every frame to a recording.

    Attributes:
        recorder, scene: the current recording, and what it draws over frames.
        replaced: number of frames that were replaced before the window took them.
    """

    def __init__(self, wire: _Wire) -> None:
        self.recorder: Recorder | None = None
        self.scene: Scene | None = None
        self.replaced = 0
        self._wire = wire
        self._lock = threading.Lock()
        self._newest: Shown | None = None
        self._waits = False  # whether the window was notified and has yet to take the frame

    def put(self, shown: Shown) -> None:
        """Put in a frame; notify the window unless it was notified already."""
        recorder = self.recorder
        if recorder is not None:
            region = getattr(shown.drawn, "tracked", None)
            recorder.add(shown.frame, shown.saliency, self.scene, shown.captured, region)
        with self._lock:
            self.replaced += self._newest is not None and self._newest.frame is not shown.frame
            self._newest = shown
            notify, self._waits = not self._waits, True
        if notify:
            self._wire.say("arrived")

    def take(self) -> Shown | None:
        """Return the newest frame since the last call, or None."""
        with self._lock:
            newest, self._newest, self._waits = self._newest, None, False
        return newest


class LiveRun(QObject):
    """A source with its state and its newest frame.

    Args:
        choice: the source.
        load: returns the network; called in a thread of the pipeline.
        cues: how maps are combined.
        loop: whether a file starts again at its end.
    """

    shown = Signal()  # `mailbox` has a frame
    state_changed = Signal(object)  # FeedState
    loaded = Signal(object)  # FramePredictor
    failed = Signal(object)  # Exception: no maps until another network is used
    fell_back = Signal(object)  # DetectorError: objects are the map's own regions

    def __init__(
        self,
        choice: SourceChoice,
        load: Callable[[], FramePredictor],
        cues: CueSettings,
        *,
        loop: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.choice = choice
        self.renderer = FrameRenderer()
        self.info: SourceInfo | None = None
        self.state = FeedState("opening")
        self._wire = wire = _Wire(self)
        self.mailbox = mailbox = FrameMailbox(wire)
        queued = Qt.ConnectionType.QueuedConnection
        wire.arrived.connect(self.shown, queued)
        wire.state.connect(self._set_state, queued)
        wire.ready.connect(self.loaded, queued)
        wire.broke.connect(self.failed, queued)
        wire.fell_back.connect(self.fell_back, queued)
        self.pipeline = LivePipeline(
            choice,
            _loading(load, wire),
            cues=cues,
            render=self.renderer.draw,
            on_shown=mailbox.put,
            on_state=lambda state: wire.say("state", state),
            on_failure=lambda error: wire.say("broke", error),
            on_fallback=lambda error: wire.say("fell_back", error),
            loop=loop,
            retry=RECONNECT,
        )

    @property
    def player(self) -> Player | None:
        """The player; None for a live source."""
        return self.pipeline.feed if isinstance(self.pipeline.feed, Player) else None

    @property
    def dropped(self) -> int:
        """The number of frames that were never painted."""
        return self.pipeline.stats.dropped + self.mailbox.replaced

    def use(self, load: Callable[[], FramePredictor]) -> None:
        """Predict with another network."""
        self.pipeline.use(_loading(load, self._wire))

    def close(self) -> None:
        """Ask all threads to end, and a recording to complete its file; return at once."""
        self.pipeline.close()
        if self.mailbox.recorder is not None:
            self.mailbox.recorder.finish()

    def join(self, seconds: float) -> bool:
        """Wait for the threads for at most `seconds`; return True if they have ended."""
        ended = self.pipeline.join(seconds)
        return ended and (self.mailbox.recorder is None or self.mailbox.recorder.join(seconds))

    def _set_state(self, state: FeedState) -> None:
        if state.kind != "note":  # it goes on as before
            self.state = state
        if state.info is not None:
            self.info = state.info
        self.state_changed.emit(state)


def _loading(load: Callable[[], FramePredictor], wire: _Wire) -> Callable[[], FramePredictor]:
    def loading() -> FramePredictor:
        chosen = load()
        wire.say("ready", chosen)
        return chosen

    return loading
