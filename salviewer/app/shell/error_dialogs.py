"""Handle errors: a sentence for the user, the traceback for the log, and never a hang."""

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
    """Carries messages from any thread to the window's."""

    said = Signal(str)  # a sentence
    crashed = Signal(object)  # Crash


class Guard:
    """Catches exceptions that nothing else caught, in slots and in threads, while it is installed.

    In a Qt slot, Python by default prints and continues, and a frozen window hangs. Here ``relay`` informs
    the
    user: by the sentence of the error if it has one, else by a report. The traceback goes to the log.
    """

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._before = sys.excepthook, threading.excepthook, sys.unraisablehook
        sys.excepthook = self._in_slot
        threading.excepthook = self._in_thread
        sys.unraisablehook = _unraisable
        self._qt_before = qInstallMessageHandler(_from_qt)

    def remove(self) -> None:
        """Restore the hooks."""
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
    """Log an error in an object's destruction; the user cannot act on it."""
    log.error("%s: %r", args.err_msg or "ignored", args.object, exc_info=args.exc_value)


def _from_qt(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    logging.getLogger("salviewer.qt").log(_LEVELS.get(kind, logging.WARNING), message)
