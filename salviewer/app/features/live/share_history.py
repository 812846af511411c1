"""How attention to areas goes over time."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence

from salviewer.core.areas import Area, AreaScore
from salviewer.media.tables import Table

REMEMBERED = 54_000
"""Frames: half an hour at 30 a second."""


class Story:
    """Shares of areas, a frame at a time; written by one thread, read by another.

    A time that is not later than the last, as after a seek backwards, begins anew.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._frames: deque[tuple[float, dict[str, float]]] = deque(maxlen=REMEMBERED)

    def add(self, seconds: float, scores: Sequence[AreaScore]) -> None:
        """What a frame's areas have."""
        shares = {score.area.id: score.share for score in scores}
        with self._lock:
            if self._frames and seconds <= self._frames[-1][0]:
                self._frames.clear()
            if shares:
                self._frames.append((seconds, shares))

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._frames.clear()

    def recent(self, span: float) -> list[tuple[float, dict[str, float]]]:
        """(seconds, shares by area) of the last so many seconds, the oldest first."""
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
        """One row a frame: its seconds, then the share of each area; empty where it was not there."""
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
