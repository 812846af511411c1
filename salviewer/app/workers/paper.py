"""A sheet of A4 to set text, pictures and tables on, for reports as PDF."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPageSize, QPainter, QPdfWriter, QPen

from salviewer.errors import ExportError
from salviewer.results.report import ReportTable

WIDTH, HEIGHT = 595.0, 842.0  # A4 in points, the unit of all that follows
SIDE = 40.0
INK, MUTED = QColor("#1c2127"), QColor("#5a6370")
LINE, FAINT = QColor("#9aa2ad"), QColor("#dfe3e8")
_DOTS = 300  # an inch
_WRAPPED = int(Qt.TextFlag.TextWordWrap.value)
_LONGEST_WORD = 16  # letters; a longer one may be broken
_FAMILIES = ["Inter", "Segoe UI", "Helvetica Neue", "Arial", "DejaVu Sans"]


def written(title: str, draw: Callable[[QPainter, QPdfWriter], None]) -> bytes:
    """Make a PDF file whose unit is the point. May be called in any thread once there is an application.

    Args:
        title: of the document.
        draw: draws the first page, and asks the writer for more.

    Raises:
        ExportError: Qt could not make it.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setCreator("salviewer")
    writer.setTitle(title)
    writer.setResolution(_DOTS)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    painter = QPainter()
    if not painter.begin(writer):
        raise ExportError(title, "its report cannot be set as PDF")
    painter.scale(_DOTS / 72, _DOTS / 72)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    draw(painter, writer)
    painter.end()
    buffer.close()
    return bytes(buffer.data().data())


class Paper:
    """Sets text, rules, pictures and tables with a painter whose unit is the point."""

    def __init__(self, painter: QPainter) -> None:
        self._painter = painter

    def table(self, table: ReportTable, place: QRectF, widest: float = 50.0) -> float:
        """Set a table, as many rows as fit.

        Args:
            table: what.
            place: where; its foot is not passed.
            widest: a column of numbers is at most that wide.

        Returns:
            where it ends.
        """
        y = place.top() + self.text(place, table.title, 9, bold=True) + 4
        cell, first = _columns(table, place, widest)
        high = 0.0
        for number, row in enumerate((table.columns, *table.rows)):
            name = breakable(row[0])
            high = self._row(row, first)
            if y + high > place.bottom():
                break
            colour = MUTED if number == 0 else INK
            self.text(QRectF(place.left(), y + 2, first - 6, high), name, 8.5, colour)
            for column, word in enumerate(row[1:]):
                wide = cell + 16 if column == 0 else cell  # the first number may reach under the name
                at = QRectF(place.left() + first + (column + 1) * cell - wide, y + 2, wide, high)
                self.text(at, word, 8.5, colour, Qt.AlignmentFlag.AlignRight, most=1)
            y += high
            self.rule(y, LINE if number == 0 else FAINT, 0.5, place.left(), place.right())
        if table.more and y + high <= place.bottom():
            self.text(QRectF(place.left(), y + 2, place.width(), high), table.more, 8, MUTED)
        return y

    def rows_that_fit(self, table: ReportTable, place: QRectF, widest: float = 50.0) -> int:
        """Return how many rows `table` would set, without its columns' names."""
        _, first = _columns(table, place, widest)
        y = place.top() + self.measure(table.title, 9, place.width(), bold=True) + 4
        for count, row in enumerate((table.columns, *table.rows)):
            y += self._row(row, first)
            if y > place.bottom():
                return max(0, count - 1)
        return len(table.rows)

    def _row(self, row: tuple[str, ...], first: float) -> float:
        return 13.5 - self.measure("x", 8.5, first) + self.measure(breakable(row[0]), 8.5, first - 6)

    def rule(self, y: float, colour: QColor, width: float, left: float = SIDE, right: float = 0) -> None:
        """Draw a line across the sheet, or from `left` to `right`."""
        self._painter.setPen(QPen(colour, width))
        self._painter.drawLine(QPointF(left, y), QPointF(right or WIDTH - SIDE, y))

    def picture(self, pixels: NDArray[np.uint8], place: QRectF) -> None:
        """Draw uint8 (H, W, 3) into a place."""
        height, width = pixels.shape[:2]
        rows = np.ascontiguousarray(pixels)
        image = QImage(rows.data, width, height, 3 * width, QImage.Format.Format_RGB888)
        self._painter.drawImage(place, image.copy())

    def measure(self, text: str, size: float, width: float, *, bold: bool = False) -> float:
        """Return the height of a text that is wrapped at a width."""
        metrics = QFontMetricsF(_font(size, bold), self._painter.device())
        return float(metrics.boundingRect(QRectF(0, 0, width, 1e4), _WRAPPED, text).height())

    def text(
        self,
        place: QRectF,
        text: str,
        size: float,
        colour: QColor = INK,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        *,
        bold: bool = False,
        most: int = 0,
    ) -> float:
        """Set text at the top of a place, wrapped; with `most` lines, shortened to fit.

        Returns:
            its height.
        """
        font = _font(size, bold)
        if most:
            metrics = QFontMetricsF(font, self._painter.device())
            text = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, place.width() * (most - 0.04))
        lines = int(Qt.TextFlag.TextSingleLine.value) if most == 1 else _WRAPPED
        self._painter.setFont(font)
        self._painter.setPen(colour)
        return float(self._painter.drawText(place, lines | int(align.value), text).height())


def _columns(table: ReportTable, place: QRectF, widest: float) -> tuple[float, float]:
    """Return the width of a column of numbers, and that of the first column."""
    others = len(table.columns) - 1
    cell = min(widest, 0.66 * place.width() / max(others, 1))
    return cell, place.width() - cell * others


def breakable(name: str) -> str:
    """Let words that are too long for a line be broken, with spaces of no width."""
    words = name.split(" ")
    return " ".join(word if len(word) <= _LONGEST_WORD else "\u200b".join(word) for word in words)


def _font(size: float, bold: bool) -> QFont:
    font = QFont(_FAMILIES)
    font.setPointSizeF(size * 72 / _DOTS)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return font


def fitted(pixels: NDArray[np.uint8], width: float, height: float) -> tuple[float, float]:
    """Return width and height of a picture that fills a place."""
    scale = min(width / pixels.shape[1], height / pixels.shape[0])
    return pixels.shape[1] * scale, pixels.shape[0] * scale
