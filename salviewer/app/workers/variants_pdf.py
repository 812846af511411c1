"""A report on several pictures as PDF: cover, a page a picture, method and limits."""

from __future__ import annotations

import os
import sys

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPdfWriter

from salviewer.app.workers.paper import HEIGHT, INK, MUTED, SIDE, WIDTH, Paper, breakable, fitted, written
from salviewer.results.report import ReportTable
from salviewer.results.variants_report import VariantPage, VariantsReport
from salviewer.texts import worded

_TOP, _BOTTOM = 44.0, 44.0
_ROOM = WIDTH - 2 * SIDE
_RIGHT = Qt.AlignmentFlag.AlignRight


def variants_pdf(report: VariantsReport) -> bytes:
    """Make the PDF file. May be called in any thread once there is an application.

    Raises:
        ExportError: Qt could not make it.
    """
    return written(
        worded("{title} – attention report", title=report.title),
        lambda painter, writer: _Book(painter, writer, report).draw(),
    )


def offscreen_application() -> QCoreApplication:
    """Return the application, or make one that needs no display; hold on to it while PDFs are made."""
    there = QCoreApplication.instance()
    if there is not None:
        return there
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return QGuiApplication(sys.argv[:1])


class _Book(Paper):
    """Sets the pages one after another."""

    def __init__(self, painter: QPainter, writer: QPdfWriter, report: VariantsReport) -> None:
        super().__init__(painter)
        self._writer, self._report, self._number = writer, report, 1
        self._colour = QColor(report.colour)

    def draw(self) -> None:
        self._cover()
        for page in self._report.pages:
            self._page(page)
        self._last()

    def _turn(self) -> float:
        """Begin the next page; return where it starts."""
        self._writer.newPage()
        self._number += 1
        foot = QRectF(SIDE, HEIGHT - 30, _ROOM, 12)
        self.text(foot, self._report.title, 7.5, MUTED, most=1)
        self.text(foot, str(self._number), 7.5, MUTED, _RIGHT)
        return _TOP

    def _cover(self) -> None:
        report, y = self._report, _TOP
        if report.logo is not None:
            width, height = fitted(report.logo, 150, 52)
            self.picture(report.logo, QRectF(WIDTH - SIDE - width, y, width, height))
        y += self.text(
            QRectF(SIDE, y, _ROOM - 170, 200), breakable(report.title), 22, self._colour, bold=True
        )
        facts = [
            worded("for {client}", client=report.client) if report.client else "",
            worded("by {author}", author=report.author) if report.author else "",
            report.when,
        ]
        y += 3 + self.text(QRectF(SIDE, y + 3, _ROOM - 170, 60), "  ·  ".join(filter(None, facts)), 9, MUTED)
        y = max(y, _TOP + 54) + 8
        self.rule(y, self._colour, 1.4)
        y += 20
        y += self.text(QRectF(SIDE, y, _ROOM, 200), report.sentence, 15, bold=True) + 20
        y = self._gallery(report.cover, y)
        for table in report.tables:
            y = self._whole_table(table, y + 18)
        if report.notes:
            high = self.measure(report.notes, 9, _ROOM)
            y = self._room(y + 18, high)
            self.text(QRectF(SIDE, y, _ROOM, high + 4), report.notes, 9)

    def _gallery(self, pictures: tuple[tuple[str, NDArray[np.uint8]], ...], y: float) -> float:
        columns = min(len(pictures), 2 if len(pictures) in (2, 4) else 3)
        gap = 14.0
        each = (_ROOM - gap * (columns - 1)) / columns
        tall = 170.0 if columns < 3 else 130.0
        for start in range(0, len(pictures), columns):
            row = pictures[start : start + columns]
            sizes = [fitted(pixels, each, tall) for _, pixels in row]
            high = max(height for _, height in sizes)
            y = self._room(y, high + 26)
            for place, ((caption, pixels), (width, height)) in enumerate(zip(row, sizes, strict=True)):
                left = SIDE + place * (each + gap)
                self.picture(pixels, QRectF(left, y, width, height))
                self.text(QRectF(left, y + height + 3, each, 12), caption, 8.5, MUTED, most=1)
            y += high + 26
        return y

    def _page(self, page: VariantPage) -> None:
        y = self._turn()
        title = f"{page.name}  ·  {page.title}" if page.name else page.title
        y += self.text(QRectF(SIDE, y, _ROOM - 120, 60), breakable(title), 15, self._colour, bold=True)
        self.text(QRectF(SIDE, _TOP + 4, _ROOM, 14), page.facts, 8.5, MUTED, _RIGHT)
        self.rule(y + 5, self._colour, 1)
        y += 14
        y += self.text(QRectF(SIDE, y, _ROOM, 40), page.headline, 10.5, bold=True) + 8
        width, height = fitted(page.main, _ROOM, 340)
        self.picture(page.main, QRectF(SIDE, y, width, height))
        y += height + 7
        self.picture(self._report.bar, QRectF(SIDE, y, 150, 5))
        self.text(QRectF(SIDE, y + 7, 150, 12), "less attention", 7.5, MUTED)
        self.text(QRectF(SIDE, y + 7, 150, 12), "more", 7.5, MUTED, _RIGHT)
        y += 28
        gap = 10.0
        each = (_ROOM - gap * (len(page.strip) - 1)) / len(page.strip)
        lowest = y
        for place, (caption, pixels) in enumerate(page.strip):
            width, height = fitted(pixels, each, 120)
            left = SIDE + place * (each + gap)
            self.picture(pixels, QRectF(left, y, width, height))
            self.text(QRectF(left, y + height + 3, each, 12), caption, 8, MUTED, most=1)
            lowest = max(lowest, y + height + 18)
        if page.areas is not None:
            self._whole_table(page.areas, lowest + 10)

    def _last(self) -> None:
        y = self._turn()
        y += self.text(QRectF(SIDE, y, _ROOM, 30), worded("Method and limits"), 15, self._colour, bold=True)
        self.rule(y + 5, self._colour, 1)
        y += 18
        for head, words in self._report.texts:
            high = self.measure(words, 9, _ROOM)
            y = self._room(y, high + 30)
            y += self.text(QRectF(SIDE, y, _ROOM, 16), head, 10, bold=True) + 3
            y += self.text(QRectF(SIDE, y, _ROOM, high + 4), words, 9, INK) + 12

    def _room(self, y: float, high: float) -> float:
        """Return where something of that height may stand: here, or on a new page."""
        return y if y + high <= HEIGHT - _BOTTOM else self._turn()

    def _whole_table(self, table: ReportTable, y: float) -> float:
        """Set a table; rows that do not fit go on, with its heading again, on the next page."""
        others = max(1, len(table.columns) - 1)
        y = self._room(y, 60)
        rest = table
        while True:
            place = QRectF(SIDE, y, _ROOM, HEIGHT - _BOTTOM - y)
            count = self.rows_that_fit(rest, place, 0.78 * _ROOM / others)
            if count >= len(rest.rows) or count == 0:
                return self.table(rest, place, 0.78 * _ROOM / others)
            self.table(ReportTable(rest.title, rest.columns, rest.rows[:count]), place, 0.78 * _ROOM / others)
            rest = ReportTable(rest.title, rest.columns, rest.rows[count:])
            y = self._turn()
