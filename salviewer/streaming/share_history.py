"""Keep areas' shares of attention over time."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence

from salviewer.core.areas import Area, AreaScore
from salviewer.media.tables import Table

FRAMES_KEPT = 54_000
"""Half an hour at 30 frames per second."""


class ShareHistory:
    """Shares of areas, frame by frame, written by one thread and read by another.

    A time that is not later than the previous one, as after seeking backwards, clears the history.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._frames: deque[tuple[float, dict[str, float]]] = deque(maxlen=FRAMES_KEPT)

    def add(self, seconds: float, scores: Sequence[AreaScore]) -> None:
        """Append the scores of a frame's areas; `seconds` is counted from the start of the source."""
        shares = {score.area.id: score.share for score in scores}
        with self._lock:
            if self._frames and seconds <= self._frames[-1][0]:
                self._frames.clear()
            if shares:
                self._frames.append((seconds, shares))

    def clear(self) -> None:
        """Clear the history."""
        with self._lock:
            self._frames.clear()

    def recent(self, span: float) -> list[tuple[float, dict[str, float]]]:
        """Return (seconds, shares by area id) of the last `span` seconds, the oldest first."""
        with self._lock:
            if not self._frames:
                return []
            end = self._frames[-1][0]
            found = []
            for entry in reversed(self._frames):
                if entry[0] < end - span:
                    break
                found.append(entry)
        return found[::-1]

    def table(self, areas: Sequence[Area]) -> Table:
        """Return one row per frame: its seconds, then each area's share, empty if there was none."""
        with self._lock:
            frames = list(self._frames)
        names = [area.name or f"area {place}" for place, area in enumerate(areas, 1)]
        rows = tuple(
            (
                round(seconds, 4),
                *(round(shares[area.id], 6) if area.id in shares else "" for area in areas),
            )
            for seconds, shares in frames
        )
        return Table(("seconds", *names), rows)
