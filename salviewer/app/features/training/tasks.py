"""Work of dialogs off the window's thread: tasks one after the other, and long work with cancelling."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal

from salviewer.app.workers.latest_only import LatestOnlyWorker, Outcome
from salviewer.app.workers.sentences import sentence

Result = TypeVar("Result")
Tell = Callable[[Any], None]


class Tasks(QObject):
    """Does one short task after the other, and returns each result in the window's thread."""

    failed = Signal(str)

    def __init__(self, name: str, parent: QObject) -> None:
        super().__init__(parent)
        self.worker = LatestOnlyWorker(name, self, self._landed)
        self._number = 0
        self._asked: dict[
            int, tuple[QObject, Callable[[Any], None] | None, Callable[[str], None] | None, str]
        ] = {}

    def do(
        self,
        doing: str,
        job: Callable[[], Result],
        then: Callable[[Result], None] | None = None,
        failed: Callable[[str], None] | None = None,
        owner: QObject | None = None,
    ) -> None:
        """Do `job` in the thread, after earlier ones.

        Args:
            doing: what it does, for a sentence about an unexpected failure.
            job: the task.
            then: called with its result.
            failed: called with the sentence of an error; without it, `self.failed` is emitted.
            owner: a dialog; after its end, nothing is called.
        """
        self._number += 1
        self._asked[self._number] = (owner or self, then, failed, doing)
        self.worker.submit(self._number, job, urgency=self._number)

    def _landed(self, outcome: Outcome) -> None:
        owner, then, failed, doing = self._asked.pop(outcome.ticket)
        if not shiboken6.isValid(owner):
            return
        if outcome.error is None:
            if then is not None:
                then(outcome.value)
        else:
            (failed or self.failed.emit)(sentence(outcome.error, doing))


class CalledOffError(Exception):
    """The work was cancelled."""


class Work(QObject):
    """Does one long task at a time, with progress and cancelling.

    Cancelled and replaced tasks report nothing more.
    """

    progressed = Signal(object)
    done = Signal(object)
    failed = Signal(str)
    busy_changed = Signal(bool)
    _reported = Signal(int, object)

    def __init__(self, name: str, doing: str, parent: QObject) -> None:
        super().__init__(parent)
        self.worker = LatestOnlyWorker(name, self, self._landed)
        self._reported.connect(self._pass_on, Qt.ConnectionType.QueuedConnection)
        self._doing = doing
        self._stop = threading.Event()
        self._ticket = 0
        self.busy = False

    def begin(self, job: Callable[[Tell, threading.Event], Any]) -> None:
        """Start `job(tell, stop)` in place of the current one; it should check `stop` regularly."""
        self.cancel()
        self._stop = stop = threading.Event()
        ticket = self._ticket

        def tell(what: Any) -> None:
            if stop.is_set():
                raise CalledOffError
            self._reported.emit(ticket, what)

        self._set_busy(True)
        self.worker.submit(ticket, lambda: job(tell, stop))

    def cancel(self) -> None:
        """Cancel the task; it emits no `progressed`, `done` or `failed` any more."""
        self._stop.set()
        self._ticket += 1
        self._set_busy(False)

    def _pass_on(self, ticket: int, what: Any) -> None:
        if ticket == self._ticket:
            self.progressed.emit(what)

    def _landed(self, outcome: Outcome) -> None:
        if outcome.ticket != self._ticket:
            return
        self._set_busy(False)
        if outcome.error is None:
            self.done.emit(outcome.value)
        elif not isinstance(outcome.error, CalledOffError):
            self.failed.emit(sentence(outcome.error, self._doing))

    def _set_busy(self, busy: bool) -> None:
        if busy != self.busy:
            self.busy = busy
            self.busy_changed.emit(busy)
