"""Continue frame numbers and times across lost connections."""

from __future__ import annotations

import time
from dataclasses import replace

from salviewer.media.video.frames import Frame

_LEAST = 0.001  # seconds between two frames


class Continuity:
    """Numbers the frames of a live source since it was first opened, across lost connections.

    A source counts frames and seconds from the moment it was opened. `place` gives each frame the number
    after the last one, and the seconds since the first connection.

    Attributes:
        connection: 1 for the first; 0 before it.
    """

    def __init__(self) -> None:
        self.connection = 0
        self._count = 0
        self._begun: float | None = None  # time 0 of the first connection, by the monotonic clock
        self._offset: float | None = None
        self._last = -1.0

    def connect(self) -> None:
        """Note that the source was opened."""
        self.connection += 1
        self._offset = None

    def place(self, frame: Frame) -> Frame:
        """Return the next frame with its continuous number and time."""
        if self._offset is None:
            opened = time.monotonic() - frame.seconds
            self._begun = opened if self._begun is None else self._begun
            self._offset = opened - self._begun
        seconds = max(frame.seconds + self._offset, self._last + _LEAST if self._count else 0.0)
        index, self._count, self._last = self._count, self._count + 1, seconds
        return replace(frame, index=index, ticks=round(1000 * seconds), seconds=seconds)
