"""The worker threads of one window, so that they can be ended together."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol


class Joinable(Protocol):
    """A thread, or several, that can be told to end."""

    def close(self) -> None:
        """Take no more work; returns at once."""

    def join(self, seconds: float) -> bool:
        """Wait at most so long; True when it has ended."""


class Workers:
    """Every worker thread registers here when it is made.

    Args:
        before_torch: called in the thread that is about to import torch; None for nothing.
    """

    def __init__(self, before_torch: Callable[[], None] | None = None) -> None:
        self.before_torch = before_torch
        self._all: list[Joinable] = []

    def add(self, *workers: Joinable) -> None:
        """Register workers."""
        self._all += workers

    @property
    def all(self) -> tuple[Joinable, ...]:
        """Every one, in the order in which they were registered."""
        return tuple(self._all)

    def close(self) -> None:
        """Tell all to end; returns at once."""
        for worker in self._all:
            worker.close()

    def join(self, seconds: float) -> bool:
        """Wait for all at most `seconds`; True when all have ended."""
        until = time.monotonic() + seconds
        return all(worker.join(until - time.monotonic()) for worker in self._all)
