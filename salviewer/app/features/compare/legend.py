"""The colour bar of a signed difference."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from salviewer.app.translation import fill, tr
from salviewer.core.compare import difference_colours
from salviewer.core.lookup_tables import STEPS, alphas

_BAR, _SIDE = 12, 7


class DifferenceLegend(QWidget):
    """Shows blue for more in A, red for more in B, with the peak of both in multiples of the average."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # axes run to the right in every language
        self.setObjectName("differenceLegend")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._peak: float | None = None
        self._colours = QImage()
        self._fade = 0.5
        self.set_peak(None)

    def set_fade(self, fade: float) -> None:
        """Set the share of the peak at which colours become opaque, 0..1, as in the heatmap's style."""
        if fade == self._fade:
            return
        self._fade = fade
        self._colours = QImage()
        self.update()

    def _dye(self) -> QImage:
        """Return the bar, computed when it is first painted with these colours."""
        if not self._colours.isNull():
            return self._colours
        rgba = np.ones((STEPS, 4))
        rgba[:, :3] = difference_colours()
        rgba[:, 3] = alphas(np.abs(np.linspace(-1, 1, STEPS)), 1.0, self._fade or 1 / STEPS, 0)
        row = np.rint(rgba[:: STEPS // 512] * 255).astype(np.uint8)[None].copy()
        image = QImage(row.data, row.shape[1], 1, 4 * row.shape[1], QImage.Format.Format_RGBA8888)
        self._colours = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
        return self._colours

    def set_peak(self, peak: float | None) -> None:
        """Set the difference shown in full colour; None if there is none."""
        self._peak = peak
        self.setEnabled(peak is not None)
        words = tr("Colours of the difference")
        if peak is not None:
            words = tr("From -{peak:.3g} to +{peak:.3g} times the average attention, B minus A", peak=peak)
        self.setAccessibleName(words)
        self.setToolTip(tr("B minus A, times the average attention: blue where A has more, red where B has"))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a comfortable width and the height of bar and ticks."""
        return QSize(220, _BAR + 6 + self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the least width and the height of bar and ticks."""
        return QSize(120, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the bar and its ticks."""
        painter = QPainter(self)
        colour = self.palette().color
        bar = QRectF(_SIDE, 1, self.width() - 2 * _SIDE, _BAR)
        painter.fillRect(bar, QColor("#9a9a9a") if self.isEnabled() else colour(QPalette.ColorRole.Base))
        if self.isEnabled():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            colours = self._dye()
            painter.drawImage(bar, colours, QRectF(colours.rect()))
        painter.setPen(QPen(colour(QPalette.ColorRole.Mid), 1))
        painter.drawRect(bar.adjusted(-0.5, -0.5, 0.5, 0.5))
        painter.setPen(colour(QPalette.ColorRole.WindowText))
        if self._peak is not None:
            self._paint_ticks(painter, bar, self._peak)
        painter.end()

    def _paint_ticks(self, painter: QPainter, bar: QRectF, peak: float) -> None:
        for place, text in (
            (0.0, fill("−{peak:.3g}×", peak=peak)),
            (0.5, fill("{zero}", zero=0)),
            (1.0, fill("+{peak:.3g}×", peak=peak)),
        ):
            wide = self.fontMetrics().horizontalAdvance(text)
            left = min(max(bar.left() + place * bar.width() - wide / 2, 1), self.width() - wide - 1)
            where = QRectF(left, bar.bottom() + 3, wide + 1, self.fontMetrics().height())
            painter.drawText(where, Qt.AlignmentFlag.AlignLeft, text)
