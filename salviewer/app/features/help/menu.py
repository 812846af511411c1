"""What tells about the program."""

from __future__ import annotations

from salviewer.app.menus.spec import Menu, Spec
from salviewer.app.shell import dialogs


class HelpMenu(Menu):
    """What tells about the program."""

    TITLE = "&Help"
    SPECS = (Spec("about", "&About salviewer"),)

    def about(self) -> None:
        """Say what this is."""
        dialogs.show_about(self.window)
