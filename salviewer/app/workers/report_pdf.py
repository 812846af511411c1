"""The report as a PDF of one A4 page, laid out like `results.report_page`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPageSize, QPainter, QPdfWriter, QPen

from salviewer.errors import ExportError
from salviewer.results.report import HOW_TO_READ, LIMITS, Report, ReportTable

WIDTH, HEIGHT = 595.0, 842.0  # A4 in points, the unit of all that follows
_SIDE, _TOP, _BOTTOM = 40.0, 36.0, 34.0
_INK, _MUTED = QColor("#1c2127"), QColor("#5a6370")
_LINE, _FAINT = QColor("#9aa2ad"), QColor("#dfe3e8")
_DOTS = 300  # an inch
_WRAPPED = int(Qt.TextFlag.TextWordWrap.value)
_LONGEST_WORD = 16  # letters; a longer one may be broken
_FAMILIES = ["Inter", "Segoe UI", "Helvetica Neue", "Arial", "DejaVu Sans"]


def report_pdf(report: Report) -> bytes:
    """The PDF file. May be called in any thread once there is an application.

    Raises:
        ExportError: Qt could not make it.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setCreator("salviewer")
    writer.setTitle(f"{report.title} – attention report")
    writer.setResolution(_DOTS)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    painter = QPainter()
    if not painter.begin(writer):
        raise ExportError(report.title, "its report cannot be set as PDF")
    painter.scale(_DOTS / 72, _DOTS / 72)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    _Page(painter).draw(report)
    painter.end()
    buffer.close()
    return bytes(buffer.data().data())


class _Page:
    """Sets one page from top to bottom."""

    def __init__(self, painter: QPainter) -> None:
        self._painter = painter

    def draw(self, report: Report) -> None:
        """Everything; the tables give way to the footer when there is not enough room."""
        foot = self._footer(report)
        y = self._header(report)
        y = self._hero(report, y + 17)
        y = self._strip(report, y + 17)
        self._tables(report.tables, y + 20, foot - 12)

    def _header(self, report: Report) -> float:
        right = QRectF(WIDTH - _SIDE - 190, _TOP, 190, 30)
        left = QRectF(_SIDE, _TOP - 4, WIDTH - 2 * _SIDE - 200, 44)
        aside = self._text(
            right, f"Attention report\n{report.facts}", 8.5, _MUTED, Qt.AlignmentFlag.AlignRight
        )
        title = self._text(left, _breakable(report.title), 16, bold=True)
        y = max(left.top() + title, right.top() + aside) + 6
        self._rule(y, _INK, 1.2)
        return y

    def _hero(self, report: Report, y: float) -> float:
        room = WIDTH - 2 * _SIDE
        width, height = _fitted(report.main, 0.66 * room, 285)
        self._picture(report.main, QRectF(_SIDE, y, width, height))
        bar = QRectF(_SIDE, y + height + 7, width, 6)
        self._picture(report.bar, bar)
        low, high = report.bar_ends
        ends = QRectF(_SIDE, bar.bottom() + 2, width, 14)
        self._text(ends, low, 8, _MUTED)
        below = ends.top() + self._text(ends, high, 8, _MUTED, Qt.AlignmentFlag.AlignRight)
        left = _SIDE + width + 20
        column = QRectF(left, y, WIDTH - _SIDE - left, 400)
        at = y + self._text(column, report.headline, 13, bold=True) + 14
        for name, words in report.settings:
            at += self._text(QRectF(left, at, column.width(), 30), name, 8, _MUTED)
            at += self._text(QRectF(left, at, column.width(), 40), words, 9) + 5
        return max(below, at)

    def _strip(self, report: Report, y: float) -> float:
        left, lowest = _SIDE, y
        each = (WIDTH - 2 * _SIDE - 14 * (len(report.small) - 1)) / len(report.small)
        for caption, pixels in report.small:
            width, height = _fitted(pixels, each, 113)
            self._picture(pixels, QRectF(left, y, width, height))
            words = QRectF(left, y + height + 3, max(width, 80), 24)
            lowest = max(lowest, words.top() + self._text(words, caption, 8, _MUTED))
            left += max(width, 80) + 14
        return lowest

    def _tables(self, tables: tuple[ReportTable, ...], y: float, lowest: float) -> None:
        gap, parts = 26.0, [1.5 if len(table.columns) > 4 else 1.0 for table in tables]
        room = WIDTH - 2 * _SIDE - gap * (len(tables) - 1)
        left = _SIDE
        for table, part in zip(tables, parts, strict=True):
            width = room * part / sum(parts) if len(tables) > 1 else room * 0.6
            self._table(table, QRectF(left, y, width, lowest - y))
            left += width + gap

    def _table(self, table: ReportTable, place: QRectF) -> None:
        y = place.top() + self._text(place, table.title, 9, bold=True) + 4
        others = len(table.columns) - 1
        cell = min(50.0, 0.66 * place.width() / max(others, 1))
        first = place.width() - cell * others
        line = high = self._measure("x", 8.5, first)
        for number, row in enumerate((table.columns, *table.rows)):
            name = _breakable(row[0])
            high = 13.5 - line + self._measure(name, 8.5, first - 6)
            if y + high > place.bottom():
                break
            colour = _MUTED if number == 0 else _INK
            self._text(QRectF(place.left(), y + 2, first - 6, high), name, 8.5, colour)
            for column, word in enumerate(row[1:]):
                wide = cell + 16 if column == 0 else cell  # the first number may reach under the name
                at = QRectF(place.left() + first + (column + 1) * cell - wide, y + 2, wide, high)
                self._text(at, word, 8.5, colour, Qt.AlignmentFlag.AlignRight, most=1)
            y += high
            self._rule(y, _LINE if number == 0 else _FAINT, 0.5, place.left(), place.right())
        if table.more and y + high <= place.bottom():
            self._text(QRectF(place.left(), y + 2, place.width(), high), table.more, 8, _MUTED)

    def _footer(self, report: Report) -> float:
        """Sets it on the page's foot; returns where it begins."""
        notes = (("How to read this.", HOW_TO_READ), ("Limits.", LIMITS), ("Model.", report.model))
        width = WIDTH - 2 * _SIDE
        texts = [f"{head} {words}" for head, words in notes if words]
        heights = [self._measure(text, 7.5, width) for text in texts]
        y = HEIGHT - _BOTTOM - sum(heights) - 3 * (len(texts) - 1)
        top = y - 8
        self._rule(top, _LINE, 0.5)
        for text, height in zip(texts, heights, strict=True):
            self._text(QRectF(_SIDE, y, width, height + 2), text, 7.5, _MUTED)
            y += height + 3
        return top

    def _rule(self, y: float, colour: QColor, width: float, left: float = _SIDE, right: float = 0) -> None:
        self._painter.setPen(QPen(colour, width))
        self._painter.drawLine(QPointF(left, y), QPointF(right or WIDTH - _SIDE, y))

    def _picture(self, pixels: NDArray[np.uint8], place: QRectF) -> None:
        height, width = pixels.shape[:2]
        rows = np.ascontiguousarray(pixels)
        image = QImage(rows.data, width, height, 3 * width, QImage.Format.Format_RGB888)
        self._painter.drawImage(place, image.copy())

    def _measure(self, text: str, size: float, width: float) -> float:
        metrics = QFontMetricsF(_font(size, False), self._painter.device())
        return float(metrics.boundingRect(QRectF(0, 0, width, 1e4), _WRAPPED, text).height())

    def _text(
        self,
        place: QRectF,
        text: str,
        size: float,
        colour: QColor = _INK,
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


def _breakable(name: str) -> str:
    """Let words that are too long for a line be broken, with spaces of no width."""
    words = name.split(" ")
    return " ".join(word if len(word) <= _LONGEST_WORD else "\u200b".join(word) for word in words)


def _font(size: float, bold: bool) -> QFont:
    font = QFont(_FAMILIES)
    font.setPointSizeF(size * 72 / _DOTS)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return font


def _fitted(pixels: NDArray[np.uint8], width: float, height: float) -> tuple[float, float]:
    scale = min(width / pixels.shape[1], height / pixels.shape[0])
    return pixels.shape[1] * scale, pixels.shape[0] * scale
