"""The palette of all commands: found by typing, run with Enter."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from salviewer.app.shell.palette import CommandPalette
from salviewer.app.window import Window


def palette(window: Window) -> CommandPalette:
    window.bench.commands["palette"].trigger()
    found = window.findChild(CommandPalette)
    assert found is not None
    return found


def listed(found: CommandPalette) -> list[str]:
    items = (found.list.topLevelItem(index) for index in range(found.list.topLevelItemCount()))
    return [item.text(0) for item in items if not item.isHidden()]


def test_ctrl_k_lists_every_command(qtbot: QtBot, window: Window) -> None:
    assert window.bench.commands["palette"].shortcut().toString() == "Ctrl+K"
    found = palette(window)
    assert len(listed(found)) == len(window.bench.commands.records)
    assert "View: Appearance: Dark" in listed(found) and "File: Open" in listed(found)


def test_words_find_it_and_enter_carries_it_out(qtbot: QtBot, window: Window) -> None:
    found = palette(window)
    qtbot.keyClicks(found.field, "focus view")
    assert listed(found) == ["View: Focus map"]
    qtbot.keyClick(found.field, Qt.Key.Key_Return)
    assert window.bench.settings.now.view == "focus"


def test_what_is_impossible_is_listed_and_not_carried_out(qtbot: QtBot, window: Window) -> None:
    found = palette(window)
    qtbot.keyClicks(found.field, "zoom in")
    assert listed(found) == ["View: Zoom in"]
    qtbot.keyClick(found.field, Qt.Key.Key_Return)
    assert found.isVisible()
    found.field.clear()
    first = found.list.currentItem().text(0)
    qtbot.keyClick(found.field, Qt.Key.Key_Down)
    assert found.list.currentItem().text(0) != first
    qtbot.keyClick(found.field, Qt.Key.Key_Escape)
    assert not found.isVisible()
