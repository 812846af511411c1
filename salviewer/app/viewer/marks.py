"""Marks over two canvases: captions, and the cursor's place on the other one."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from salviewer.app.state.viewport import View

_PLATE, _TEXT = QColor(18, 20, 24, 215), QColor("white")
_AWAY = 10.0  # distance from the window's corner
_ARM = 9.0  # of the cross


class Captions:
    """Names in the upper corners of a canvas."""

    def __init__(self) -> None:
        self.left, self.right = "", ""

    def paint(self, painter: QPainter, view: View, ratio: float) -> None:
        """Paint, as `Ornament` describes."""
        both = bool(self.left and self.right)
        for text, right in ((self.left, False), (self.right, True)):
            if text:
                self._paint(painter, text, right, view.window[0] * (0.5 if both else 1.0), view, ratio)

    def _paint(
        self, painter: QPainter, text: str, right: bool, room: float, view: View, ratio: float
    ) -> None:
        font = painter.font()
        font.setPixelSize(round(12 * ratio))
        painter.setFont(font)
        metrics = painter.fontMetrics()
        most = room - (2 * _AWAY + 20) * ratio
        text = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, max(int(most), 0))
        wide, high = metrics.horizontalAdvance(text) + 20 * ratio, 24 * ratio
        left = view.window[0] - wide - _AWAY * ratio if right else _AWAY * ratio
        plate = QRectF(left, _AWAY * ratio, wide, high)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_PLATE)
        painter.drawRoundedRect(plate, 6 * ratio, 6 * ratio)
        painter.setPen(_TEXT)
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)


class Cross:
    """Marks the place of the other canvas's cursor."""

    def __init__(self) -> None:
        self.place: tuple[float, float] | None = None

    def paint(self, painter: QPainter, view: View, ratio: float) -> None:
        """Paint, as `Ornament` describes."""
        if self.place is None:
            return
        at = QPointF(*view.to_window(self.place[0] * view.picture[0], self.place[1] * view.picture[1]))
        arm = _ARM * ratio
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, width in ((_PLATE, 3.5), (_TEXT, 1.5)):
            painter.setPen(QPen(colour, width * ratio))
            painter.drawLine(at - QPointF(arm, 0), at + QPointF(arm, 0))
            painter.drawLine(at - QPointF(0, arm), at + QPointF(0, arm))
