"""How fast a batch gets on, and how long it will still take."""

from __future__ import annotations

from collections import deque

LATELY = 20.0
"""Seconds that the rate is taken over."""

_ENOUGH = 1.0  # seconds before a rate means anything


class Rate:
    """BatchProgress how much is done at which time; times in seconds, of any clock.

    Args:
        now: when the work begins.
    """

    def __init__(self, now: float) -> None:
        self._marks: deque[tuple[float, int]] = deque([(now, 0)])

    def mark(self, now: float, done: int) -> None:
        """So much is done by now, all together."""
        self._marks.append((now, done))
        while len(self._marks) > 2 and self._marks[1][0] <= now - LATELY:
            self._marks.popleft()

    @property
    def rate(self) -> float:
        """Done a second, lately; 0 while it is too early to tell."""
        (began, before), (now, done) = self._marks[0], self._marks[-1]
        return (done - before) / (now - began) if now - began >= _ENOUGH else 0.0

    def left(self, remaining: int) -> float | None:
        """Seconds for so many more; None while it is too early to tell."""
        return remaining / self.rate if self.rate > 0 else None
