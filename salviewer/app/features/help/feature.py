"""About the program."""

from __future__ import annotations

from PySide6.QtCore import QObject

from salviewer.app.shell import dialogs
from salviewer.app.workbench import Command, Workbench


class HelpFeature(QObject):
    """Tells about the program."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench.dialog_parent)
        self._bench = bench
        bench.commands.add(Command("about", "&About salviewer", self.show_about, "Help", (2, 1)))

    def may_close(self) -> bool:
        """Always."""
        return True

    def close(self) -> None:
        """Nothing runs here."""

    def show_about(self) -> None:
        """Open the dialog."""
        dialogs.show_about(self._bench.dialog_parent)
