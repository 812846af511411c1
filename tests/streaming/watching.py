"""Wait for callbacks from threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Thing = TypeVar("Thing")
LIMIT = 60.0
"""Seconds that a test waits before it fails; the machine may be busy."""


class Calls(Generic[Thing]):
    """A callback that records its arguments."""

    def __init__(self) -> None:
        self.all: list[Thing] = []
        self._wake = threading.Condition()

    def __call__(self, thing: Thing) -> None:
        with self._wake:
            self.all.append(thing)
            self._wake.notify_all()

    def wait(self, until: Callable[[list[Thing]], bool]) -> list[Thing]:
        """Wait until there are calls and they fulfil a condition."""
        with self._wake:
            assert self._wake.wait_for(lambda: bool(self.all) and until(self.all), LIMIT), self.all[-5:]
            return list(self.all)

    def count(self, number: int) -> list[Thing]:
        """Wait for this many calls."""
        return self.wait(lambda calls: len(calls) >= number)
