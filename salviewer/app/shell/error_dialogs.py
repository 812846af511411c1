"""When something fails: a sentence for the person, the traceback for the log, and never a hang."""

from __future__ import annotations

import logging
import sys
import threading
from types import TracebackType
from typing import Any

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

from salviewer.app.shell.crash_report import crash_of
from salviewer.app.translation import tr
from salviewer.app.workers.sentences import sentence
from salviewer.errors import SalviewerError

log = logging.getLogger("salviewer")

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class Relay(QObject):
    """Carries from any thread to the window's what has to be told there."""

    said = Signal(str)  # a sentence
    crashed = Signal(object)  # Crash


class Guard:
    """Catches what nobody else caught, in slots and in threads, for as long as it is installed.

    Python's default in a Qt slot is to print and carry on in silence, and in a frozen window to hang. Here
    the person is told through ``relay``: in a sentence where somebody wrote one for the error, else with a
    report. The traceback goes to the log.
    """

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._before = sys.excepthook, threading.excepthook, sys.unraisablehook
        sys.excepthook = self._in_slot
        threading.excepthook = self._in_thread
        sys.unraisablehook = _unraisable
        self._qt_before = qInstallMessageHandler(_from_qt)

    def remove(self) -> None:
        """Give the hooks back."""
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._before
        qInstallMessageHandler(self._qt_before)

    def _in_slot(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._before[0](kind, error, trace)
            return
        self._report(error.with_traceback(trace), "")

    def _in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            name = args.thread.name if args.thread is not None else "unknown"
            self._report(args.exc_value.with_traceback(args.exc_traceback), name)

    def _report(self, error: BaseException, thread: str) -> None:
        try:
            if isinstance(error, SalviewerError | MemoryError):
                self._relay.said.emit(sentence(error, tr("carrying that out")))
                return
            log.error("nothing caught this%s", f" in the thread {thread}" if thread else "", exc_info=error)
            self._relay.crashed.emit(crash_of(error, thread))
        except Exception:
            log.exception("the window could not show an error")


def _unraisable(args: Any) -> None:
    """What fails while an object goes away is for the log alone: there is nothing that a person did."""
    log.error("%s: %r", args.err_msg or "ignored", args.object, exc_info=args.exc_value)


def _from_qt(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    logging.getLogger("salviewer.qt").log(_LEVELS.get(kind, logging.WARNING), message)
