"""Makes the window what the settings say: at the start, after a change in a dialog, and after a reset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from salviewer.app.shell.keymap import keymap
from salviewer.app.state.browsing import SIZES
from salviewer.app.workers.inference import Engine

if TYPE_CHECKING:
    from salviewer.app.window import Window

_TOLD = {"open_files": "open", "paste": "paste", "view_picture": "picture alone", "shortcuts": "all keys"}
"""Actions whose keys the first page tells."""


class Remembered(QObject):
    """From settings to window; the way back are the signals of whatever a person changes."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window

    def apply(self) -> None:
        """Everything."""
        window, settings = self._window, self._window.preferences.now
        window.panel.set_engine(window.session.engine)
        window.panel.look.set_look(settings.heat, settings.style)
        window.stage.set_layer_shown(settings.shown)
        window.compare.start()
        window.change_look()
        window.catalogue["show_areas"].setChecked(settings.areas)
        window.areas.set_shown(settings.areas)
        window.catalogue["show_panel"].setChecked(settings.panel)
        window.panel.setVisible(settings.panel)
        window.catalogue.set_appearance(settings.appearance)
        self.apply_browsing()
        self.apply_keys()
        window.live.apply(settings)
        window.recent.show()
        window.dress()

    def apply_keys(self) -> None:
        """Answer these keys, and tell them."""
        window = self._window
        window.catalogue.set_keys(keymap(tuple(window.menus.values()), window.preferences.now.shortcuts))
        window.empty.set_keys([(window.catalogue.keys(name), what) for name, what in _TOLD.items()])

    def apply_browsing(self) -> None:
        """List, prepare and show pictures so."""
        window, browsing = self._window, self._window.preferences.now.browsing
        window.session.siblings, window.session.ahead.preparing = browsing.siblings, browsing.ahead
        window.session.loader.set_limit(browsing.memory)
        window.catalogue["show_folder"].setChecked(browsing.panel)
        window.catalogue["thumbnail_overlays"].setChecked(browsing.thumbnails == "overlay")
        window.catalogue.set_thumbnails(SIZES.index(browsing.size))
        window.folder.set_side(browsing.size)
        self.show_folder()

    def show_folder(self) -> None:
        """The thumbnails, when they are wanted and there is more than one picture to choose from."""
        window = self._window
        window.folder.setVisible(window.preferences.now.browsing.panel and window.conditions["list"]())

    def reset(self) -> None:
        """Everything as on the first day."""
        window = self._window
        window.preferences.reset()
        now = window.preferences.now
        window.session.set_engine(Engine(now.model, now.device))
        window.theme.set_appearance(now.appearance)
        self.apply()
