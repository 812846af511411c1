"""The worker threads of a window, so that they can be ended together."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject

from salviewer.app.workers.latest_only import LatestOnlyWorker


class Joinable(Protocol):
    """One or more threads that can be asked to end."""

    def close(self) -> None:
        """Accept no more work; return at once."""

    def join(self, seconds: float) -> bool:
        """Wait for at most `seconds`; return True if it has ended."""


class Workers:
    """Every worker thread is registered here.

    Args:
        before_torch: called in the thread that is about to import torch; None for nothing.
    """

    def __init__(self, before_torch: Callable[[], None] | None = None) -> None:
        self.before_torch = before_torch
        self._all: list[Joinable] = []

    def add(self, *workers: Joinable) -> None:
        """Register workers."""
        self._all += workers

    def once(self, name: str, owner: QObject, job: Callable[[], object], then: Callable[[], object]) -> None:
        """Do one job in a thread of its own; after it, even if it failed, call `then` in the owner's."""
        worker = LatestOnlyWorker(name, owner, lambda _: then())
        self.add(worker)
        worker.submit(0, job)

    @property
    def all(self) -> tuple[Joinable, ...]:
        """All workers, in the order of registration."""
        return tuple(self._all)

    def close(self) -> None:
        """Ask all to end; return at once."""
        for worker in self._all:
            worker.close()

    def join(self, seconds: float) -> bool:
        """Wait for all for at most `seconds`; return True if all have ended."""
        until = time.monotonic() + seconds
        return all(worker.join(until - time.monotonic()) for worker in self._all)
