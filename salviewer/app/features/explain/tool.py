"""Choose the place to explain, with the mouse or with arrows and Enter, and mark it on the picture."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen

from salviewer.app.state.viewport import View

_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_STEP, _LEAP = 0.01, 0.1  # of the picture's sides per key, without and with Shift
_RADIUS = 11.0  # of the ring, in logical pixels
_RIM, _LINE = QColor(18, 20, 24, 215), QColor("white")


class PlaceTool(QObject):
    """A `Tool` and an `Ornament` of the canvas."""

    chosen = Signal(object)  # (x, y), in fractions of the picture
    ended = Signal()  # by Escape
    redraw = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._active = False
        self._place: tuple[float, float] | None = None

    @property
    def active(self) -> bool:
        """Whether a press chooses a place."""
        return self._active

    @property
    def place(self) -> tuple[float, float] | None:
        """The marked place."""
        return self._place

    def set_active(self, active: bool) -> None:
        """Let presses choose a place, or leave the mouse to others; the mark goes."""
        self._active = active
        self.mark(None)

    def mark(self, place: tuple[float, float] | None) -> None:
        """Mark a place, or none."""
        self._place = place
        self.redraw.emit()

    def press(self, at: QPointF, button: Qt.MouseButton, modifiers: Qt.KeyboardModifier) -> bool:
        """Choose a place on the picture."""
        if not self._active or button != Qt.MouseButton.LeftButton or not _on_picture(at):
            return False
        self.chosen.emit((at.x(), at.y()))
        return True

    def drag(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Nothing: the press has chosen."""

    def release(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Nothing: the press has chosen."""

    def double_click(self, at: QPointF) -> bool:
        """Take it: its first press has chosen."""
        return self._active and _on_picture(at)

    def hover(self, at: QPointF | None) -> Qt.CursorShape | None:
        """Show that a press asks."""
        return Qt.CursorShape.WhatsThisCursor if self._active and at is not None and _on_picture(at) else None

    def key(self, event: QKeyEvent) -> bool:
        """Move the mark with arrows, choose its place with Enter, end with Escape."""
        if not self._active:
            return False
        key = Qt.Key(event.key())
        x, y = self._place or (0.5, 0.5)
        if key == Qt.Key.Key_Escape:
            self.ended.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit((x, y))
        elif key in _ARROWS:
            far = _LEAP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else _STEP
            right, down = _ARROWS[key]
            self.mark((min(max(x + far * right, 0.0), 1.0), min(max(y + far * down, 0.0), 1.0)))
        else:
            return False
        return True

    def paint(self, painter: QPainter, view: View, ratio: float) -> None:
        """Paint a ring, as `Ornament` describes."""
        if self._place is None:
            return
        x, y = self._place
        middle = QPointF(*view.to_window(x * view.picture[0], y * view.picture[1]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, width in ((_RIM, 5.0), (_LINE, 2.0)):
            painter.setPen(QPen(colour, width * ratio))
            painter.drawEllipse(middle, _RADIUS * ratio, _RADIUS * ratio)


def _on_picture(at: QPointF) -> bool:
    return 0 <= at.x() <= 1 and 0 <= at.y() <= 1
