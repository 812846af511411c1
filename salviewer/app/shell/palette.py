"""The palette of all commands: type a part of a name, press Enter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QTreeWidget, QTreeWidgetItem, QWidget

from salviewer.app.translation import tr
from salviewer.app.widgets.buttons import with_name
from salviewer.app.widgets.layouts import in_column
from salviewer.app.widgets.scrolling import fit_on_screen

_SIZE = (520, 380)
_ID = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class PaletteRow:
    """A command in the palette.

    Attributes:
        id: the command's.
        text: its name, with the menu in front: "View: Zoom in".
        keys: in this system's notation; "" for none.
        tip: a longer explanation.
        possible: whether it is possible now.
    """

    id: str
    text: str
    keys: str
    tip: str
    possible: bool


class CommandPalette(QDialog):
    """Lists commands whose names contain every typed word; impossible ones are greyed.

    Args:
        rows: the commands, in display order.
        run: carries out a command by its id, after the palette has closed.
    """

    def __init__(self, rows: Sequence[PaletteRow], run: Callable[[str], object], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Dialog)
        self.setObjectName("commandPalette")
        self.setWindowTitle(tr("Commands"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._run = run
        self.field = with_name(QLineEdit(), "paletteField")
        self.field.setPlaceholderText(tr("Type to find a command"))
        self.field.setAccessibleName(tr("Find a command"))
        self.field.setToolTip(tr("Part of a command's name; Enter runs it, Esc closes"))
        self.field.textChanged.connect(self._filter)
        self.field.returnPressed.connect(self._take)
        self.field.installEventFilter(self)
        self.list = with_name(QTreeWidget(), "paletteList", accessible=tr("Commands"))
        self.list.setColumnCount(2)
        self.list.setHeaderHidden(True)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.itemClicked.connect(lambda _: self._take())
        for row in rows:
            item = QTreeWidgetItem([row.text, row.keys])
            item.setData(0, _ID, row.id)
            item.setToolTip(0, row.tip)
            item.setDisabled(not row.possible)
            self.list.addTopLevelItem(item)
        fit_on_screen(self, *_SIZE)
        self.list.setColumnWidth(0, _SIZE[0] - 150)
        in_column(self.field, (self.list, 1), within=self, margins=12)
        self._filter("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Move through the list with Up and Down in the field."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None:
                self._move(step)
                return True
        return super().eventFilter(watched, event)

    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        for item in self._items():
            item.setHidden(not all(word in item.text(0).casefold() for word in words))
        choices = self._choices()
        self.list.setCurrentItem(choices[0] if choices else None)  # type: ignore[arg-type]

    def _move(self, step: int) -> None:
        choices, now = self._choices(), self.list.currentItem()
        if choices:
            at = choices.index(now) + step if now in choices else 0
            self.list.setCurrentItem(choices[at % len(choices)])

    def _take(self) -> None:
        item = self.list.currentItem()
        if item is not None and not item.isHidden() and not item.isDisabled():
            id = str(item.data(0, _ID))
            self.close()
            self._run(id)

    def _items(self) -> list[QTreeWidgetItem]:
        items = (self.list.topLevelItem(index) for index in range(self.list.topLevelItemCount()))
        return [item for item in items if item is not None]

    def _choices(self) -> list[QTreeWidgetItem]:
        return [item for item in self._items() if not item.isHidden() and not item.isDisabled()]
