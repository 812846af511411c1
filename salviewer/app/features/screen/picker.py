"""Let the user drag a rectangle over all screens, or click a window."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QScreen,
)
from PySide6.QtWidgets import QWidget

from salviewer.app.features.screen.places import rectangle_of
from salviewer.app.translation import tr
from salviewer.media.video.desktop import window_boxes

_DIM = QColor(0, 0, 0, 110)
_STARTS = 6  # logical pixels that the mouse moves before a click becomes a rectangle


class Picker(QObject):
    """Covers each screen with its own picture, dimmed; the chosen part is bright.

    A drag chooses a rectangle, a click the window under the mouse, Enter the whole screen; Escape cancels.
    """

    chosen = Signal(QRect)  # logical
    ended = Signal()  # whether something was chosen or not

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._windows = [rectangle_of(box) for box in window_boxes()]
        self._from: QPoint | None = None
        self._dragged = False
        self.rectangle = QRect()
        self.covers = [_Cover(self, screen) for screen in QGuiApplication.screens()]
        for cover in self.covers:
            cover.show()
        self.covers[0].activateWindow()

    def press(self, at: QPoint) -> None:
        """Begin."""
        self._from, self._dragged = at, False

    def move(self, at: QPoint) -> None:
        """Show what would be chosen."""
        if self._from is None:
            self._show(self._under(at))
            return
        self._dragged = self._dragged or (at - self._from).manhattanLength() >= _STARTS
        if self._dragged:
            self._show(QRect(self._from, at).normalized())

    def release(self, at: QPoint) -> None:
        """Choose."""
        if self._from is not None:
            self.move(at)
            self._end(self.rectangle if self._dragged else self._under(at))

    def cancel(self) -> None:
        """Choose nothing."""
        self._end(QRect())

    def choose_screen(self, at: QPoint) -> None:
        """Choose the whole screen there."""
        screen = QGuiApplication.screenAt(at)
        self._end(QRect() if screen is None else screen.geometry())

    def _under(self, at: QPoint) -> QRect:
        """Return the window under a point, else the screen there."""
        screen = QGuiApplication.screenAt(at)
        area = QRect() if screen is None else screen.geometry()
        return next((one for one in self._windows if one.contains(at)), area)

    def _show(self, rectangle: QRect) -> None:
        if rectangle != self.rectangle:
            self.rectangle = rectangle
            for cover in self.covers:
                cover.update()

    def _end(self, rectangle: QRect) -> None:
        covers, self.covers = self.covers, []
        for cover in covers:
            cover.hide()
            cover.deleteLater()
        if covers and rectangle.isValid():
            self.chosen.emit(rectangle)
        if covers:
            self.ended.emit()


class _Cover(QWidget):
    """One screen's picture."""

    def __init__(self, picker: Picker, screen: QScreen) -> None:
        super().__init__(
            None,
            Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.WindowStaysOnTopHint
            | Qt.WindowType.Tool
            | Qt.WindowType.BypassWindowManagerHint,
        )
        self.setObjectName("screenPicker")
        self.setAccessibleName(tr("Choose a part of the screen"))
        self._picker = picker
        self._picture = screen.grabWindow(0)
        self._origin = screen.geometry().topLeft()
        self.setScreen(screen)
        self.setGeometry(screen.geometry())
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the screen: dimmed, and the chosen part as it is."""
        painter = QPainter(self)
        if self._picture.isNull():
            painter.fillRect(self.rect(), Qt.GlobalColor.darkGray)
        else:
            painter.drawPixmap(self.rect(), self._picture)
        painter.fillRect(self.rect(), _DIM)
        part = self._picker.rectangle.translated(-self._origin)
        if part.isValid() and not self._picture.isNull():
            painter.setClipRect(part)
            painter.drawPixmap(self.rect(), self._picture)
            painter.setClipping(False)
        if part.isValid():
            painter.setPen(QPen(Qt.GlobalColor.white, 2))
            painter.drawRect(part)
        painter.setPen(Qt.GlobalColor.white)
        top = self.rect().adjusted(12, 12, -12, -12)
        painter.drawText(
            top,
            int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap),
            tr("Drag a rectangle, or click a window. Enter takes this screen, Esc cancels."),
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Begin, or cancel with another button."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._picker.press(event.globalPosition().toPoint())
        else:
            self._picker.cancel()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Follow."""
        self._picker.move(event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Choose."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._picker.release(event.globalPosition().toPoint())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Cancel, or choose this screen."""
        if event.key() == Qt.Key.Key_Escape:
            self._picker.cancel()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._picker.choose_screen(self.geometry().center())
