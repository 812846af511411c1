"""Measure the speed of training steps, and the share of time spent waiting for pictures."""

from __future__ import annotations

import time


class Speed:
    """Measures steps: call `got` when a batch has arrived and `stepped` after its step; pauses do not count.

    Args:
        pictures: per step.
    """

    def __init__(self, pictures: int) -> None:
        self._pictures = pictures
        self._mark = time.monotonic()
        self._steps = 0
        self._waited = self._worked = 0.0

    def rest(self) -> None:
        """Start to wait for the next batch."""
        self._mark = time.monotonic()

    def got(self) -> None:
        """Note that the batch has arrived."""
        self._waited += self._lap()

    def stepped(self) -> None:
        """Note that the step is done."""
        self._worked += self._lap()
        self._steps += 1

    def report(self) -> dict[str, float]:
        """Return ``speed``, pictures per second, and ``waiting``, 0..1, since the last call."""
        whole = max(self._waited + self._worked, 1e-9)
        said = {
            "speed": round(self._steps * self._pictures / whole, 3),
            "waiting": round(self._waited / whole, 4),
        }
        self._steps, self._waited, self._worked = 0, 0.0, 0.0
        return said

    def _lap(self) -> float:
        now = time.monotonic()
        passed, self._mark = now - self._mark, now
        return passed
