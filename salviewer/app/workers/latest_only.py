"""A thread with one waiting job per urgency: a newer one replaces one that has not begun."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from salviewer.app.workers.priority import give_way

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a job: its value, or the exception that it raised.

    Attributes:
        ticket: the job's number; the receiver drops the outcome if it is not the newest.
        value: the job's result; None if it raised.
        error: the exception; None if there was none.
    """

    ticket: int
    value: Any = None
    error: Exception | None = None


class LatestOnlyWorker(QObject):
    """One long-lived thread that runs the newest job; outcomes arrive in the thread of this object.

    Jobs of different urgency do not replace each other: among waiting jobs, the one with the smallest number
    runs first. 0 is for what the user waits for.

    The thread starts with the first job. A job that has begun runs to its end; a waiting one that is replaced
    never runs. No exception escapes: each becomes an `Outcome`.

    Args:
        name: of the thread.
        parent: owns it.
        landed: takes each outcome.
    """

    finished = Signal(object)  # Outcome, in the owner's thread
    _landed = Signal(object)

    def __init__(
        self, name: str, parent: QObject | None = None, landed: Callable[[Outcome], object] | None = None
    ) -> None:
        super().__init__(parent)
        self._name = name
        self._wake = threading.Condition()
        self._waiting: dict[int, tuple[int, Callable[[], Any]]] = {}
        self._running = False
        self._undelivered = 0  # outcomes that the owner's thread has yet to take
        self._closed = False
        self._thread: threading.Thread | None = None
        self._landed.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        if landed is not None:
            self.finished.connect(landed, Qt.ConnectionType.DirectConnection)

    def submit(self, ticket: int, job: Callable[[], Any], urgency: int = 0) -> None:
        """Run `job` after more urgent ones; drop a waiting job of this urgency."""
        with self._wake:
            if self._closed:
                return
            self._waiting[urgency] = (ticket, job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
                self._thread.start()
            self._wake.notify()

    def forget(self, urgency: int = 0) -> None:
        """Drop the waiting job of this urgency; a running one is finished."""
        with self._wake:
            self._waiting.pop(urgency, None)

    @property
    def busy(self) -> bool:
        """Whether a job is running or waiting, or its outcome has yet to arrive."""
        with self._wake:
            return self._running or bool(self._waiting) or self._undelivered > 0

    @property
    def closed(self) -> bool:
        """Whether it accepts no more jobs."""
        return self._closed

    def close(self) -> None:
        """Accept no more jobs and end after the running one; return at once."""
        with self._wake:
            self._closed = True
            self._waiting.clear()
            self._wake.notify()

    def join(self, seconds: float) -> bool:
        """Wait for the thread for at most `seconds`; return True if it has ended or never started."""
        if self._thread is None:
            return True
        self._thread.join(max(seconds, 0.0))
        return not self._thread.is_alive()

    def _work(self) -> None:
        give_way()
        while True:
            with self._wake:
                while not self._waiting and not self._closed:
                    self._wake.wait()
                if self._closed:
                    return
                ticket, job = self._waiting.pop(min(self._waiting))
                self._running = True
            try:
                outcome = Outcome(ticket, value=job())
            except Exception as error:
                outcome = Outcome(ticket, error=error)
            del job
            with self._wake:
                self._running = False
                self._undelivered += 1
            there = self._emit(outcome)
            del outcome  # while this thread waits, it must not hold a possibly large value
            if not there:
                return

    def _emit(self, outcome: Outcome) -> bool:
        try:
            self._landed.emit(outcome)
        except RuntimeError:  # the window was closed while the job ran
            log.info("%s ended after its window", self._name)
            return False
        return True

    def _deliver(self, outcome: Outcome) -> None:
        with self._wake:
            self._undelivered -= 1
        if not self._closed:
            self.finished.emit(outcome)
