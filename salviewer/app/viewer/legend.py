"""The colour bar with its scale, the map's histogram above it, and the threshold as a line through both."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QWidget

from salviewer.app.translation import fill, tr
from salviewer.core.lookup_tables import STEPS
from salviewer.core.map_statistics import MapStatistics
from salviewer.core.postprocess import PostprocessSettings
from salviewer.core.render import OverlayStyle
from salviewer.core.views import VIEWS, View

UNITS = 1000
"""Number of the line's places; the last is the value 1."""
_BINS = 64
_HISTOGRAM, _GAP, _BAR = 52, 4, 12  # heights in logical pixels
_SIDE = 7  # space for the line's handle at both ends
_TOP = 8  # space above, in logical pixels


class Legend(QAbstractSlider):
    """A slider along the values of the map on screen: dragged, or moved by arrow keys.

    Its value is the place of the threshold's line, in `UNITS` of the field.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # axes run to the right in every language
        self.setObjectName("legend")
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setRange(0, UNITS)
        self.setSingleStep(UNITS // 100)
        self.setPageStep(UNITS // 10)
        self.setAccessibleName(tr("Threshold on the histogram"))
        self.setToolTip(
            tr(
                "How much of the picture has each value (logarithmic), above the colour bar. Drag the "
                "line, or move it with the arrow keys, to hide what is colder"
            )
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._measured: MapStatistics | None = None
        self._heights = np.zeros(_BINS)
        self._skyline = QPainterPath()
        self._colours = QImage()
        self._view: View = "overlay"
        self._style = OverlayStyle()
        self._dyed: tuple[object, ...] = ()
        self._ticks = _relative()
        self._plain = False
        self.setEnabled(False)

    def set_style(self, style: OverlayStyle) -> None:
        """Set the colours, shown at full opacity."""
        self._style = style
        self.update()

    def set_plain(self, plain: bool) -> None:
        """Show the colour bar between "less" and "more" alone, or with histogram and numbers."""
        self._plain = plain
        self.updateGeometry()
        self.update()

    def set_view(self, view: View) -> None:
        """Set the view, which decides the colours."""
        self._view = view
        self.update()

    def _dye(self) -> None:
        """Compute the colour bar if it has changed since it was painted."""
        style, view = self._style, self._view
        wanted = view, style.colormap, style.gamma, style.fade
        if wanted == self._dyed:
            return
        self._dyed = wanted
        rgba = VIEWS[view].scale(style)
        row = np.rint(rgba[:: STEPS // 512] * 255).astype(np.uint8)[None].copy()
        image = QImage(row.data, row.shape[1], 1, 4 * row.shape[1], QImage.Format.Format_RGBA8888)
        self._colours = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)

    def set_measured(self, measured: MapStatistics | None, settings: PostprocessSettings) -> None:
        """Set the map; None for none."""
        before, self._measured = self._measured, measured
        self.setEnabled(measured is not None)
        if measured is None:
            self._heights = np.zeros(_BINS)
            self._build_skyline()
        else:
            if before is None or measured.field is not before.field:
                counts = np.log1p(measured.histogram(_BINS))
                self._heights = counts / counts.max()
                self._build_skyline()
            self._stand(measured)
        fixed = settings.normalise == "fixed"
        self._ticks = (
            (
                fill("{zero}", zero=0),
                fill("{peak:.3g}×", peak=settings.fixed_peak / 2),
                fill("{peak:.4g}×", peak=settings.fixed_peak),
            )
            if fixed
            else _relative()
        )
        self.update()

    def _stand(self, measured: MapStatistics) -> None:
        """Move the line to the threshold, unless it is between the same two cells' values."""
        if self.isSliderDown():
            return
        level = min(measured.level, 1.0)
        put = self.value() / UNITS
        if level == 0 or measured.hidden_share(put) != measured.hidden_share(measured.level):
            with QSignalBlocker(self):
                self.setValue(round(level * UNITS))

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a wide size."""
        return QSize(220, self._bar_top + _BAR + 3 + self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the full height."""
        return QSize(120, self.sizeHint().height())

    @property
    def _bar_top(self) -> int:
        return _TOP + (_GAP if self._plain else _HISTOGRAM + _GAP)

    def line(self) -> QPointF:
        """Return the place of the line's handle."""
        return QPointF(self._x(self.value() / UNITS), _TOP - 2.0)

    def _x(self, value: float) -> float:
        return _SIDE + value * (self.width() - 2 * _SIDE)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Move the line to the cursor and follow it."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Drag the line."""
        if self.isSliderDown():
            room = max(self.width() - 2 * _SIDE, 1)
            self.setValue(round((event.position().x() - _SIDE) / room * UNITS))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Release the line."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Leave the wheel to the panel's scrolling."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint histogram, bar, ticks and line."""
        painter = QPainter(self)
        colour = self.palette().color
        if not self._plain:
            self._paint_histogram(painter, colour(QPalette.ColorRole.Text), colour(QPalette.ColorRole.Mid))
        bar = QRectF(_SIDE, self._bar_top, self.width() - 2 * _SIDE, _BAR)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(bar, colour(QPalette.ColorRole.Base))
        if self.isEnabled():
            self._dye()
            hidden = self.value() / UNITS
            shown = bar.adjusted(bar.width() * hidden, 0, 0, 0)
            if VIEWS[self._view].hides_cold:  # a hidden place has the coldest colour
                painter.fillRect(QRectF(bar.topLeft(), shown.bottomLeft()), self._colours.pixelColor(0, 0))
            wide = self._colours.width()
            painter.drawImage(shown, self._colours, QRectF(wide * hidden, 0, wide * (1 - hidden), 1))
        painter.setPen(QPen(colour(QPalette.ColorRole.Mid), 1))
        painter.drawRect(bar.adjusted(-0.5, -0.5, 0.5, 0.5))
        painter.setPen(colour(QPalette.ColorRole.PlaceholderText if not self.isEnabled() else _MUTED))
        self._paint_ticks(painter, bar.bottom() + 3)
        if self.isEnabled() and (not self._plain or self.value() or self.hasFocus()):
            self._paint_line(painter, bar.bottom(), colour(QPalette.ColorRole.Highlight))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Rebuild the histogram at the bar's width."""
        self._build_skyline()

    def _build_skyline(self) -> None:
        """Build the histogram's outline."""
        foot = float(_TOP + _HISTOGRAM)
        corners = [QPointF(self._x(0), foot)]
        for index, top in enumerate((foot - self._heights * _HISTOGRAM).tolist()):
            corners += (QPointF(self._x(index / _BINS), top), QPointF(self._x((index + 1) / _BINS), top))
        self._skyline = QPainterPath()
        self._skyline.addPolygon(QPolygonF([*corners, QPointF(self._x(1), foot)]))
        self._skyline.closeSubpath()

    def _paint_histogram(self, painter: QPainter, shown: QColor, hidden: QColor) -> None:
        level, foot = self._x(self.value() / UNITS), float(_TOP + _HISTOGRAM)
        shown.setAlphaF(0.55)
        for left, right, colour in ((0.0, level, hidden), (level, float(self.width()), shown)):
            painter.setClipRect(QRectF(left, 0, right - left, foot))
            painter.fillPath(self._skyline, colour)
        painter.setClipping(False)
        painter.fillRect(QRectF(_SIDE, foot, self.width() - 2 * _SIDE, 1), hidden)

    def _paint_ticks(self, painter: QPainter, top: float) -> None:
        height = self.fontMetrics().height()
        if self._plain:
            row = QRectF(_SIDE, top, self.width() - 2 * _SIDE, height)
            painter.drawText(row, Qt.AlignmentFlag.AlignLeft, tr("less attention"))
            painter.drawText(row, Qt.AlignmentFlag.AlignRight, tr("more"))
            return
        for value, text in zip((0.0, 0.5, 1.0), self._ticks, strict=True):
            wide = self.fontMetrics().horizontalAdvance(text)
            left = min(max(self._x(value) - wide / 2, 1), self.width() - wide - 1)
            painter.drawText(QRectF(left, top, wide + 1, height), Qt.AlignmentFlag.AlignLeft, text)

    def _paint_line(self, painter: QPainter, bottom: float, colour: QColor) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        handle = self.line()
        painter.setPen(QPen(colour, 2))
        painter.drawLine(handle, QPointF(handle.x(), bottom + 1))
        painter.setBrush(colour if self.hasFocus() else self.palette().color(QPalette.ColorRole.Base))
        painter.drawEllipse(handle, 5, 5)


_MUTED = QPalette.ColorRole.WindowText


def _relative() -> tuple[str, str, str]:
    """The values at the ends and the middle of the colour bar, where 1 is the hottest spot."""
    return fill("{low}", low=0), fill("{middle}", middle=0.5), fill("{high}", high=1)
