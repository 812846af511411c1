"""The settings while the program runs: changed a field at a time, written soon after."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from salviewer.app.state.settings import SettingsFile, ViewerSettings

_SOON = 800  # milliseconds after the last change


class Preferences(QObject):
    """Holds the newest settings and keeps their file up to date."""

    failed = Signal(str)
    changed = Signal(object)  # ViewerSettings

    def __init__(self, file: SettingsFile, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.file = file
        self.now, self.complaint = file.read()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON)
        self._soon.timeout.connect(self.write)

    def change(self, **fields: Any) -> None:
        """Remember these fields of `ViewerSettings`."""
        changed = replace(self.now, **fields)
        if changed != self.now:
            self.now = changed
            self._soon.start()
            self.changed.emit(changed)

    def change_browsing(self, **fields: Any) -> None:
        """Remember these fields of `Browsing`."""
        self.change(browsing=replace(self.now.browsing, **fields))

    def change_live(self, **fields: Any) -> None:
        """Remember these fields of `LiveChoices`."""
        self.change(live=replace(self.now.live, **fields))

    def reset(self) -> None:
        """Forget everything: back to the defaults."""
        self.now = ViewerSettings()
        self._soon.start()
        self.changed.emit(self.now)

    def write(self) -> None:
        """Write now what has changed."""
        self._soon.stop()
        trouble = self.file.write(self.now)
        if trouble:
            self.failed.emit(trouble)
