"""The window that lays the heat over the real screen, and keeping it out of captures."""

from __future__ import annotations

import threading
import time
from types import TracebackType

from PySide6.QtCore import QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from salviewer.app.translation import tr
from salviewer.media.video.desktop import keep_out_of_captures

HIDDEN_EVERY = 1.0
"""Seconds between two captures where the overlay window has to go for them."""
_GONE = 60
"""Milliseconds for which the overlay window is empty before a capture: some frames of a compositor."""
_LONGEST = 5.0  # seconds that a capture waits for the window's thread


class OverlayWindow(QWidget):
    """See-through, above everything, and not there for the mouse and the keyboard.

    Attributes:
        excluded: whether the system keeps it out of captures; else it must be empty while one is made.
    """

    def __init__(self) -> None:
        super().__init__(
            None,
            Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.WindowStaysOnTopHint
            | Qt.WindowType.Tool
            | Qt.WindowType.BypassWindowManagerHint
            | Qt.WindowType.WindowTransparentForInput
            | Qt.WindowType.WindowDoesNotAcceptFocus,
        )
        self.setObjectName("screenOverlay")
        self.setAccessibleName(tr("Heat over the screen"))
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._layer: QImage | None = None
        self._empty = False
        self.excluded = False

    def lie_over(self, rectangle: QRect) -> None:
        """Cover a logical rectangle of the desktop."""
        self.setGeometry(rectangle)
        self.show()
        self.excluded = keep_out_of_captures(int(self.winId()))

    def set_layer(self, layer: QImage | None) -> None:
        """Show this layer, scaled to the window."""
        self._layer = layer
        self.update()

    def set_empty(self, empty: bool) -> None:
        """Show nothing for a moment; the window stays where it is, so nothing is animated."""
        if empty != self._empty:
            self._empty = empty
            self.repaint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the layer alone."""
        painter = QPainter(self)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.fillRect(self.rect(), Qt.GlobalColor.transparent)
        if self._layer is not None and not self._empty:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self.rect(), self._layer)


class Gate(QObject):
    """Entered by the capturing thread around each capture: empties the overlay window while it is there.

    Attributes:
        window: the overlay window; None while there is none, or while it is kept out of captures anyway.
    """

    _empty_wanted = Signal()
    _full_wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.window: OverlayWindow | None = None
        self._gone = threading.Event()
        self._last = 0.0
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_GONE)
        self._soon.timeout.connect(self._gone.set)
        queued = Qt.ConnectionType.QueuedConnection
        self._empty_wanted.connect(self._empty, queued)
        self._full_wanted.connect(self._fill, queued)

    def keep_out(self, window: OverlayWindow | None) -> None:
        """Keep this window out of captures from now on; None for none."""
        self.window = window
        if window is None:
            self._gone.set()

    def __enter__(self) -> None:
        if self.window is None:
            return
        time.sleep(max(0.0, min(HIDDEN_EVERY, self._last + HIDDEN_EVERY - time.monotonic())))
        self._gone.clear()
        if self.window is not None:
            self._say(self._empty_wanted)
            self._gone.wait(_LONGEST)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._last = time.monotonic()
        self._say(self._full_wanted)

    def _say(self, signal: object) -> None:
        try:
            signal.emit()  # type: ignore[attr-defined]
        except RuntimeError:  # the window was closed meanwhile
            self._gone.set()

    def _empty(self) -> None:
        if self.window is None:
            self._gone.set()
        else:
            self.window.set_empty(True)
            self._soon.start()

    def _fill(self) -> None:
        if self.window is not None:
            self.window.set_empty(False)
