"""Build menus and the tool bar from the commands."""

from __future__ import annotations

from itertools import groupby

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QMenu, QToolButton, QWidget

from salviewer.app.shell.keymap import plain
from salviewer.app.tool_bar import ToolBar
from salviewer.app.translation import tr
from salviewer.app.workbench import MENUS, Command, Commands, in_menu_order

_WITH_TEXT = ("open_files", "save_overlay", "export")
"""Commands whose tool bar buttons show text."""

_RIGHT = 4
"""The tool bar's first section at the right end."""


def draw_menus(window: QMainWindow, commands: Commands) -> None:
    """Fill the window's menu bar; a submenu is placed where its first command would be."""
    records = in_menu_order(commands.records)
    for title in MENUS:
        menu = window.menuBar().addMenu(tr(title))
        mine = [command for command in records if command.menu == plain(title)]
        for number, (_, section) in enumerate(groupby(mine, lambda command: command.place[0])):
            if number:
                menu.addSeparator()
            for command in section:
                _home(menu, command).addAction(commands[command.id])
    bar = window.menuBar()
    shortcut = QShortcut(QKeySequence("F10"), window)  # opens the menus by keyboard
    shortcut.activated.connect(lambda: bar.setActiveAction(bar.actions()[0]))


def submenu(window: QMainWindow, title: str) -> QMenu:
    """Return a submenu by its title, with its ampersand."""
    return next(menu for menu in window.menuBar().findChildren(QMenu) if menu.title() == title)


def draw_toolbar(window: QMainWindow, commands: Commands) -> ToolBar:
    """Add the tool bar: left to right by `Command.toolbar`, with a line between sections."""
    bar = ToolBar(window)
    window.addToolBar(bar)
    chosen = sorted(
        (command.toolbar, command.id) for command in commands.records if command.toolbar is not None
    )
    for number, (section, rows) in enumerate(groupby(chosen, lambda row: row[0][0])):
        if section == _RIGHT:
            spread = QWidget()
            spread.setSizePolicy(spread.sizePolicy().Policy.Expanding, spread.sizePolicy().Policy.Preferred)
            bar.addWidget(spread)
        elif number:
            bar.addSeparator()
        for _, id in rows:
            bar.addAction(commands[id])
    for id in _WITH_TEXT:
        commands[id].setIconText(plain(commands[id].text()))  # no letter in brackets, as Chinese menus have
        button = bar.widgetForAction(commands[id])
        if isinstance(button, QToolButton):
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    _label(bar, commands)
    return bar


def _label(bar: ToolBar, commands: Commands) -> None:
    """Show the words of commands that have a label; those of a group look like one segmented control."""
    labelled = [command for command in commands.records if command.label and command.toolbar is not None]
    labelled.sort(key=lambda command: command.toolbar or (0, 0))
    for command in labelled:
        action = commands[command.id]
        action.setIconText(tr(command.label))
        button = bar.widgetForAction(action)
        if not isinstance(button, QToolButton):
            continue
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        if command.group:
            group = [one for one in labelled if one.group == command.group]
            place = group.index(command)
            side = "first" if not place else "last" if place == len(group) - 1 else "middle"
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
            button.setProperty("segment", side)


def _home(menu: QMenu, command: Command) -> QMenu:
    if not command.submenu:
        return menu
    for action in menu.actions():
        below = action.menu()
        if isinstance(below, QMenu) and below.title() == tr(command.submenu):
            return below
    return menu.addMenu(tr(command.submenu))
