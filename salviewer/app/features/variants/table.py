"""The table of areas by variants: sorted by a variant, the largest changes marked."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QGuiApplication, QIcon, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from salviewer.app.features.variants.compared import Compared
from salviewer.app.translation import fill, mark, tr
from salviewer.core.area_drawing import area_colour
from salviewer.core.variants import Cell
from salviewer.media.tables import Table, table_text
from salviewer.results.variant_tables import DASH, wide_table

Quantity = Literal["share", "change", "visit", "density"]

QUANTITIES: tuple[tuple[Quantity, str, str], ...] = (
    ("share", mark("Share"), mark("How much of all predicted fixations falls on the area")),
    ("change", mark("Change"), mark("Against the first variant, in points and in per cent")),
    ("visit", mark("First visit"), mark("Which visit of attention reaches it first, and after how long")),
    ("density", mark("Density"), mark("Attention compared with what its size alone would get")),
)

_SWATCH = 12  # pixels
_VALUE = Qt.ItemDataRole.UserRole


class VariantsTable(QTableWidget):
    """A row an area, a column a variant; choosing a row makes it the goal."""

    goal_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("variantsTable")
        self.setAccessibleName(tr("Areas by variants"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(26)
        self.horizontalHeader().setHighlightSections(False)
        self._found: Compared | None = None
        self._quantity: Quantity = "share"
        self._accent = QColor("#2563c9")
        self.itemSelectionChanged.connect(self._choose)

    def sizeHint(self) -> QSize:  # noqa: N802
        """As high as the rows, within reason."""
        rows = min(max(self.rowCount(), 3), 7)
        high = self.horizontalHeader().sizeHint().height() + rows * self.verticalHeader().defaultSectionSize()
        return QSize(400, high + 4)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """The heading and two rows."""
        row = self.verticalHeader().defaultSectionSize()
        return QSize(200, self.horizontalHeader().sizeHint().height() + 2 * row)

    def set_quantity(self, quantity: Quantity) -> None:
        """Show another quantity."""
        self._quantity = quantity
        self._fill()

    def set_accent(self, colour: QColor) -> None:
        """Set the colour of what is marked."""
        self._accent = colour
        self._fill()

    def set_compared(self, found: Compared | None) -> None:
        """Show the numbers of a comparison."""
        self._found = found
        self._fill()

    def copy(self) -> None:
        """Put all shares and changes on the clipboard, for a spreadsheet."""
        if self._found is not None:
            table: Table = wide_table(self._found.table)
            QGuiApplication.clipboard().setText(table_text(table, "tsv"))

    def _fill(self) -> None:
        found = self._found
        with QSignalBlocker(self):
            self.setSortingEnabled(False)
            self.clear()
            if found is None:
                self.setRowCount(0)
                return
            table = found.table
            self.setColumnCount(1 + len(table.variants))
            self.setRowCount(len(table.areas))
            heading = QTableWidgetItem(tr("Area"))
            heading.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            self.setHorizontalHeaderItem(0, heading)
            header = self.horizontalHeader()
            header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
            header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
            header.setMinimumSectionSize(64)
            for column, name in enumerate(table.variants, 1):
                item = QTableWidgetItem(name)
                item.setToolTip(found.pictures[column - 1].path.name)
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.setHorizontalHeaderItem(column, item)
                for row, area in enumerate(table.areas):
                    self.setItem(row, column, self._cell(table.cell(area, name)))
            for row, area in enumerate(table.areas):
                named = _Item(area, area.casefold())
                named.setIcon(self._swatch(area))
                self.setItem(row, 0, named)
            self.setSortingEnabled(True)
            header.setSortIndicatorClearable(True)
            self.sortByColumn(-1, Qt.SortOrder.DescendingOrder)
            self._select(found.request.goal)
        self.updateGeometry()

    def _swatch(self, name: str) -> QIcon:
        """Draw the colour that an area has on the first variant with it."""
        assert self._found is not None
        for areas in self._found.request.areas:
            for number, area in enumerate(areas):
                if area.name == name:
                    square = QPixmap(_SWATCH, _SWATCH)
                    square.fill(QColor(*area_colour(area, number)))
                    return QIcon(square)
        return QIcon()

    def _select(self, goal: str) -> None:
        self.clearSelection()
        for row in range(self.rowCount()):
            if self._name(row) == goal:
                self.selectRow(row)

    def _choose(self) -> None:
        chosen = self.selectedItems()
        self.goal_chosen.emit(self._name(chosen[0].row()) if chosen else "")

    def _name(self, row: int) -> str:
        item = self.item(row, 0)
        return "" if item is None else item.text()

    def _cell(self, cell: Cell | None) -> QTableWidgetItem:
        item = _Item(*self._content(cell))
        item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setToolTip(_explained(cell))
        if cell is not None and cell.marked:
            font = item.font()
            font.setBold(True)
            item.setFont(font)
            item.setForeground(QBrush(self._accent))
        return item

    def _content(self, cell: Cell | None) -> tuple[str, float | None]:
        if cell is None:
            return DASH, None
        match self._quantity:
            case "visit":
                if cell.visit is None or cell.seconds is None:
                    return DASH, None
                text = fill("{visit}  ({seconds:.1f} s)", visit=cell.visit, seconds=cell.seconds)
                return text, float(cell.visit)
            case "density":
                return fill("{density:.1f}×", density=cell.density), cell.density
            case "change":
                return _change_text(cell), None if cell.change is None else cell.change.points
            case _:
                text = fill("{share:.1f} %", share=100 * cell.share)
                if cell.change is not None and cell.change.called:
                    text += fill("  {points:+.1f}", points=100 * cell.change.points)
                return text, cell.share


class _Item(QTableWidgetItem):
    """Sorted by a value, not by its text; what has no value comes first."""

    def __init__(self, text: str, value: float | str | None) -> None:
        super().__init__(text)
        self.setData(_VALUE, value)

    def __lt__(self, other: QTableWidgetItem) -> bool:
        mine, its = self.data(_VALUE), other.data(_VALUE)
        if isinstance(mine, str) and isinstance(its, str):
            return mine < its
        return (mine is not None, mine or 0) < (its is not None, its or 0)


def _change_text(cell: Cell) -> str:
    change = cell.change
    if change is None:
        return DASH
    points = fill("{points:+.1f}", points=100 * change.points)
    if not change.called:
        return tr("{points} unclear", points=points)
    if change.ratio is None:
        return points
    return fill("{points}  {ratio:+.0f} %", points=points, ratio=100 * change.ratio)


def _explained(cell: Cell | None) -> str:
    if cell is None:
        return tr("This variant does not have the area")
    lines = [
        tr("{share:.2f} % of all predicted fixations", share=100 * cell.share),
        tr("{density:.2f} times what its size alone would get", density=cell.density),
    ]
    if cell.margin is not None:
        lines.append(
            tr(
                "Moves by ±{margin:.1f} points when the picture is mirrored or moved",
                margin=100 * cell.margin,
            )
        )
    change = cell.change
    if change is not None and change.margin is not None:
        text = (
            tr(
                "The change is larger than what moves by itself, ±{margin:.1f} points",
                margin=100 * change.margin,
            )
            if change.called
            else tr(
                "The difference moves by ±{margin:.1f} points by itself, so it is no clear change",
                margin=100 * change.margin,
            )
        )
        lines.append(text)
    return "\n".join(lines)
