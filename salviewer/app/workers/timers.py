"""Timers that wait until nothing more happens."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, SignalInstance


def single_shot(owner: QObject, milliseconds: int, then: Callable[[], object] | SignalInstance) -> QTimer:
    """Make a timer that calls or emits `then` once, this long after its last start; 0 for the next turn."""
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(then)
    return timer
