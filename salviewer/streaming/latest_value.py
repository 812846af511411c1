"""A place for one thing, where the newest replaces one that nobody has taken."""

from __future__ import annotations

import threading
import time
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class Slot(Generic[Thing]):
    """Between a thread that gives and one that takes: the giver never waits, the taker gets the newest."""

    def __init__(self) -> None:
        self._wake = threading.Condition()
        self._thing: Thing | None = None
        self._closed = False

    def put(self, thing: Thing) -> Thing | None:
        """Leave a thing; what nobody had taken and is gone for it is returned."""
        with self._wake:
            if self._closed:
                return None
            replaced, self._thing = self._thing, thing
            self._wake.notify_all()
            return replaced

    def offer(self, thing: Thing) -> None:
        """Leave a thing, unless there is one."""
        with self._wake:
            if self._thing is None and not self._closed:
                self._thing = thing
                self._wake.notify_all()

    def take(self, seconds: float) -> Thing | None:
        """The newest thing, waiting at most so long; None if none came or the slot was closed."""
        end = time.monotonic() + seconds
        with self._wake:
            while self._thing is None and not self._closed:
                left = end - time.monotonic()
                if left <= 0:
                    return None
                self._wake.wait(left)
            thing, self._thing = self._thing, None
            return None if self._closed else thing

    def close(self) -> None:
        """Wake who waits; nothing is given any more."""
        with self._wake:
            self._closed = True
            self._thing = None
            self._wake.notify_all()

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._closed
