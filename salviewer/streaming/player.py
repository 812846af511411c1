"""Play a file or folder at its own rate: pause, step, seek, speed, loop."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from salviewer.errors import SalviewerError, SourceError
from salviewer.media.video.frames import Frame, SeekableSource
from salviewer.streaming.feed import Captured, Feed, FeedState

if TYPE_CHECKING:
    from salviewer.media.video.opening import SourceChoice

_LATE = 0.25  # seconds of delay at which the clock is reset, instead of catching up
_CLOSED = -1


@dataclass(frozen=True, slots=True)
class _Clock:
    """When each frame is due, counted from the frame that was given at `begun`."""

    begun: float
    seconds: float
    speed: float

    def due(self, frame: Frame) -> float:
        return self.begun + (frame.seconds - self.seconds) / self.speed


class Player(Feed):
    """Gives each frame when it is due. All commands return at once.

    If decoding is slower than the clock, playback falls behind rather than skip frames; the display takes the
    newest one.

    Args:
        choice: a video file or a folder of frames.
        on_frame, on_state: see `Feed`.
        playing: whether to start playing; otherwise the first frame is given and the player waits.
        loop: whether to start again at the end.
    """

    def __init__(
        self,
        choice: SourceChoice,
        on_frame: Callable[[Captured], None],
        on_state: Callable[[FeedState], None],
        *,
        playing: bool = True,
        loop: bool = False,
    ) -> None:
        super().__init__(choice, on_frame, on_state)
        self._playing = playing
        self._loop = loop
        self._speed = 1.0
        self._wanted: int | None = 0
        self._at_end = False
        self._position = 0
        self._length = 0
        self._again = False

    @property
    def playing(self) -> bool:
        """Whether it plays, or would if it were not at its end."""
        return self._playing

    @property
    def position(self) -> int:
        """The index of the last frame given."""
        return self._position

    @property
    def length(self) -> int:
        """The number of frames; 0 until it is known."""
        return self._length

    def play(self) -> None:
        """Play, from the start if the end was reached."""
        with self._wake:
            if self._at_end and self._wanted is None:
                self._wanted = 0
            self._playing = True
            self._wake.notify_all()

    def pause(self) -> None:
        """Pause at the current frame."""
        with self._wake:
            self._playing = False
            self._wake.notify_all()

    def seek(self, index: int) -> None:
        """Go to this frame exactly."""
        with self._wake:
            self._wanted = max(index, 0)
            self._wake.notify_all()

    def step(self, frames: int) -> None:
        """Pause, and move by `frames`, backwards if negative."""
        with self._wake:
            self._playing = False
            start = self._wanted if self._wanted is not None else self._position
            self._wanted = max(start + frames, 0)
            self._wake.notify_all()

    def set_speed(self, speed: float) -> None:
        """Set the speed, 0.01..100; 1 is the file's own."""
        if not 0.01 <= speed <= 100:
            raise ValueError(f"a speed lies in 0.01..100, not {speed:g}")
        with self._wake:
            self._speed = speed
            self._wake.notify_all()

    def set_loop(self, loop: bool) -> None:
        """Set whether to start again at the end."""
        with self._wake:
            self._loop = loop
            self._wake.notify_all()

    def reopen(self) -> None:
        """Open the file again after it could not be read."""
        with self._wake:
            self._again = True
            self._wake.notify_all()

    def _run(self) -> None:
        while not self._closing:
            self._on_state(FeedState("opening"))
            self._again = False
            try:
                source = self.choice.open()
                if not isinstance(source, SeekableSource):
                    source.close()
                    raise SourceError(self.choice.shown, "only files and folders can be played")
                with closing(source):
                    self._length = source.length()
                    self._on_state(FeedState("open", info=source.info))
                    self._play(source)
                    return
            except SalviewerError as error:
                self._on_state(FeedState("lost", str(error), error=error))
            with self._wake:
                self._wake.wait_for(lambda: self._again or self._closing)

    def _play(self, source: SeekableSource) -> None:
        """Give frames until the player is closed."""
        waiting: Frame | None = None  # a frame that was read and is not due yet
        clock: _Clock | None = None
        while (wanted := self._order()) is not _CLOSED:
            if wanted is not None:
                source.seek(wanted)
                self._at_end = False
                waiting = clock = None
            if waiting is None:
                waiting = source.read()
            if waiting is None:
                clock = None
                self._end(source.note)
                continue
            if clock is not None and not self._is_time(waiting, clock):
                clock = None  # the next frame starts a new clock
                continue
            if clock is None or time.monotonic() - clock.due(waiting) > _LATE:
                clock = _Clock(time.monotonic(), waiting.seconds, self._speed)
            self._position = waiting.index
            self._give(waiting)
            waiting = None

    def _order(self) -> int | None:
        """Return what to do next: the frame to go to, None to continue playing, or `_CLOSED`."""
        with self._wake:
            self._wake.wait_for(
                lambda: self._closing or self._wanted is not None or (self._playing and not self._at_end)
            )
            wanted, self._wanted = self._wanted, None
            return _CLOSED if self._closing else wanted

    def _end(self, note: str) -> None:
        with self._wake:
            self._at_end = True
            if self._loop and self._length > 1:
                if self._wanted is None:
                    self._wanted = 0
                return
            self._playing = False
        self._on_state(FeedState("ended", note))

    def _is_time(self, frame: Frame, clock: _Clock) -> bool:
        """Wait until the frame is due; return False if something else is requested first."""
        with self._wake:
            while self._playing and not self._closing and self._wanted is None and self._speed == clock.speed:
                left = clock.due(frame) - time.monotonic()
                if left <= 0:
                    return True
                self._wake.wait(left)
            return False
