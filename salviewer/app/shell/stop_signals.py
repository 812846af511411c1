"""Close the window on SIGTERM, SIGHUP and Ctrl+C, so that recordings are completed."""

from __future__ import annotations

import signal
import socket
from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QObject, QSocketNotifier
from PySide6.QtWidgets import QApplication, QWidget

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
_SECONDS = 8.0  # to complete recordings; `docker stop` kills after 10


class Part(Protocol):
    """A part of the window with running work."""

    def close(self) -> None:
        """Ask it to end; return at once."""


class Joined(Part, Protocol):
    """A part that can be waited for."""

    def join(self, seconds: float) -> bool:
        """Wait for at most `seconds`."""


class StopSignals(QObject):
    """Closes the window on a signal. The interpreter writes signals to a socket that Qt watches.

    Nobody may be there to answer: if the window would ask about unsaved work, recordings are completed and
        the
    program ends anyway.

    Args:
        window: the window to close.
        live: completes recordings.
        parts: other parts with running work.
    """

    def __init__(self, window: QWidget, live: Joined, parts: Sequence[Part] = ()) -> None:
        super().__init__(window)
        self._window, self._live, self._parts = window, live, parts
        self._read, self._write = socket.socketpair()
        for end in (self._read, self._write):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._end)
        numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
        self._before = {number: signal.getsignal(number) for number in numbers}
        for number, handler in self._before.items():
            if handler not in (signal.SIG_IGN, None):
                signal.signal(number, lambda number, frame: None)
        self._before_fd = signal.set_wakeup_fd(self._write.fileno(), warn_on_full_buffer=False)

    def remove(self) -> None:
        """Restore the earlier handling of signals."""
        signal.set_wakeup_fd(self._before_fd)
        for number, handler in self._before.items():
            if handler is not None:
                signal.signal(number, handler)
        self._notifier.setEnabled(False)
        self._read.close()
        self._write.close()

    def _end(self) -> None:
        self._notifier.setEnabled(False)
        if self._window.close():
            return
        for part in (self._live, *self._parts):
            part.close()
        self._live.join(_SECONDS)
        QApplication.exit(0)
