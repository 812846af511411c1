"""Closes the window on SIGTERM, SIGHUP and Ctrl+C, so that recordings are completed."""

from __future__ import annotations

import signal
import socket
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from salviewer.app.window import Window

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
_SECONDS = 8.0  # for recordings to be completed; `docker stop` kills after 10


class StopSignals(QObject):
    """While it exists a signal closes the window. The interpreter writes it to a socket that Qt waits for.

    Nobody may be there to answer: where the window would ask about unsaved work, recordings are completed
    and the program ends all the same.
    """

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
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
        """Handle signals as before."""
        signal.set_wakeup_fd(self._before_fd)
        for number, handler in self._before.items():
            if handler is not None:
                signal.signal(number, handler)
        self._notifier.setEnabled(False)
        self._read.close()
        self._write.close()

    def _end(self) -> None:
        self._notifier.setEnabled(False)
        window = self._window
        if window.close():
            return
        until = time.monotonic() + _SECONDS
        for part in (window.training, window.batching, window.live):
            part.close()
        window.live.join(until - time.monotonic())
        QApplication.exit(0)
