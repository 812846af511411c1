"""Tell when a window was painted for the first time."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QWidget

from salviewer.app.workers.timers import single_shot

PATIENCE = 300
"""Milliseconds after which a window counts as painted: it may have been minimised at once."""


class FirstPaint(QObject):
    """Watches a window from before it is shown until all of it was painted."""

    over = Signal()  # once

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._soon = single_shot(self, PATIENCE, self._end)
        self._soon.start()
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Take the window's own paint for the sign: what it holds is painted in the same turn."""
        if event.type() == QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            self._soon.start(0)
        return False

    def _end(self) -> None:
        self._window.removeEventFilter(self)
        self.over.emit()
