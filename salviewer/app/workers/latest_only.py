"""A thread with room for one waiting job an urgency: the newest replaces one that has not begun."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job: its value, or the exception it raised.

    Attributes:
        ticket: the number the job was submitted under; the receiver drops it when it is not the newest.
        value: what the job returned; None when it raised.
        error: what it raised, None when it returned.
    """

    ticket: int
    value: Any = None
    error: Exception | None = None


class LatestOnlyWorker(QObject):
    """One long-lived thread that runs the newest job; outcomes arrive in the thread this object lives in.

    Jobs of different urgency do not replace each other: of those that wait, the one with the smallest number
    runs first. 0 is for what a person waits for.

    The thread starts with the first job. A job that has begun runs to its end; one that still waits when
    another is submitted never runs. No exception of a job can escape: each becomes an `Outcome`.
    """

    finished = Signal(object)  # Outcome, in the owner's thread
    _landed = Signal(object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._wake = threading.Condition()
        self._waiting: dict[int, tuple[int, Callable[[], Any]]] = {}
        self._running = False
        self._closed = False
        self._thread: threading.Thread | None = None
        self._landed.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def submit(self, ticket: int, job: Callable[[], Any], urgency: int = 0) -> None:
        """Run `job` after those that are more urgent; whatever waited with this urgency is forgotten."""
        with self._wake:
            if self._closed:
                return
            self._waiting[urgency] = (ticket, job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
                self._thread.start()
            self._wake.notify()

    def forget(self, urgency: int = 0) -> None:
        """Drop the job that waits with this urgency; the one that runs is finished."""
        with self._wake:
            self._waiting.pop(urgency, None)

    @property
    def busy(self) -> bool:
        """Whether a job runs or waits."""
        with self._wake:
            return self._running or bool(self._waiting)

    @property
    def closed(self) -> bool:
        """Whether it takes no more jobs."""
        return self._closed

    def close(self) -> None:
        """Take no more jobs and end after the one that runs. Returns at once."""
        with self._wake:
            self._closed = True
            self._waiting.clear()
            self._wake.notify()

    def join(self, seconds: float) -> bool:
        """Wait for the thread at most `seconds`; True when it has ended or never began."""
        if self._thread is None:
            return True
        self._thread.join(max(seconds, 0.0))
        return not self._thread.is_alive()

    def _work(self) -> None:
        while True:
            with self._wake:
                self._running = False
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
            there = self._emit(outcome)
            del outcome  # while this thread waits it holds nothing, however large the last thing was
            if not there:
                return

    def _emit(self, outcome: Outcome) -> bool:
        try:
            self._landed.emit(outcome)
        except RuntimeError:  # the window went while the job ran: nobody is left to hear of it
            log.info("%s ended after its window", self._name)
            return False
        return True

    def _deliver(self, outcome: Outcome) -> None:
        if not self._closed:
            self.finished.emit(outcome)
