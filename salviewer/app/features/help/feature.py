"""Help: the palette of all commands, the manual, and information about the program."""

from __future__ import annotations

from salviewer import paths
from salviewer.app.shell import dialogs
from salviewer.app.shell.palette import CommandPalette, PaletteRow
from salviewer.app.widgets.dialog import to_front
from salviewer.app.workbench import Command, Feature, Workbench, in_menu_order, menu_name


class HelpFeature(Feature):
    """Finds commands and shows information about the program."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        bench.commands.add(
            Command("palette", "Find a &command…", self.show_palette, "Help", (1, 1), ("Ctrl+K",),
                    tip="Type part of a command's name and press Enter"),
            Command("reading", "&How to read a heatmap", self.show_reading, "Help", (1, 2),
                    tip="What the colours and the numbers mean"),
            Command("manual", "&Manual", self.show_manual, "Help", (1, 3), ("Shift+F1",),
                    tip="All pages of the documentation, with a search; nothing is fetched"),
            Command("about", "&About salviewer", self.show_about, "Help", (2, 1)),
        )  # fmt: skip

    def show_palette(self) -> None:
        """List all commands, filtered by typing."""
        commands = self._bench.commands
        rows = [
            PaletteRow(
                command.id,
                f"{menu_name(command.menu)}: {command.words}",
                commands.key(command.id),
                commands[command.id].toolTip(),
                commands[command.id].isEnabled(),
            )
            for command in in_menu_order(commands.records)
        ]
        palette = CommandPalette(rows, lambda id: commands[id].trigger(), self._bench.dialog_parent)
        palette.open()
        palette.field.setFocus()

    def show_reading(self) -> None:
        """Explain the maps."""
        from salviewer.app.features.help.reading import ReadingDialog

        ReadingDialog(self._bench.dialog_parent).show()

    def show_manual(self) -> None:
        """Open the manual, or bring it to the front."""
        from salviewer.app.features.help.commands_page import commands_page
        from salviewer.app.features.help.manual import Manual
        from salviewer.app.features.help.pages import read_pages

        bench = self._bench
        opened = bench.dialog_parent.findChild(Manual)
        if opened is None:
            folder = paths.manual()
            opened = Manual(
                read_pages(folder), (commands_page(bench.commands),), folder, bench.theme, bench.dialog_parent
            )
            opened.show_page(next(iter(opened.pages)))
        to_front(opened)

    def show_about(self) -> None:
        """Open the dialog."""
        dialogs.show_about(self._bench.dialog_parent)
