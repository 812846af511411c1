"""A table of numbers that can be copied to a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from salviewer.media.tables import Cell, Table, table_text


class NumberTable(QTableWidget):
    """Shows a `Table` rounded; copies it with full precision."""

    picked = Signal(int)  # the selected row; -1 for none

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = Table((), ())
        self.setAccessibleName(name)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(26)
        self.verticalHeader().setMinimumSectionSize(20)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setHighlightSections(False)
        self.itemSelectionChanged.connect(lambda: self.picked.emit(self.chosen))

    @property
    def table(self) -> Table:
        """The table in full precision."""
        return self._table

    @property
    def chosen(self) -> int:
        """The first selected row; -1 for none."""
        return min((index.row() for index in self.selectedIndexes()), default=-1)

    def show_table(
        self, table: Table, titles: Sequence[str], texts: Sequence[Callable[[Cell], str]], tips: Sequence[str]
    ) -> None:
        """Show another table; keep the selection.

        Args:
            table: the numbers.
            titles, texts, tips: for each column: its heading, the format of its cells, and its meaning.
        """
        chosen = self.chosen
        self._table = table
        with QSignalBlocker(self):
            self.setColumnCount(len(titles))
            self.setRowCount(len(table.rows))
            for column, (title, tip) in enumerate(zip(titles, tips, strict=True)):
                heading = QTableWidgetItem(title)
                heading.setToolTip(tip)
                heading.setTextAlignment(_align(column))
                self.setHorizontalHeaderItem(column, heading)
            if titles:
                first = QHeaderView.ResizeMode.ResizeToContents
                self.horizontalHeader().setSectionResizeMode(0, first)
            for row, cells in enumerate(table.rows):
                for column, (cell, text) in enumerate(zip(cells, texts, strict=True)):
                    item = QTableWidgetItem(text(cell))
                    item.setTextAlignment(_align(column))
                    item.setToolTip(tips[column])
                    self.setItem(row, column, item)
            if 0 <= chosen < len(table.rows):
                self.selectRow(chosen)
            else:
                self.clearSelection()
        if self.chosen != chosen:
            self.picked.emit(self.chosen)

    def copy(self) -> None:
        """Copy the selected rows, or all of them, to the clipboard with the column names."""
        rows = sorted({index.row() for index in self.selectedIndexes()}) or range(len(self._table.rows))
        part = Table(self._table.columns, tuple(self._table.rows[row] for row in rows))
        QGuiApplication.clipboard().setText(table_text(part, "tsv"))

    def event(self, event: QEvent) -> bool:
        """Keep Ctrl+C for the table while it has the keyboard."""
        over = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if over and event.matches(QKeySequence.StandardKey.Copy):  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Copy with Ctrl+C."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)


def _align(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter
