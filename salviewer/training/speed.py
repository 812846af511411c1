"""How fast the steps of a run go, and how much of the time they wait for their pictures."""

from __future__ import annotations

import time


class Speed:
    """Told when a batch is there and when its step is done; what happens between steps does not count.

    Args:
        pictures: in each step.
    """

    def __init__(self, pictures: int) -> None:
        self._pictures = pictures
        self._mark = time.monotonic()
        self._steps = 0
        self._waited = self._worked = 0.0

    def rest(self) -> None:
        """The next step begins to wait for its batch."""
        self._mark = time.monotonic()

    def got(self) -> None:
        """The batch is there."""
        self._waited += self._lap()

    def stepped(self) -> None:
        """The step is done."""
        self._worked += self._lap()
        self._steps += 1

    def report(self) -> dict[str, float]:
        """Since it was asked last: ``speed``, pictures a second, and ``waiting``, a share of the time."""
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
