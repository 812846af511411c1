"""The areas and their scores as a table model: sorted by column, renamed in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from salviewer.app.translation import fill, mark, tr
from salviewer.core.area_drawing import area_colour
from salviewer.core.text_drawing import DARK, Colour
from salviewer.media.listing import natural

if TYPE_CHECKING:
    from salviewer.app.state.areas import AreaStore
    from salviewer.app.state.shown import Shown
    from salviewer.core.areas import Area, AreaScore

Index = QModelIndex | QPersistentModelIndex

_NONE = "–"
_SWATCH = 12
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_ROLES = frozenset(
    {
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.EditRole,
        Qt.ItemDataRole.UserRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.DecorationRole,
        Qt.ItemDataRole.TextAlignmentRole,
    }
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of numbers.

    Attributes:
        title, tip: of its heading.
        widest: the widest expected text.
        value: the number, by which rows are sorted.
        text: the number as text.
    """

    title: str
    tip: str
    widest: str
    value: Callable[[AreaScore], float]
    text: Callable[[AreaScore], str]


NAME_TIP = mark("Your name for the area: double-click or press F2 to rename it")
COLUMNS: tuple[Column, ...] = (
    Column(
        mark("Share"),
        mark("Share of attention: how much of all predicted fixations falls on the area"),
        "88.8 %",
        lambda score: score.share,
        lambda score: _percent(score.share),
    ),
    Column(
        mark("Rank"),
        mark("1 for the area with the largest share of attention"),
        "88",
        lambda score: score.rank,
        lambda score: fill("{rank}", rank=score.rank),
    ),
    Column(
        mark("Density"),
        mark("Density of attention: attention compared with what its size alone would get; 1× is average"),
        "88.8×",
        lambda score: score.density,
        lambda score: (
            fill("{density:.1f}×", density=score.density)
            if score.density < 99.95
            else fill("{density:.0f}×", density=score.density)
        ),
    ),
    Column(
        mark("Size"),
        mark("How much of the picture the area covers"),
        "88.8 %",
        lambda score: score.size,
        lambda score: _percent(score.size),
    ),
    Column(
        mark("Mean"),
        mark("Mean of the map in the area, 0 to 1 as on the colour bar"),
        "0.88",
        lambda score: score.mean,
        lambda score: fill("{mean:.2f}", mean=score.mean),
    ),
    Column(
        mark("Peak"),
        mark("Highest value of the map in the area, 0 to 1 as on the colour bar"),
        "0.88",
        lambda score: score.peak,
        lambda score: fill("{peak:.2f}", peak=score.peak),
    ),
)


class AreaTable(QAbstractTableModel):
    """One row per area of the picture on screen, in the user's order."""

    rebuilt = Signal()  # rows came, went or changed places

    def __init__(self, areas: AreaStore, shown: Shown) -> None:
        super().__init__(areas)
        self._areas, self._shown = areas, shown
        self._rows: tuple[Area, ...] = ()
        self._swatches: dict[Colour, QIcon] = {}
        self._announced: list[tuple[str, AreaScore | None]] = []
        areas.changed.connect(self._follow)
        shown.scores_changed.connect(lambda _: self._announce())

    def area(self, row: int) -> Area:
        """Return the area of a row."""
        return self._rows[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        """Return the number of areas."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        """Return the number of columns: the name, then `COLUMNS`."""
        return 0 if parent.isValid() else 1 + len(COLUMNS)

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return titles, and explanations as tooltips."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return tr(COLUMNS[section - 1].title) if section else tr("Area")
        if role == Qt.ItemDataRole.ToolTipRole:
            return tr(COLUMNS[section - 1].tip if section else NAME_TIP)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _aligned(section)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return texts for display, and under `UserRole` the number, None while there is none."""
        if role not in _ROLES:  # most requests of a view
            return None
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _aligned(column)
        area = self._rows[row]
        if column == 0:
            return (
                self._swatch(area_colour(area, row)) if role == Qt.ItemDataRole.DecorationRole else area.name
            )
        score, about = self._shown.score(area), COLUMNS[column - 1]
        if role == Qt.ItemDataRole.DisplayRole:
            return _NONE if score is None else about.text(score)
        if role == Qt.ItemDataRole.UserRole:
            return None if score is None else about.value(score)
        return tr(about.tip) if role == Qt.ItemDataRole.ToolTipRole else None

    def _swatch(self, colour: Colour) -> QIcon:
        if colour not in self._swatches:
            self._swatches[colour] = swatch(colour)
        return self._swatches[colour]

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        """Rename the area of a row."""
        if role != Qt.ItemDataRole.EditRole or index.column():
            return False
        self._areas.rename(self._rows[index.row()].id, str(value))
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Make names editable."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return flags if index.column() else flags | Qt.ItemFlag.ItemIsEditable

    def _follow(self) -> None:
        before, now = self._rows, self._areas.all
        if [area.id for area in before] == [area.id for area in now]:
            self._rows = now
            self._announce()
            return
        self.beginResetModel()
        self._rows = now
        self._announced = [self._content(area) for area in now]
        self.endResetModel()
        self.rebuilt.emit()

    def _announce(self) -> None:
        """Announce the changed rows only: a drag changes few, many times a second.

        The name is announced only if it has changed, because a view refills the open editor of the name.
        """
        content = [self._content(area) for area in self._rows]
        before, self._announced = self._announced, content
        for row, (old, new) in enumerate(zip(before, content, strict=True)):
            if old != new:
                first = 0 if old[0] != new[0] else 1
                self.dataChanged.emit(self.index(row, first), self.index(row, len(COLUMNS)))

    def _content(self, area: Area) -> tuple[str, AreaScore | None]:
        return area.name, self._shown.score(area)


class Sorted(QSortFilterProxyModel):
    """Sorts rows by the chosen column: "Area 2" before "Area 10", and missing numbers first."""

    def lessThan(self, left: Index, right: Index) -> bool:  # noqa: N802
        """Compare two rows for sorting."""
        a, b = (index.data(Qt.ItemDataRole.UserRole) for index in (left, right))
        if isinstance(a, str):
            return bool(natural(a) < natural(b))
        return (a is not None, a or 0) < (b is not None, b or 0)

    def ordered(self, rows: Sequence[int]) -> list[int]:
        """Return rows of the source table in the order of display."""
        return sorted(rows, key=lambda row: self.mapFromSource(self.sourceModel().index(row, 0)).row())


def _percent(share: float) -> str:
    percent = 100 * share
    return (
        fill("{percent:.1f} %", percent=percent)
        if percent >= 0.1 or not percent
        else fill("{percent:.2f} %", percent=percent)
    )


def _aligned(column: int) -> Qt.AlignmentFlag:
    return _RIGHT if column else _LEFT


def swatch(colour: Colour) -> QIcon:
    """Return an icon of a square that keeps its colour in a selected row."""
    ratio = 3
    result = QPixmap(_SWATCH * ratio, _SWATCH * ratio)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(*DARK))
    painter.setBrush(QColor(*colour))
    painter.drawRoundedRect(QRectF(result.rect()).adjusted(1, 1, -1, -1), 3 * ratio, 3 * ratio)
    painter.end()
    result.setDevicePixelRatio(ratio)
    icon = QIcon(result)
    icon.addPixmap(result, QIcon.Mode.Selected)
    return icon
