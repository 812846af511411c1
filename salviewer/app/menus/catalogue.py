"""The menus: each a table of actions with their keys, and the methods that carry them out."""

from __future__ import annotations

from salviewer.app.features.areas.menu import AreasMenu
from salviewer.app.features.compare.menu import CompareMenu
from salviewer.app.features.files.menu import FileMenu
from salviewer.app.features.folder.menu import FolderMenu
from salviewer.app.features.help.menu import HelpMenu
from salviewer.app.features.live.menu import LiveMenu
from salviewer.app.features.preferences.menu import SettingsMenu
from salviewer.app.features.training.menu import TrainMenu
from salviewer.app.features.views.menu import ViewMenu
from salviewer.app.menus.spec import Menu

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
