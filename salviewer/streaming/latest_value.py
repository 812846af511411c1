"""Hold one value, which a newer one replaces."""

from __future__ import annotations

import threading
import time
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class LatestValue(Generic[Thing]):
    """Passes values between two threads: the producer never waits, the consumer gets the newest."""

    def __init__(self) -> None:
        self._wake = threading.Condition()
        self._thing: Thing | None = None
        self._closed = False

    def put(self, thing: Thing) -> Thing | None:
        """Store a value; return the value that it replaces, if nobody took it."""
        with self._wake:
            if self._closed:
                return None
            replaced, self._thing = self._thing, thing
            self._wake.notify_all()
            return replaced

    def offer(self, thing: Thing) -> None:
        """Store a value unless there is one."""
        with self._wake:
            if self._thing is None and not self._closed:
                self._thing = thing
                self._wake.notify_all()

    def take(self, seconds: float) -> Thing | None:
        """Return the newest value, after at most `seconds`; None if none arrived or `close` was called."""
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
        """Wake the consumer and refuse further values."""
        with self._wake:
            self._closed = True
            self._thing = None
            self._wake.notify_all()

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._closed
