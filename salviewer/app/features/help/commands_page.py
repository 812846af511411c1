"""A page of the manual that the program makes: all commands with their keys, in the user's language."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from salviewer.app.features.help.pages import Page, page_of
from salviewer.app.shell.fixed_keys import CANVAS_KEYS
from salviewer.app.translation import tr
from salviewer.app.workbench import Commands, in_menu_order, menu_name

_NOTHING = "\u00a0"


def commands_page(commands: Commands) -> Page:
    """List the commands menu by menu with the keys that they have now."""
    lines = [f"# {tr('All keys and commands')}", ""]
    lines += [tr("Keys can be changed: F1. Commands are found by part of their name: Ctrl+K."), ""]
    for menu, records in groupby(in_menu_order(commands.records), lambda command: command.menu):
        lines += [f"## {menu_name(menu)}", "", f"| {tr('Command')} | {tr('Keys')} | |", "| --- | --- | --- |"]
        for command in records:
            keys = commands[command.id].shortcuts()
            shown = ", ".join(_code(key.toString(key.SequenceFormat.NativeText)) for key in keys)
            lines.append(f"| {_cell(command.words)} | {shown or _NOTHING} | {_cell(tr(command.tip))} |")
        lines.append("")
    lines += [f"## {tr('On the picture, always')}", "", f"| {tr('Keys')} | |", "| --- | --- |"]
    lines += [f"| {_cell(tr(keys))} | {_cell(tr(what))} |" for keys, what in CANVAS_KEYS]
    return page_of("commands", "\n".join(lines) + "\n", Path())


def _cell(text: str) -> str:
    """Write a text into a table; an empty cell would be joined with its neighbour."""
    return (
        _NOTHING
        if not text
        else text.replace("\\", "\\\\")
        .replace("|", "\\|")
        .replace("\n", " ")
        .replace("*", "\\*")
        .replace("_", "\\_")
    )


def _code(keys: str) -> str:
    return "`` ` ``" if keys == "`" else f"`{keys}`".replace("|", "\\|")
