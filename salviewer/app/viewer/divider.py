"""The divider of a swipe: a slider over the canvas."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider

from salviewer.app.translation import tr
from salviewer.app.viewer.painted import PaintedPicture

UNITS = 100_000
"""Number of the divider's places; the last is the picture's right border."""
_WIDTH = 28  # logical pixels that take the mouse
_HANDLE = 13  # radius of the handle
_RIM, _LINE = QColor(18, 20, 24), QColor("white")


class Divider(QAbstractSlider):
    """Its value is a place in the picture, in `UNITS` of its width; it follows zoom and pan.

    If that place is outside the window, it stays at the window's edge.
    """

    def __init__(self, canvas: PaintedPicture) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._grip = 0.0  # distance from the line to the mouse
        self.setObjectName("divider")
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setRange(0, UNITS)
        self.setSingleStep(UNITS // 100)
        self.setPageStep(UNITS // 10)
        self.setAccessibleName(tr("Divider between left and right"))
        self.setToolTip(tr("Drag, or move with the arrow keys or [ and ]"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.hide()
        self.valueChanged.connect(self._stand)
        canvas.view_changed.connect(self._stand)

    def set_place(self, place: float) -> None:
        """Move to a fraction of the picture's width, 0..1."""
        self.setValue(round(place * UNITS))

    def line(self) -> float:
        """Return the place of the line, in logical pixels of the canvas."""
        return self.x() + self.width() / 2

    def _stand(self) -> None:
        area = self._canvas.picture_rect()
        at = area.left() + area.width() * self.value() / UNITS
        at = min(max(at, 0.0), float(self._canvas.width()))
        self.setGeometry(round(at) - _WIDTH // 2, 0, _WIDTH, self._canvas.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Grip it."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._grip = event.position().x() - self.width() / 2
            self.setSliderDown(True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Follow the mouse."""
        area = self._canvas.picture_rect()
        if self.isSliderDown() and area.width() > 0:
            at = self.mapToParent(event.position()).x() - self._grip
            at = min(max(at, 0.0), float(self._canvas.width()))
            self.setValue(round((at - area.left()) / area.width() * UNITS))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Release it."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Leave the wheel to the canvas, which zooms."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint a line with a handle in its middle."""
        painter = QPainter(self)
        middle, high = self.width() / 2, float(self.height())
        painter.fillRect(QRectF(middle - 2, 0, 4, high), QColor(_RIM.red(), _RIM.green(), _RIM.blue(), 110))
        painter.fillRect(QRectF(middle - 1, 0, 2, high), _LINE)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        at = QPointF(middle, round(high / 2))
        accent = self.palette().color(QPalette.ColorRole.Highlight)
        painter.setPen(QPen(accent if self.hasFocus() or self.isSliderDown() else _RIM, 1.5))
        painter.setBrush(_LINE)
        painter.drawEllipse(at, _HANDLE - 1, _HANDLE - 1)
        painter.setPen(QPen(_RIM, 1.75))
        for way in (-1, 1):
            tip = at + QPointF(7 * way, 0)
            barbs = [tip + QPointF(-3.5 * way, side) for side in (-3.5, 3.5)]
            painter.drawPolyline(QPolygonF([barbs[0], tip, barbs[1]]))
        painter.end()
