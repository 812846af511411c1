"""The table of areas on screen; it shares its selection with the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from salviewer.app.features.areas.table import COLUMNS, AreaTable, Sorted
from salviewer.app.translation import tr

if TYPE_CHECKING:
    from salviewer.app.state.areas import AreaStore
    from salviewer.app.state.shown import Shown
    from salviewer.core.areas import Area

_PADDING = 13
_FIRST = 2  # numbers seen beside the name in a narrow panel: share and rank
_SHORT_NAME = "Headline of page"  # text that gives the width for names and their colour


class AreaList(QTableView):
    """Shows `AreaTable`: Ctrl+C copies, F2 renames, Delete deletes, as on the picture."""

    copy_wanted = Signal()

    def __init__(self, areas: AreaStore, shown: Shown, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("areaTable")
        self.setAccessibleName(tr("Areas of interest"))
        self._areas = areas
        self._rows = AreaTable(areas, shown)
        self._shown = Sorted(self)
        self._shown.setSourceModel(self._rows)
        self._following = False
        self.setModel(self._shown)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(26)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setMinimumSectionSize(34)
        self.setSortingEnabled(True)
        self._fit()
        self._name_width = self.columnWidth(0)
        self._rows.rebuilt.connect(self._select)
        areas.selection_changed.connect(self._select)
        self.selectionModel().selectionChanged.connect(self._report)

    @property
    def whole_width(self) -> int:
        """The width in logical pixels that shows every column."""
        around = self.width() - self.viewport().width()
        return around + self.horizontalHeader().length() - self.columnWidth(0) + self._name_width

    @property
    def ordered(self) -> tuple[Area, ...]:
        """The selected areas, all if none is selected, in the order of the rows."""
        areas = [self._rows.area(row) for row in self._shown.ordered(range(self._rows.rowCount()))]
        chosen = tuple(area for area in areas if area.id in self._areas.selection)
        return chosen or tuple(areas)

    def rename(self) -> None:
        """Edit the name of the first selected area."""
        rows = self.selectionModel().selectedRows()
        if rows:
            self.setFocus()
            self.setCurrentIndex(rows[0])
            self.edit(rows[0])

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Give names the width that numbers leave; where not all fit, that of the first numbers."""
        super().resizeEvent(event)
        numbers, room = self.horizontalHeader().length() - self.columnWidth(0), self.viewport().width()
        if room < self._name_width + numbers:
            numbers = sum(self.columnWidth(1 + place) for place in range(_FIRST))
        self.setColumnWidth(0, max(self._name_width, room - numbers))

    def event(self, event: QEvent) -> bool:
        """Keep the copy shortcut for this table while it has the keyboard."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Copy)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Copy."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        else:
            super().keyPressEvent(event)

    def _fit(self) -> None:
        """Fit the columns to titles and numbers."""
        header, metrics = self.horizontalHeader(), self.fontMetrics()
        for section, about in enumerate(COLUMNS, 1):
            wide = max(metrics.horizontalAdvance(text) for text in (tr(about.title), about.widest))
            header.resizeSection(section, wide + _PADDING)
        header.resizeSection(0, metrics.horizontalAdvance(_SHORT_NAME) + _PADDING)

    def _select(self) -> None:
        """Select the rows of the areas that are selected on the picture."""
        chosen = QItemSelection()
        for row in range(self._rows.rowCount()):
            if self._rows.area(row).id in self._areas.selection:
                index = self._shown.mapFromSource(self._rows.index(row, 0))
                chosen.select(index, index)
        flags = QItemSelectionModel.SelectionFlag
        self._following = True
        self.selectionModel().select(chosen, flags.ClearAndSelect | flags.Rows)
        self._following = False
        if chosen.indexes():
            self.scrollTo(chosen.indexes()[0])

    def _report(self) -> None:
        if not self._following:
            rows = [self._shown.mapToSource(index).row() for index in self.selectionModel().selectedRows()]
            self._areas.select(self._rows.area(row).id for row in rows)
