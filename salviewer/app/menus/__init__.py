"""The menus: each a table of actions with their keys, and the methods that carry them out."""

from __future__ import annotations

from salviewer.app.menus.areas import AreasMenu
from salviewer.app.menus.compare import CompareMenu
from salviewer.app.menus.file import FileMenu
from salviewer.app.menus.folder import FolderMenu
from salviewer.app.menus.help import HelpMenu
from salviewer.app.menus.live import LiveMenu
from salviewer.app.menus.settings import SettingsMenu
from salviewer.app.menus.spec import Menu
from salviewer.app.menus.train import TrainMenu
from salviewer.app.menus.view import ViewMenu

MENUS: tuple[type[Menu], ...] = (
    FileMenu,
    FolderMenu,
    ViewMenu,
    AreasMenu,
    CompareMenu,
    LiveMenu,
    TrainMenu,
    SettingsMenu,
    HelpMenu,
)
"""From left to right."""
