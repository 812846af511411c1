"""Timers that wait until nothing more happens."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, SignalInstance

PAINTED = 100
"""Milliseconds after which a new picture is on screen: work that can wait so long does not delay it."""


def single_shot(owner: QObject, milliseconds: int, then: Callable[[], object] | SignalInstance) -> QTimer:
    """Make a timer that calls or emits `then` once, this long after its last start; 0 for the next turn."""
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(then)
    return timer
