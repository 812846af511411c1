"""Turns the menus' tables into menus, a tool bar and shortcuts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar, QWidget

from salviewer.app.menus.spec import Menu, Spec
from salviewer.app.shell import icons
from salviewer.app.shell.keymap import Keymap, keymap, native, plain
from salviewer.app.shell.theme import Theme


class Actions:
    """The window's actions by name, in its menus and on its tool bar."""

    def __init__(self, window: QMainWindow, menus: Sequence[Menu], theme: Theme) -> None:
        self._window, self._theme = window, theme
        self._all: dict[str, QAction] = {}
        self._specs: dict[str, Spec] = {}
        self.submenus: dict[str, QMenu] = {}
        self._groups: dict[str, QActionGroup] = {}
        self._bar = QToolBar("Tools", window)
        self._bar.setObjectName("tools")
        self._bar.setMovable(False)
        self._bar.setIconSize(QSize(20, 20))
        self._bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        window.addToolBar(self._bar)
        for menu in menus:
            self._add(menu)
        spread = QWidget()
        spread.setSizePolicy(spread.sizePolicy().Policy.Expanding, spread.sizePolicy().Policy.Preferred)
        self._bar.insertWidget(self["view_picture"], spread)
        for name in ("open_files", "save_overlay", "export"):
            button = self._bar.widgetForAction(self[name])
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)  # type: ignore[attr-defined]
        self.set_keys(keymap(menus))
        theme.changed.connect(self._dress)
        self._dress()

    def __getitem__(self, name: str) -> QAction:
        return self._all[name]

    def keys(self, name: str) -> str:
        """The key of an action, as people of this system write it; "" for none."""
        return self._all[name].shortcut().toString(QKeySequence.SequenceFormat.NativeText)

    def set_keys(self, keymap: Keymap) -> None:
        """Answer these keys, and tell them in tooltips."""
        for name, spec in self._specs.items():
            keys = keymap.keys(name)
            words = spec.tip or plain(spec.text)
            self._all[name].setShortcuts([QKeySequence(key) for key in keys])
            self._all[name].setToolTip(f"{words} ({native(keys[:1])})" if keys else words)

    def set_appearance(self, name: str) -> None:
        """Mark the chosen appearance."""
        self._all[f"appearance_{name}"].setChecked(True)

    def set_view(self, name: str) -> None:
        """Mark the view that is shown; "picture" for none."""
        self._all[f"view_{name}"].setChecked(True)

    def set_thumbnails(self, size: int) -> None:
        """Mark the size of thumbnails, counted from the smallest."""
        self._all["thumbnails_" + ("small", "medium", "large")[size]].setChecked(True)

    def enable(self, possible: Callable[[str], bool]) -> None:
        """What can be asked for now: `possible` answers for each of the names in `Spec.needs`."""
        for name, spec in self._specs.items():
            if spec.needs:
                self._all[name].setEnabled(possible(spec.needs))

    def _add(self, menu: Menu) -> None:
        shown = self._window.menuBar().addMenu(menu.TITLE)
        under: dict[str, QMenu] = {"": shown}
        for spec in menu.SPECS:
            if not spec.text:
                shown.addSeparator()
                if spec.bar:
                    self._bar.addSeparator()
                continue
            action = self._make(spec, getattr(menu, spec.name))
            if spec.under not in under:
                under[spec.under] = self.submenus[spec.under] = shown.addMenu(spec.under)
            under[spec.under].addAction(action)
            if spec.bar:
                self._bar.addAction(action)
            self._all[spec.name], self._specs[spec.name] = action, spec

    def _make(self, spec: Spec, carry_out: Callable[..., None]) -> QAction:
        action = QAction(spec.text, self._window)
        action.setObjectName(spec.name)
        action.setCheckable(spec.check)
        if spec.group:
            action.setCheckable(True)
            self._groups.setdefault(spec.group, QActionGroup(self._window)).addAction(action)
            action.setIconVisibleInMenu(False)
        if spec.check:
            action.setIconVisibleInMenu(False)  # the check mark needs the place
            action.toggled.connect(carry_out)
        else:
            action.triggered.connect(lambda _=False: carry_out())
        return action

    def _dress(self) -> None:
        colours = self._theme.colours
        for name, spec in self._specs.items():
            if spec.icon:
                self._all[name].setIcon(icons.icon(spec.icon, colours.text, colours.faint))
