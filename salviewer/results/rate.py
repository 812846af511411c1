"""Measure the rate of a batch and estimate the remaining time."""

from __future__ import annotations

from collections import deque

LATELY = 20.0
"""Seconds over which the rate is measured."""

_ENOUGH = 1.0  # seconds before a rate is meaningful


class Rate:
    """Measures how much is done over time; times are in seconds, of any clock.

    Args:
        now: start of the work.
    """

    def __init__(self, now: float) -> None:
        self._marks: deque[tuple[float, int]] = deque([(now, 0)])

    def mark(self, now: float, done: int) -> None:
        """Note that ``done`` items in all are finished at time ``now``."""
        self._marks.append((now, done))
        while len(self._marks) > 2 and self._marks[1][0] <= now - LATELY:
            self._marks.popleft()

    @property
    def rate(self) -> float:
        """Recent items per second; 0 while it is too early to tell."""
        (began, before), (now, done) = self._marks[0], self._marks[-1]
        return (done - before) / (now - began) if now - began >= _ENOUGH else 0.0

    def left(self, remaining: int) -> float | None:
        """Return the seconds for this many more items; None while it is too early to tell."""
        return remaining / self.rate if self.rate > 0 else None
