"""Plot the areas' shares of attention over the last seconds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from salviewer.app.translation import fill, tr
from salviewer.core.area_drawing import area_colour

if TYPE_CHECKING:
    from salviewer.core.areas import Area

SPAN = 20.0
"""Seconds that the plot shows."""

_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 6, 8, 20
_STEPS = (0.05, 0.1, 0.2, 0.5, 1.0)


class SharePlot(QWidget):
    """One curve per area, in its colour; the newest value is at the right edge."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # axes run to the right in every language
        self.setObjectName("sharePlot")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(tr("Each area's share of attention over the last {span:.0f} seconds", span=SPAN))
        self._curves: list[tuple[QColor, list[tuple[float, float]]]] = []
        self._describe(())

    @property
    def curves(self) -> list[list[tuple[float, float]]]:
        """(seconds before the newest, share) of each area that is drawn."""
        return [points for _, points in self._curves]

    def set_history(self, areas: Sequence[Area], frames: Sequence[tuple[float, dict[str, float]]]) -> None:
        """Show frames from `ShareHistory.recent`."""
        end = frames[-1][0] if frames else 0.0
        self._curves = []
        for place, area in enumerate(areas):
            points = [(seconds - end, shares[area.id]) for seconds, shares in frames if area.id in shares]
            if points:
                self._curves.append((QColor(*area_colour(area, place)), points))
        self._describe([(area.name, frames[-1][1].get(area.id)) for area in areas] if frames else ())
        self.update()

    def _describe(self, newest: Sequence[tuple[str, float | None]]) -> None:
        words = [
            fill("{name} {share:.1f} %", name=name, share=100 * share)
            for name, share in newest
            if share is not None
        ]
        self.setAccessibleName(
            tr("Shares of attention over time") + (": " + ", ".join(words) if words else "")
        )

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a low and wide size."""
        return QSize(240, 120)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the grid, then the curves."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(
            _LEFT, _TOP, max(self.width() - _LEFT - _RIGHT, 1), max(self.height() - _TOP - _BOTTOM, 1)
        )
        highest = max((share for _, points in self._curves for _, share in points), default=0.1)
        top = next((step for step in _STEPS if step >= highest), 1.0)
        muted = self.palette().color(QPalette.ColorRole.PlaceholderText)
        line = self.palette().color(QPalette.ColorRole.Midlight)
        align = Qt.AlignmentFlag
        for part in (0.0, 0.5, 1.0):
            y = area.bottom() - part * area.height()
            painter.setPen(QPen(line, 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(muted)
            painter.drawText(
                QRectF(0, y - 8, _LEFT - 6, 16),
                align.AlignRight | align.AlignVCenter,
                fill("{part:g} %", part=100 * top * part),
            )
        below = QRectF(area.left(), area.bottom() + 3, area.width(), _BOTTOM - 3)
        painter.drawText(below, align.AlignLeft, tr("−{span:.0f} s", span=SPAN))
        painter.drawText(below, align.AlignRight, tr("now"))
        painter.setClipRect(area.adjusted(-1, -2, 1, 2))
        for colour, points in self._curves:
            painter.setPen(QPen(colour, 1.6))
            places = [
                QPointF(
                    area.right() + seconds / SPAN * area.width(),
                    area.bottom() - min(share / top, 1.0) * area.height(),
                )
                for seconds, share in points
            ]
            painter.drawPolyline(QPolygonF(places))
        painter.end()
