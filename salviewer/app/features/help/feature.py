"""Help: the palette of all commands, and information about the program."""

from __future__ import annotations

from salviewer.app.shell import dialogs
from salviewer.app.shell.palette import CommandPalette, PaletteRow
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

    def show_about(self) -> None:
        """Open the dialog."""
        dialogs.show_about(self._bench.dialog_parent)
