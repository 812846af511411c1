"""Shows, while a picture is held over the window, which half opens it and which compares with it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

_TEXTS = ("Open", "Compare with this")


class DropHint(QWidget):
    """Two halves over a widget; it takes no events itself."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setObjectName("dropHint")
        self._right = False
        self.hide()

    def right(self, at: QPointF) -> bool:
        """Whether a point of the window lies over the right half."""
        over = self._over
        place = over.mapFrom(over.window(), at)
        return over.isVisible() and over.width() / 2 <= place.x() < over.width() and place.y() >= 0

    def hold(self, at: QPointF) -> None:
        """Something is held over a point of the window."""
        self._right = self.right(at)
        self.setGeometry(self._over.rect())
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """The half that would be taken stands out."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        accent = self.palette().color(QPalette.ColorRole.Highlight)
        half = self.width() / 2
        font = painter.font()
        font.setPixelSize(18)
        font.setBold(True)
        painter.setFont(font)
        for index, text in enumerate(_TEXTS):
            zone = QRectF(index * half, 0, half, self.height()).adjusted(14, 14, -14, -14)
            taken = (index == 1) == self._right
            painter.setPen(QPen(accent if taken else QColor(160, 166, 175), 2, Qt.PenStyle.DashLine))
            painter.setBrush(QColor(18, 20, 24, 190 if taken else 120))
            painter.drawRoundedRect(zone, 14, 14)
            painter.setPen(QColor("white"))
            painter.drawText(zone, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()
