"""When something fails: a sentence for the person, the traceback for the log, and never a hang."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

from salviewer.errors import SalviewerError

log = logging.getLogger("salviewer")

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def sentence(error: BaseException, doing: str) -> str:
    """What to tell a person about `error`, which came up while `doing` ("opening the picture")."""
    if isinstance(error, SalviewerError):
        return str(error)
    log.error("while %s", doing, exc_info=error)
    if isinstance(error, MemoryError):
        return f"There is not enough memory for {doing}."
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror} (while {doing})."
    what = str(error).splitlines()[0] if str(error) else type(error).__name__
    return f"Something went wrong while {doing}: {what}"


class Relay(QObject):
    """Carries a sentence from any thread to the window's."""

    said = Signal(str)


class Guard:
    """Catches what nobody else caught, in slots and in threads, for as long as it is installed.

    Python's default in a Qt slot is to print and carry on in silence, and in a frozen window to hang. Here
    the person is told, through `tell`, and the traceback goes to the log. `tell` may be called from any
    thread.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._before = sys.excepthook, threading.excepthook
        sys.excepthook = self._in_slot
        threading.excepthook = self._in_thread
        self._qt_before = qInstallMessageHandler(_from_qt)

    def remove(self) -> None:
        """Give the hooks back."""
        sys.excepthook, threading.excepthook = self._before
        qInstallMessageHandler(self._qt_before)

    def _in_slot(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._before[0](kind, error, trace)
            return
        self._report(error.with_traceback(trace))

    def _in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._report(args.exc_value)

    def _report(self, error: BaseException) -> None:
        try:
            self._tell(sentence(error, "carrying that out"))
        except Exception:
            log.exception("the window could not show an error")


def log_to(folder: Path) -> None:
    """Keep a log of at most 1 MB in `folder`; go without when it cannot be written."""
    log.setLevel(logging.INFO)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            folder / "salviewer.log", maxBytes=500_000, backupCount=1, encoding="utf-8", delay=True
        )
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    log.addHandler(handler)


def stop_logging() -> None:
    """Close the log's file."""
    for handler in list(log.handlers):
        if isinstance(handler, RotatingFileHandler):
            log.removeHandler(handler)
            handler.close()


def _from_qt(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    logging.getLogger("salviewer.qt").log(_LEVELS.get(kind, logging.WARNING), message)
