"""The list of thumbnails: which ones are visible, and the user's actions on them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QListView, QWidget

from salviewer.app.features.folder.delegate import Cell
from salviewer.app.features.folder.model import Pictures
from salviewer.app.shell.theme import Theme
from salviewer.app.translation import tr
from salviewer.app.workers.timers import single_shot

_SOON = 30  # milliseconds after scrolling or resizing before the visible pictures are announced


class Grid(QListView):
    """A list with as many columns as fit."""

    wanted = Signal(object)  # Path: the user opens it
    menu_wanted = Signal(object, object)  # Path, and place on the screen
    left = Signal()  # Escape
    moved = Signal()  # other pictures are visible

    def __init__(self, model: Pictures, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("thumbnails")
        self.setAccessibleName(tr("Pictures in the list"))
        self.setToolTip("")
        self._pictures = model
        self.cell = Cell(theme, self)
        self.setModel(model)
        self.setItemDelegate(self.cell)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setUniformItemSizes(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.clicked.connect(lambda index: self.wanted.emit(model.path(index.row())))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_menu)
        self._soon = single_shot(self, _SOON, self.moved)
        self.verticalScrollBar().valueChanged.connect(self.look)
        self.set_side(96)

    def set_side(self, side: int) -> None:
        """Set the longest side of a thumbnail, in logical pixels."""
        self.cell.set_side(side)
        self._take_room()
        self._spread()

    def look(self) -> None:
        """Announce soon that other pictures may be visible."""
        self._soon.start()

    def in_view(self, margin: float = 0.0) -> list[Path]:
        """Return the visible pictures from the top, then those up to `margin` views below, then above."""
        grid, room = self.gridSize(), self.viewport().size()
        count = self._pictures.rowCount()
        if not count or not self.isVisible() or room.isEmpty():
            return []
        columns = max(room.width() // grid.width(), 1)
        top = self.verticalScrollBar().value()
        beyond = round(margin * room.height())

        def row_at(y: int) -> int:
            return min(max(y // grid.height(), 0) * columns, count)

        first, last = row_at(top), row_at(top + room.height() + grid.height() - 1)
        lowest, highest = row_at(top + room.height() + beyond + grid.height() - 1), row_at(top - beyond)
        rows = [*range(first, last), *range(last, lowest), *reversed(range(highest, first))]
        return [self._pictures.path(row) for row in rows]

    def show_path(self, path: Path | None) -> None:
        """Make a picture the current one, and scroll to it."""
        row = self._pictures.row(path)
        if row >= 0:
            index = self._pictures.index(row)
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Open with Enter, leave with Escape, move with the other keys."""
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            self.wanted.emit(self._pictures.path(index.row()))
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the width of the scroll bar."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._take_room()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Fit the columns, and scroll to the current picture."""
        self._spread()
        super().resizeEvent(event)
        if self.currentIndex().isValid():
            self.executeDelayedItemsLayout()
            self.scrollTo(self.currentIndex())

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the size of one column."""
        return QSize(self.minimumWidth(), super().sizeHint().height())

    def _take_room(self) -> None:
        """Be at least as wide as one column and the scroll bar."""
        self.setMinimumWidth(self.cell.size.width() + self.verticalScrollBar().sizeHint().width() + 8)

    def _spread(self) -> None:
        """Distribute the width among the columns."""
        cell, room = self.cell.size, self.viewport().width() - 1
        columns = max(room // cell.width(), 1)
        grid = QSize(max(room // columns, cell.width()), cell.height())
        if grid != self.gridSize():
            self.cell.room = grid
            self.setGridSize(grid)
        self.look()

    def _ask_menu(self, at: QPoint) -> None:
        index = self.indexAt(at)
        if not index.isValid() and not QRect(QPoint(), self.viewport().size()).contains(at):
            index = self.currentIndex()
        if index.isValid():
            self.menu_wanted.emit(self._pictures.path(index.row()), self.viewport().mapToGlobal(at))
