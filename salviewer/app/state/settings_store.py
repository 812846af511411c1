"""The settings while the program runs: one frozen value, one way to change it, one signal."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QStandardPaths, Signal

from salviewer.app.state.settings import SettingsFile, ViewerSettings
from salviewer.app.workers.timers import single_shot

_SOON = 800  # milliseconds after the last change

Follower = Callable[[ViewerSettings | None, ViewerSettings], None]
"""Applies settings: called with the earlier ones (None the first time) and the current ones."""


class SettingsStore(QObject):
    """Holds the current settings and keeps their file up to date.

    Widgets show the store's settings and ask it to change them; nothing else sets a widget.
    """

    changed = Signal(object, object)  # ViewerSettings before, ViewerSettings now
    failed = Signal(str)

    def __init__(self, file: SettingsFile, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.file = file
        self.now, self.complaint = file.read()
        self._said = ""  # the error of the last attempt to write the file
        self._soon = single_shot(self, _SOON, self.write)

    @property
    def folder(self) -> str:
        """Return the start folder for dialogs: the last one, else the system's folder of pictures, else home.

        It exists: a missing folder is replaced by the nearest existing one above it.
        """
        pictures = QStandardPaths.StandardLocation.PicturesLocation
        return nearest_folder(self.now.folder or QStandardPaths.writableLocation(pictures))

    def follow(self, follower: Follower) -> None:
        """Call `follower` now with (None, settings) and after each change with (before, now)."""
        self.changed.connect(follower)
        follower(None, self.now)

    def change(self, **fields: Any) -> None:
        """Change these fields of `ViewerSettings`; do nothing if they are equal already.

        Raises:
            ValueError: a value is invalid.
        """
        self._set(replace(self.now, **fields))

    def change_browsing(self, **fields: Any) -> None:
        """Change these fields of `Browsing`."""
        self.change(browsing=replace(self.now.browsing, **fields))

    def change_pages(self, **fields: Any) -> None:
        """Change settings of web pages."""
        self.change(pages=replace(self.now.pages, **fields))

    def change_live(self, **fields: Any) -> None:
        """Change these fields of `LiveChoices`."""
        self.change(live=replace(self.now.live, **fields))

    def reset(self) -> None:
        """Reset to the defaults."""
        self._set(ViewerSettings())

    def write(self) -> None:
        """Write the file now."""
        self._soon.stop()
        failure = self.file.write(self.now)
        if failure and failure != self._said:  # report it once, not after each change
            self.failed.emit(failure)
        self._said = failure

    def _set(self, settings: ViewerSettings) -> None:
        if settings != self.now:
            before, self.now = self.now, settings
            self._soon.start()
            self.changed.emit(before, settings)


def nearest_folder(path: str) -> str:
    """Return the folder, or the nearest existing one above it; home instead of the root or for ""."""
    wanted = Path(path) if path else Path.home()
    there = next((folder for folder in (wanted, *wanted.parents) if os.path.isdir(folder)), None)  # noqa: PTH112  (`Path.is_dir` raises when it may not look)
    if there is None or (there != wanted and there == Path(there.anchor)):
        there = Path.home()
    return str(there)
