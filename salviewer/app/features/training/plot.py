"""A small plot of curves over epochs, painted by hand (docs/adr/0007)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from salviewer.app.shell.theme import Theme
from salviewer.app.translation import fill, tr
from salviewer.training.plots import ticks

Point = tuple[float, float]
_LEFT, _TOP, _RIGHT, _BOTTOM = 52, 30, 14, 26
_DOT = 3.0
_SECOND = ("#b4530a", "#ffb066")
"""The second curve's colour, for light and dark; the first has the accent colour."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One line.

    Attributes:
        name: in the legend; empty for a line without an entry.
        points: (epoch, value), ordered by epoch.
        second: drawn in the second colour.
        faint: a thin line behind the others, for single steps.
    """

    name: str
    points: tuple[Point, ...]
    second: bool = False
    faint: bool = False


class Plot(QWidget):
    """Shows curves with a grid, a legend with the newest values, and the values at the cursor."""

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # axes run to the right in every language
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._theme = theme
        self._title = title
        self._curves: tuple[Curve, ...] = ()
        self._epochs = 1.0
        self._cursor: float | None = None  # in epochs
        theme.changed.connect(self.update)
        self._tell()

    def set_curves(self, title: str, curves: Sequence[Curve], epochs: float) -> None:
        """Show these curves, with space for this many epochs."""
        new = (title, tuple(curves), max(epochs, 1.0))
        if new != (self._title, self._curves, self._epochs):
            self._title, self._curves, self._epochs = new
            self._tell()
            self.update()

    @property
    def curves(self) -> tuple[Curve, ...]:
        """The curves that are shown."""
        return self._curves

    def _tell(self) -> None:
        parts = [
            tr(
                "{name} {value:.4g} after epoch {epoch:g}",
                name=curve.name,
                value=curve.points[-1][1],
                epoch=curve.points[-1][0],
            )
            for curve in self._curves
            if curve.name and curve.points
        ]
        self.setAccessibleName(self._title)
        self.setAccessibleDescription(", ".join(parts) or tr("nothing yet"))

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a comfortable size."""
        return QSize(380, 240)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return a small size."""
        return QSize(220, 140)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Show the values at the cursor."""
        area = self._area()
        inside = area.contains(event.position())
        self._cursor = (event.position().x() - area.left()) / area.width() * self._epochs if inside else None
        self.update()

    def leaveEvent(self, event: object) -> None:  # noqa: N802
        """Show the newest values again."""
        self._cursor = None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint grid, curves and legend."""
        colours = self._theme.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(colours.text))
        font = painter.font()
        font.setBold(True)
        painter.setFont(font)
        painter.drawText(QPointF(4, 18), self._title)
        font.setBold(False)
        painter.setFont(font)
        low, high = self._range()
        area = self._area()
        self._draw_grid(painter, area, low, high)
        painter.save()
        painter.setClipRect(area.adjusted(-_DOT - 1, -_DOT - 1, _DOT + 1, _DOT + 1))
        for curve in sorted(self._curves, key=lambda curve: not curve.faint):
            self._draw_curve(painter, area, curve, low, high)
        painter.restore()
        self._draw_legend(painter, area)
        if not any(curve.points for curve in self._curves):
            painter.setPen(QColor(colours.muted))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, tr("Nothing yet"))
        painter.end()

    def _area(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_LEFT, _TOP, -_RIGHT, -_BOTTOM)

    def _range(self) -> tuple[float, float]:
        """Return the smallest and the largest value, without outliers among single steps."""
        values: list[float] = []
        for curve in self._curves:
            column = sorted(value for _, value in curve.points)
            spare = len(column) // 50 if curve.faint else 0
            values += column[spare : len(column) - spare]
        if not values:
            return 0.0, 1.0
        low, high = min(values), max(values)
        margin = 0.08 * (high - low) or 0.1 * abs(high) or 0.5
        return low - margin, high + margin

    def _draw_grid(self, painter: QPainter, area: QRectF, low: float, high: float) -> None:
        colours = self._theme.colours
        metrics = painter.fontMetrics()
        for value in ticks(low, high):
            y = area.bottom() - area.height() * (value - low) / (high - low)
            painter.setPen(QPen(QColor(colours.line), 1))
            painter.drawLine(QPointF(area.left(), round(y) + 0.5), QPointF(area.right(), round(y) + 0.5))
            painter.setPen(QColor(colours.muted))
            text = fill("{value:g}", value=value)
            place = QPointF(area.left() - 6 - metrics.horizontalAdvance(text), y + metrics.ascent() / 2 - 1)
            painter.drawText(place, text)
        baseline = area.bottom() + 18
        painter.drawText(
            QPointF(area.left() - 6 - metrics.horizontalAdvance(tr("epoch")), baseline), tr("epoch")
        )
        for epoch in range(0, int(self._epochs) + 1, max(1, round(self._epochs / 8))):
            x = area.left() + area.width() * epoch / self._epochs
            wide = metrics.horizontalAdvance(str(epoch))
            painter.drawText(QPointF(min(x - wide / 2, self.width() - wide), baseline), str(epoch))

    def _draw_curve(self, painter: QPainter, area: QRectF, curve: Curve, low: float, high: float) -> None:
        if not curve.points:
            return
        colour = self._colour(curve)
        places = [
            QPointF(
                area.left() + area.width() * epoch / self._epochs,
                area.bottom() - area.height() * (value - low) / (high - low),
            )
            for epoch, value in _thinned(curve.points, int(area.width()))
        ]
        path = QPainterPath(places[0])
        for place in places[1:]:
            path.lineTo(place)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, 1.0 if curve.faint else 2.0))
        painter.drawPath(path)
        if not curve.faint:
            painter.setBrush(colour)
            painter.setPen(Qt.PenStyle.NoPen)
            for place in places if len(places) < 60 else places[-1:]:
                painter.drawEllipse(place, _DOT, _DOT)

    def _draw_legend(self, painter: QPainter, area: QRectF) -> None:
        metrics = painter.fontMetrics()
        x = area.right()
        for curve in reversed([curve for curve in self._curves if curve.name and curve.points]):
            epoch, value = self._point(curve)
            text = fill("{name} {value:.4g}", name=curve.name, value=value) + (
                fill(" ({epoch:.3g})", epoch=epoch) if self._cursor is not None else ""
            )
            x -= metrics.horizontalAdvance(text)
            painter.setPen(QColor(self._theme.colours.text))
            painter.drawText(QPointF(x, 18), text)
            painter.setBrush(self._colour(curve))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(QPointF(x - 9, 18 - metrics.ascent() / 2 + 1), 4, 4)
            x -= 30

    def _point(self, curve: Curve) -> Point:
        if self._cursor is None:
            return curve.points[-1]
        cursor = self._cursor
        return min(curve.points, key=lambda point: abs(point[0] - cursor))

    def _colour(self, curve: Curve) -> QColor:
        colour = QColor(_SECOND[self._theme.dark] if curve.second else self._theme.colours.accent)
        if curve.faint:
            colour.setAlphaF(0.35)
        return colour


def _thinned(points: Sequence[Point], count: int) -> list[Point]:
    """Return about `count` points at most: the mean of each group of neighbours."""
    group = -(-len(points) // max(count, 1))
    if group <= 1:
        return list(points)
    groups = [points[start : start + group] for start in range(0, len(points), group)]
    return [
        (sum(epoch for epoch, _ in part) / len(part), sum(value for _, value in part) / len(part))
        for part in groups
    ]
