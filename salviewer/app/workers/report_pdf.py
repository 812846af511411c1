"""The report as a PDF of one A4 page, laid out like `results.report_page`."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt

from salviewer.app.workers.paper import (
    HEIGHT,
    INK,
    LINE,
    MUTED,
    SIDE,
    WIDTH,
    Paper,
    breakable,
    fitted,
    written,
)
from salviewer.results.report import HOW_TO_READ, LIMITS, Report, ReportTable

_TOP, _BOTTOM = 36.0, 34.0


def report_pdf(report: Report) -> bytes:
    """Return the PDF file. May be called in any thread once there is an application.

    Raises:
        ExportError: Qt could not create it.
    """
    return written(f"{report.title} – attention report", lambda painter, _writer: _Page(painter).draw(report))


class _Page(Paper):
    """Sets one page from top to bottom."""

    def draw(self, report: Report) -> None:
        """Draw the page; without enough space, the tables are shortened for the footer."""
        foot = self._footer(report)
        y = self._header(report)
        y = self._hero(report, y + 17)
        y = self._strip(report, y + 17)
        self._tables(report.tables, y + 20, foot - 12)

    def _header(self, report: Report) -> float:
        right = QRectF(WIDTH - SIDE - 190, _TOP, 190, 30)
        left = QRectF(SIDE, _TOP - 4, WIDTH - 2 * SIDE - 200, 44)
        aside = self.text(right, f"Attention report\n{report.facts}", 8.5, MUTED, Qt.AlignmentFlag.AlignRight)
        title = self.text(left, breakable(report.title), 16, bold=True)
        y = max(left.top() + title, right.top() + aside) + 6
        self.rule(y, INK, 1.2)
        return y

    def _hero(self, report: Report, y: float) -> float:
        room = WIDTH - 2 * SIDE
        width, height = fitted(report.main, 0.66 * room, 285)
        self.picture(report.main, QRectF(SIDE, y, width, height))
        bar = QRectF(SIDE, y + height + 7, width, 6)
        self.picture(report.bar, bar)
        low, high = report.bar_ends
        ends = QRectF(SIDE, bar.bottom() + 2, width, 14)
        self.text(ends, low, 8, MUTED)
        below = ends.top() + self.text(ends, high, 8, MUTED, Qt.AlignmentFlag.AlignRight)
        left = SIDE + width + 20
        column = QRectF(left, y, WIDTH - SIDE - left, 400)
        at = y + self.text(column, report.headline, 13, bold=True) + 14
        for name, words in report.settings:
            at += self.text(QRectF(left, at, column.width(), 30), name, 8, MUTED)
            at += self.text(QRectF(left, at, column.width(), 40), words, 9) + 5
        return max(below, at)

    def _strip(self, report: Report, y: float) -> float:
        left, lowest = SIDE, y
        each = (WIDTH - 2 * SIDE - 14 * (len(report.small) - 1)) / len(report.small)
        for caption, pixels in report.small:
            width, height = fitted(pixels, each, 113)
            self.picture(pixels, QRectF(left, y, width, height))
            words = QRectF(left, y + height + 3, max(width, 80), 24)
            lowest = max(lowest, words.top() + self.text(words, caption, 8, MUTED))
            left += max(width, 80) + 14
        return lowest

    def _tables(self, tables: tuple[ReportTable, ...], y: float, lowest: float) -> None:
        gap, parts = 26.0, [1.5 if len(table.columns) > 4 else 1.0 for table in tables]
        room = WIDTH - 2 * SIDE - gap * (len(tables) - 1)
        left = SIDE
        for table, part in zip(tables, parts, strict=True):
            width = room * part / sum(parts) if len(tables) > 1 else room * 0.6
            self.table(table, QRectF(left, y, width, lowest - y))
            left += width + gap

    def _footer(self, report: Report) -> float:
        """Set the footer at the bottom of the page; return where it begins."""
        notes = (("How to read this.", HOW_TO_READ), ("Limits.", LIMITS), ("Model.", report.model))
        width = WIDTH - 2 * SIDE
        texts = [f"{head} {words}" for head, words in notes if words]
        heights = [self.measure(text, 7.5, width) for text in texts]
        y = HEIGHT - _BOTTOM - sum(heights) - 3 * (len(texts) - 1)
        top = y - 8
        self.rule(top, LINE, 0.5)
        for text, height in zip(texts, heights, strict=True):
            self.text(QRectF(SIDE, y, width, height + 2), text, 7.5, MUTED)
            y += height + 3
        return top
