"""The report as a PDF of A4 pages, laid out like `results.report_page`: one, unless the tables are long."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPdfWriter

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
from salviewer.texts import mark, said, worded

_TOP, _BOTTOM = 36.0, 34.0
_CONTINUED = mark(", continued")


def report_pdf(report: Report) -> bytes:
    """Return the PDF file. May be called in any thread once there is an application.

    Raises:
        ExportError: Qt could not create it.
    """
    return written(
        worded("{title} – attention report", title=report.title),
        lambda painter, writer: _Page(painter).draw(report, writer),
    )


def continued(title: str) -> str:
    """Return a table's title on the pages after the first."""
    ending = worded(_CONTINUED)
    return title if title.endswith(ending) else title + ending


class _Page(Paper):
    """Sets one page from top to bottom."""

    def draw(self, report: Report, writer: QPdfWriter) -> None:
        """Draw the page; rows of the tables that find no place above the footer go on the next pages."""
        foot = self._footer(report)
        y = self._header(report)
        y = self._hero(report, y + 17)
        y = self._strip(report, y + 17)
        left = self._tables(report.tables, y + 20, foot - 12)
        while left:
            writer.newPage()
            at = self.text(
                QRectF(SIDE, _TOP - 4, WIDTH - 2 * SIDE, 44), breakable(report.title), 12, bold=True
            )
            self.rule(_TOP + at + 2, INK, 1.2)
            before, left = left, self._tables(left, _TOP + at + 16, HEIGHT - _BOTTOM)
            if left == before:  # a row that is higher than a page
                return

    def _header(self, report: Report) -> float:
        right = QRectF(WIDTH - SIDE - 190, _TOP, 190, 30)
        left = QRectF(SIDE, _TOP - 4, WIDTH - 2 * SIDE - 200, 44)
        aside = self.text(
            right, f"{worded('Attention report')}\n{report.facts}", 8.5, MUTED, Qt.AlignmentFlag.AlignRight
        )
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

    def _tables(self, tables: tuple[ReportTable, ...], y: float, lowest: float) -> tuple[ReportTable, ...]:
        """Set tables side by side; return what found no place, to be set on another page."""
        rest: list[ReportTable] = []
        gap, parts = 26.0, [1.5 if len(table.columns) > 4 else 1.0 for table in tables]
        room = WIDTH - 2 * SIDE - gap * (len(tables) - 1)
        left = SIDE
        for table, part in zip(tables, parts, strict=True):
            width = room * part / sum(parts) if len(tables) > 1 else room * 0.6
            place = QRectF(left, y, width, lowest - y)
            fit = self.rows_that_fit(table, place)
            if fit < len(table.rows):
                title = continued(table.title) if fit else table.title
                rest.append(replace(table, title=title, rows=table.rows[fit:]))
                table = replace(table, rows=table.rows[:fit], more="")
            if table.rows or not rest:
                self.table(table, place)
            left += width + gap
        return tuple(rest)

    def _footer(self, report: Report) -> float:
        """Set the footer at the bottom of the page; return where it begins."""
        notes = (
            (worded("How to read this."), worded(HOW_TO_READ)),
            (worded("Limits."), worded(LIMITS)),
            (worded("Model."), said(report.model)),
        )
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
