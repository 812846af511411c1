"""Base class for capturing a live source and for playing a file."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from salviewer.errors import SalviewerError
from salviewer.media.video.frames import Frame, SourceInfo
from salviewer.media.video.opening import SourceChoice


@dataclass(frozen=True, slots=True, eq=False)
class Captured:
    """A frame and when it arrived.

    Attributes:
        frame: the frame.
        at: `time.monotonic()` when it was decoded.
        serial: number of frames that the feed gave before it, whatever their index.
        connection: 1 for a file; for a live source, how many times it has been opened.
    """

    frame: Frame
    at: float
    serial: int = 0
    connection: int = 1


@dataclass(frozen=True, slots=True)
class FeedState:
    """The state of a source.

    Attributes:
        kind: "opening"; "open": frames arrive; "note": they arrive still, and `text` says how
            they are shown; "lost": the source failed or did not open, and `text` says
            why; "ended": a file was read to its end, and `text` may report damage; "closed": for good.
        text: one sentence; may be empty.
        info: of an open source.
        error: the error for which the source was lost.
        retry: seconds until it is opened again automatically; None if only `Feed.reopen` does.
        given: number of frames given before.
    """

    kind: Literal["opening", "open", "note", "lost", "ended", "closed"]
    text: str = ""
    info: SourceInfo | None = None
    error: SalviewerError | None = None
    retry: float | None = None
    given: int = 0


class Feed(ABC):
    """A thread that opens, reads and closes a source.

    Args:
        choice: the source.
        on_frame: called with every `Captured`, in the feed's thread; it must not block.
        on_state: called with every `FeedState`, in the feed's thread; it must not block.
    """

    def __init__(
        self,
        choice: SourceChoice,
        on_frame: Callable[[Captured], None],
        on_state: Callable[[FeedState], None],
    ) -> None:
        self.choice = choice
        self._on_frame = on_frame
        self._tell_state = on_state
        self._wake = threading.Condition()
        self._closing = False
        self._given = 0
        self._thread = threading.Thread(target=self._work, name="capture", daemon=True)

    @property
    def given(self) -> int:
        """The number of frames given so far."""
        return self._given

    def start(self) -> None:
        """Start the thread; return at once."""
        self._thread.start()

    def close(self) -> None:
        """Ask the thread to end; return at once. A read in progress ends within its time limit."""
        with self._wake:
            self._closing = True
            self._wake.notify_all()

    def join(self, seconds: float) -> bool:
        """Wait for the thread for at most `seconds`; return True if it has ended or never started."""
        if self._thread.ident is None:
            return True
        self._thread.join(max(seconds, 0.0))
        return not self._thread.is_alive()

    @abstractmethod
    def reopen(self) -> None:
        """Reopen a lost source now."""

    @abstractmethod
    def _run(self) -> None:
        """Do the thread's work until `_closing` is set."""

    def _work(self) -> None:
        try:
            self._run()
        finally:
            self._on_state(FeedState("closed"))

    def _on_state(self, state: FeedState) -> None:
        self._tell_state(replace(state, given=self._given))

    def _give(self, frame: Frame, connection: int = 1) -> None:
        captured = Captured(frame, time.monotonic(), self._given, connection)
        self._given += 1
        self._on_frame(captured)
