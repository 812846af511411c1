"""The dialog that lists all keys and changes them."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QKeySequenceEdit,
    QLineEdit,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from salviewer.app.shell.fixed_keys import CANVAS_KEYS
from salviewer.app.shell.keymap import Keymap, fixed, native, portable
from salviewer.app.translation import tr
from salviewer.app.widgets.buttons import button, label, label_for, with_name
from salviewer.app.widgets.dialog import Dialog
from salviewer.app.widgets.layouts import in_column, in_row
from salviewer.app.widgets.scrolling import fit_on_screen

_NAME = Qt.ItemDataRole.UserRole
_SIZE = (560, 680)
_ROW = 23


class ShortcutsDialog(Dialog):
    """Applies every change at once; there is nothing to confirm."""

    changed = Signal(object)  # Keymap

    def __init__(self, keymap: Keymap, parent: QWidget) -> None:
        super().__init__("shortcutsDialog", tr("Keyboard shortcuts"), parent)
        self.keymap = keymap
        self._wanted = ""  # a key that another action has
        self._build()
        self._fill()
        self._choose()
        fit_on_screen(self, *_SIZE)

    def _build(self) -> None:
        self.filter = with_name(QLineEdit(), "shortcutsFilter")
        self.filter.setPlaceholderText(tr("Filter by action or key"))
        self.filter.setAccessibleName(tr("Filter by action or key"))
        self.filter.setToolTip(tr("Only actions whose name or key contains this"))
        self.filter.setClearButtonEnabled(True)
        for clear in self.filter.findChildren(QToolButton):
            clear.setAccessibleName(tr("Clear the filter"))
        self.filter.textChanged.connect(self._filter)
        self.tree = QTreeWidget()
        self.tree.setObjectName("shortcutsTree")
        self.tree.setAccessibleName(tr("Actions and their keys"))
        self.tree.setToolTip(tr("Choose an action, then press its new key below"))
        self.tree.setHeaderLabels([tr("Action"), tr("Keys")])
        self.tree.setRootIsDecorated(False)
        self.tree.setIndentation(14)
        self.tree.setUniformRowHeights(True)
        self.tree.setTabKeyNavigation(False)
        self.tree.currentItemChanged.connect(self._choose)
        self.edit = with_name(QKeySequenceEdit(), "shortcutsEdit")
        self.edit.setMaximumSequenceLength(1)
        self.edit.setAccessibleName(tr("New key"))
        self.edit.setToolTip(tr("Press the new key for the chosen action"))
        field = self.edit.findChild(QLineEdit)
        assert field is not None
        field.setAccessibleName(tr("New key"))
        field.setPlaceholderText(tr("Press a key"))
        self.edit.keySequenceChanged.connect(self._pressed)
        self.none = button("shortcutsNone", tr("&No key"), tr("The chosen action has no key"), self._clear)
        self.reset = button(
            "shortcutsReset", tr("&Reset"), tr("Restore the default keys of the chosen action"), self._reset
        )
        self.take = button(
            "shortcutsTake", tr("&Use it here instead"), tr("Take the key from the other action"), self._take
        )
        self.reset_all = button(
            "shortcutsResetAll",
            tr("Reset &all"),
            tr("Restore the default keys of all actions"),
            self._reset_all,
        )
        self.note = label("", "muted", wrap=True, name="shortcutsNote")
        key = label_for(self.edit, tr("New &key"))
        row = in_row(key, (self.edit, 1), self.none, self.reset, spacing=8)
        note_row = in_row((self.note, 1), self.take)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(self.reset_all, QDialogButtonBox.ButtonRole.ResetRole)
        buttons.rejected.connect(self.close)
        rows = (self.filter, (self.tree, 1), row, note_row, buttons)
        in_column(*rows, within=self, spacing=10, margins=(18, 18, 18, 14))

    @property
    def chosen(self) -> str:
        """The name of the selected action; "" for none."""
        item = self.tree.currentItem()
        return "" if item is None else str(item.data(0, _NAME) or "")

    def choose(self, name: str) -> None:
        """Select the action whose keys to change."""
        self.tree.setCurrentItem(self._items[name])

    def _fill(self) -> None:
        self._items: dict[str, QTreeWidgetItem] = {}
        self._sections: dict[str, tuple[QTreeWidgetItem, list[QTreeWidgetItem]]] = {}
        for row in self.keymap.rows:
            item = self._row(row.menu, row.text, native(self.keymap.keys(row.name)))
            item.setData(0, _NAME, row.name)
            self._items[row.name] = item
        for keys, what in CANVAS_KEYS:
            self._row(tr("On the picture, always"), tr(what), tr(keys)).setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.tree.expandAll()
        self.tree.setColumnWidth(0, 330)

    def _row(self, section: str, text: str, keys: str) -> QTreeWidgetItem:
        if section not in self._sections:
            top = QTreeWidgetItem(self.tree, [section])
            font = top.font(0)
            font.setBold(True)
            top.setFont(0, font)
            top.setFlags(Qt.ItemFlag.ItemIsEnabled)
            top.setSizeHint(0, QSize(0, _ROW))
            self._sections[section] = (top, [])
        top, items = self._sections[section]
        items.append(QTreeWidgetItem(top, [text, keys]))
        items[-1].setSizeHint(0, QSize(0, _ROW))
        return items[-1]

    def _filter(self, text: str) -> None:
        needle = text.casefold()
        for section, items in self._sections.values():
            for item in items:
                item.setHidden(needle not in f"{item.text(0)} {item.text(1)}".casefold())
            section.setHidden(all(item.isHidden() for item in items))

    def _choose(self) -> None:
        name = self.chosen
        with QSignalBlocker(self.edit):
            self.edit.clear()
        for widget in (self.edit, self.none, self.reset):
            widget.setEnabled(bool(name))
        self._tell("" if name else tr("Choose an action to change its keys."))

    def _pressed(self, sequence: QKeySequence) -> None:
        key = sequence.toString(QKeySequence.SequenceFormat.PortableText)
        name = self.chosen
        if not key or not name:
            return
        taken = self.keymap.owner(portable(key), name)
        if fixed(key):
            self._tell(tr("{key} cannot be changed: it {does}.", key=native([key]), does=tr(fixed(key))))
        elif taken is not None:
            self._tell(
                tr(
                    "{key} is the key of {menu} › {text}.",
                    key=native([key]),
                    menu=taken.menu,
                    text=taken.text,
                ),
                key,
            )
        else:
            self._set(self.keymap.with_keys(name, [portable(key)]))
            self._tell(tr("{key} it is.", key=native([key])))

    def _take(self) -> None:
        key = self._wanted
        self._set(self.keymap.with_keys(self.chosen, [portable(key)]))
        self._tell(tr("{key} it is.", key=native([key])))

    def _clear(self) -> None:
        self._set(self.keymap.with_keys(self.chosen, []))
        self._tell(tr("No key."))

    def _reset(self) -> None:
        self._set(self.keymap.reset(self.chosen))
        self._tell("")

    def _reset_all(self) -> None:
        self._set(self.keymap.reset_all())
        self._tell(tr("All keys have their defaults."))

    def _set(self, keymap: Keymap) -> None:
        self.keymap = keymap
        for name, item in self._items.items():
            item.setText(1, native(keymap.keys(name)))
        self.changed.emit(keymap)

    def _tell(self, sentence: str, wanted: str = "") -> None:
        self._wanted = wanted
        self.note.setText(sentence)
        self.note.setAccessibleName(sentence)
        self.take.setVisible(bool(wanted))
