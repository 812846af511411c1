"""Turns the table of actions into menus, a tool bar and shortcuts."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QToolBar, QWidget

from salviewer.app import icons
from salviewer.app.commands import Commands
from salviewer.app.keys import SPECS
from salviewer.app.theme import Theme


class Actions:
    """The window's actions by name, in its menus and on its tool bar."""

    def __init__(self, window: QMainWindow, commands: Commands, theme: Theme) -> None:
        self._theme = theme
        self._all: dict[str, QAction] = {}
        self._appearances: dict[str, QAction] = {}
        bar = QToolBar("Tools", window)
        bar.setObjectName("tools")
        bar.setMovable(False)
        bar.setIconSize(QSize(20, 20))
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        window.addToolBar(bar)
        titles = dict.fromkeys(spec.menu for spec in SPECS)
        menus = {title: window.menuBar().addMenu(title) for title in titles}
        groups: dict[str, QActionGroup] = {}
        for spec in SPECS:
            if not spec.text:
                menus[spec.menu].addSeparator()
                if spec.bar:
                    bar.addSeparator()
                continue
            action = QAction(spec.text, window)
            action.setObjectName(spec.name)
            action.setShortcuts([QKeySequence(key) for key in spec.keys])
            action.setCheckable(spec.check)
            plain = spec.tip or spec.text.replace("&", "").rstrip("…")
            shown = (
                QKeySequence(spec.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)
                if spec.keys
                else ""
            )
            action.setToolTip(f"{plain} ({shown})" if shown else plain)
            carry_out = getattr(commands, spec.name)
            if spec.group:
                action.setCheckable(True)
                groups.setdefault(spec.group, QActionGroup(window)).addAction(action)
                action.setIconVisibleInMenu(False)
            if spec.check:
                action.setIconVisibleInMenu(False)  # the check mark needs the place
                action.toggled.connect(carry_out)
            else:
                action.triggered.connect(lambda _=False, do=carry_out: do())
            menus[spec.menu].addAction(action)
            if spec.bar:
                bar.addAction(action)
            self._all[spec.name] = action
        menu = menus["&View"].addMenu("&Appearance")
        group = QActionGroup(window)
        for name, text in (("system", "Follow the &system"), ("light", "&Light"), ("dark", "&Dark")):
            choice = group.addAction(menu.addAction(text))
            choice.setCheckable(True)
            choice.triggered.connect(lambda _=False, name=name: commands.set_appearance(name))
            self._appearances[name] = choice
        spread = QWidget()
        spread.setSizePolicy(spread.sizePolicy().Policy.Expanding, spread.sizePolicy().Policy.Preferred)
        bar.insertWidget(self["view_picture"], spread)
        for name in ("open_files", "save_overlay"):
            button = bar.widgetForAction(self[name])
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)  # type: ignore[attr-defined]
        theme.changed.connect(self._dress)
        self._dress()

    def __getitem__(self, name: str) -> QAction:
        return self._all[name]

    def set_appearance(self, name: str) -> None:
        """Mark the chosen appearance."""
        self._appearances[name].setChecked(True)

    def set_view(self, name: str) -> None:
        """Mark the view that is shown; "picture" for none."""
        self._all[f"view_{name}"].setChecked(True)

    def enable(self, picture: bool, saveable: bool, position: tuple[int, int]) -> None:
        """What can be asked for now."""
        for name in ("zoom_in", "zoom_out", "fit", "actual_size"):
            self._all[name].setEnabled(picture)
        self._all["save_overlay"].setEnabled(saveable)
        which, count = position
        self._all["previous"].setEnabled(which > 1)
        self._all["next"].setEnabled(0 < which < count)

    def _dress(self) -> None:
        colours = self._theme.colours
        for spec in SPECS:
            if spec.icon:
                self._all[spec.name].setIcon(icons.icon(spec.icon, colours.text, colours.faint))
