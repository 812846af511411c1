"""Read a live source in its own thread, as fast as it delivers, and reopen it after a failure."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from salviewer.errors import SalviewerError, SourceError
from salviewer.media.video.frames import SourceInfo
from salviewer.media.video.opening import SourceChoice
from salviewer.streaming.continuity import Continuity
from salviewer.streaming.feed import Captured, Feed, FeedState

LONGEST_PAUSE = 30.0
"""Longest pause between two tries, in seconds."""


class Capture(Feed):
    """Read a live source without pause, so that its buffers never fill.

    Frame numbers and times continue across lost connections.

    Args:
        choice, on_frame, on_state: see `Feed`.
        retry: seconds after which a lost source is opened again, doubled after each failed attempt, up to 30;
            None waits for `reopen`.
    """

    def __init__(
        self,
        choice: SourceChoice,
        on_frame: Callable[[Captured], None],
        on_state: Callable[[FeedState], None],
        retry: float | None = None,
    ) -> None:
        super().__init__(choice, on_frame, on_state)
        self._retry = retry
        self._again = False
        self._continuity = Continuity()
        self._remarked: list[str] = []

    def reopen(self) -> None:
        """Reopen a lost source now."""
        with self._wake:
            self._again = True
            self._wake.notify_all()

    def _run(self) -> None:
        pause = self._retry
        while not self._closing:
            self._on_state(FeedState("opening"))
            came = False
            try:
                with closing(self.choice.open()) as source:
                    self._continuity.connect()
                    self._on_state(FeedState("open", info=source.info))
                    while not self._closing:
                        frame = source.read()
                        if frame is None:
                            raise SourceError(source.info.name, "the stream has ended")
                        came = True
                        self._remark(source.info)
                        self._give(self._continuity.place(frame), self._continuity.connection)
            except SalviewerError as error:
                pause = self._retry if came else pause
                if not self._wait(error, pause):
                    return
                pause = None if pause is None else min(2 * pause, LONGEST_PAUSE)

    def _remark(self, info: SourceInfo) -> None:
        """Say once how the frames are shown, whatever the connection."""
        new = [remark for remark in info.remarks if remark not in self._remarked]
        if new:
            self._remarked += new
            self._on_state(FeedState("note", f"{info.name}: {'; '.join(new)}", info=info))

    def _wait(self, error: SalviewerError, pause: float | None) -> bool:
        """Wait until the source should be reopened; return False if the capture should end."""
        with self._wake:
            if self._closing:
                return False
            self._again = False
        self._on_state(FeedState("lost", str(error), error=error, retry=pause))
        with self._wake:
            self._wake.wait_for(lambda: self._again or self._closing, pause)
            return not self._closing
