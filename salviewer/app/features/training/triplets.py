"""Show rows of pictures side by side: stimulus, ground truth and prediction."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from salviewer.app.shell.theme import Theme
from salviewer.app.translation import tr
from salviewer.first_use import cmap

_GAP, _BAND = 6, 22
_LEAST = 60
"""Least height of a row in pixels; rows that do not fit scroll."""


def image_of(pixels: NDArray[np.uint8]) -> QImage:
    """Return RGB uint8 (h, w, 3) as an image with its own memory; may be called in any thread."""
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def coloured(density: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a map, uint8 (h, w), in the colours of a run's sheets."""
    table = (np.asarray(cmap.Colormap("inferno")(np.linspace(0, 1, 256)))[:, :3] * 255).astype(np.uint8)
    return table[density]


def scrolled(widget: QWidget) -> QScrollArea:
    """Wrap a widget so that it scrolls down if it needs more height."""
    area = QScrollArea()
    area.setWidget(widget)
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area


class Triplets(QWidget):
    """Columns with headings; each row's pictures are scaled to fit, never stretched.

    Args:
        headings: of the columns.
    """

    def __init__(self, headings: Sequence[str], theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._headings = tuple(headings)
        self._theme = theme
        self._rows: tuple[tuple[QImage, ...], ...] = ()
        theme.changed.connect(self.update)
        self.setAccessibleName(", ".join(headings))

    def set_headings(self, headings: Sequence[str]) -> None:
        """Show these headings, one per column."""
        if tuple(headings) != self._headings:
            self._headings = tuple(headings)
            self.setAccessibleName(", ".join(headings))
            self.update()

    @property
    def headings(self) -> tuple[str, ...]:
        """Return the headings of the columns."""
        return self._headings

    def set_rows(self, rows: Sequence[tuple[QImage, ...]]) -> None:
        """Show these rows, one image per column."""
        self._rows = tuple(rows)
        self.setMinimumHeight(_BAND + len(self._rows) * _LEAST)
        self.update()

    @property
    def rows(self) -> tuple[tuple[QImage, ...], ...]:
        """Return the rows that are shown."""
        return self._rows

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a size at which pictures are recognisable."""
        return QSize(330, 360)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return a small size."""
        return QSize(180, 120)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the headings, then the rows."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(QColor(self._theme.colours.muted))
        if not self._rows:
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, tr("No samples yet"))
            painter.end()
            return
        columns, rows = len(self._headings), len(self._rows)
        across = (self.width() - _GAP * (columns - 1)) / columns
        down = (self.height() - _BAND - _GAP * (rows - 1)) / rows
        widest = max(image.width() / image.height() for row in self._rows for image in row)
        across, down = min(across, down * widest), min(down, across / widest)
        for column, heading in enumerate(self._headings):
            band = QRectF(column * (across + _GAP), 0, across, _BAND - 4)
            text = painter.fontMetrics().elidedText(heading, Qt.TextElideMode.ElideRight, int(across))
            painter.drawText(band, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        seen = QRectF(event.rect())
        for number, row in enumerate(self._rows):
            for column, image in enumerate(row):
                room = QRectF(column * (across + _GAP), _BAND + number * (down + _GAP), across, down)
                if not room.intersects(seen):  # of thousands, a few are in view
                    continue
                size = image.size().toSizeF().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
                painter.drawImage(QRectF(room.topLeft(), size), image)
        painter.end()
