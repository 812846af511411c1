"""The followed region over the picture: its box, its number, and where it came from."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from salviewer.app.state.viewport import View
from salviewer.core.following import Tracked

_RIM, _LINE = QColor(18, 20, 24), QColor(255, 214, 10)
_WIDTH, _RIMS, _LETTERS = 2.0, 2.0, 12  # logical pixels
_TRAIL = 90
"""Places that the trail is long."""


class TrackMark:
    """Painted over the picture."""

    def __init__(self) -> None:
        self.tracked: Tracked | None = None
        self._trail: deque[tuple[float, float]] = deque(maxlen=_TRAIL)

    def show(self, tracked: Tracked | None) -> None:
        """Where it is now; None for nowhere."""
        if tracked is None or (self.tracked is not None and tracked.track != self.tracked.track):
            self._trail.clear()
        if tracked is not None and tracked is not self.tracked:
            self._trail.append(tracked.box.centre)
        self.tracked = tracked

    def paint(self, painter: QPainter, view: View, ratio: float) -> None:
        """As `Ornament`."""
        if self.tracked is None:
            return
        width, height = view.picture
        box = self.tracked.box
        corners = (
            view.to_window(box.left * width, box.top * height),
            view.to_window(box.right * width, box.bottom * height),
        )
        frame = QRectF(QPointF(*corners[0]), QPointF(*corners[1]))
        trail = QPolygonF([QPointF(*view.to_window(x * width, y * height)) for x, y in self._trail])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, wide in ((_RIM, _WIDTH + _RIMS), (_LINE, _WIDTH)):
            painter.setPen(QPen(colour, wide * ratio))
            painter.drawRect(frame)
            painter.drawPolyline(trail)
        self._label(painter, frame, ratio)

    def _label(self, painter: QPainter, frame: QRectF, ratio: float) -> None:
        assert self.tracked is not None
        text = f"{self.tracked.track}  ·  {100 * self.tracked.confidence:.0f} %"
        font = painter.font()
        font.setPixelSize(round(_LETTERS * ratio))
        font.setBold(True)
        painter.setFont(font)
        wide = painter.fontMetrics().horizontalAdvance(text) + 12 * ratio
        tall = 19 * ratio
        plate = QRectF(frame.left(), max(frame.top() - tall - 4 * ratio, 2.0), wide, tall)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_RIM)
        painter.drawRoundedRect(plate, 4 * ratio, 4 * ratio)
        painter.setPen(_LINE)
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
