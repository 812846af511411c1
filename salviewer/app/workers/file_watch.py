"""Read the picture on screen again when another program saves it: whole files only."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, Signal

from salviewer.app.workers.loader import Loader, Reread
from salviewer.app.workers.timers import single_shot
from salviewer.media.openers.names import file_of, folder_of

_REST = 120
"""Milliseconds between two looks at a file; when both find the same size and time, it rests."""
_PATIENCE = 20
"""How often a file that rests and cannot be decoded is tried again before that is reported."""


class FileWatch(QObject):
    """Watches one file, and its folder, since many editors write a new file and rename it over the old one.

    A file is read when its size and time rest, and counts when all of it decodes. The loader's thread does
    both.
    """

    read = Signal(object, object)  # Path, Loaded: its new content
    failed = Signal(str)  # a sentence: it was saved again, and cannot be read

    def __init__(self, loader: Loader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._loader = loader
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(lambda _: self._look_soon())
        self._watcher.directoryChanged.connect(lambda _: self._look_soon())
        self._path: Path | None = None
        self._known = ""  # key of the content that is shown, or was reported as unreadable
        self._found = ""  # key at the last look
        self._tries = 0
        self._ticket = 0
        self._soon = single_shot(self, _REST, self._look)
        loader.reread.connect(self._looked)

    def watch(self, path: Path | None, key: str = "") -> None:
        """Watch a file whose content with this `Loaded.key` is on screen; None ends it."""
        self._ticket += 1
        self._soon.stop()
        self._known, self._found, self._tries = key, "", 0
        if path != self._path:
            watched = [*self._watcher.files(), *self._watcher.directories()]
            if watched:
                self._watcher.removePaths(watched)
            self._path = path
            if path is not None:
                self._watcher.addPaths([str(file_of(path)), str(folder_of(path.absolute()))])
        if path is not None:
            self._look_soon()  # it may have been saved since it was read

    def _look_soon(self) -> None:
        if self._path is not None:
            self._soon.start()

    def _look(self) -> None:
        if self._path is None:
            return
        file = str(file_of(self._path))
        if file not in self._watcher.files():  # it was replaced: the watch was of the old file
            self._watcher.addPath(file)
        self._ticket += 1
        self._loader.look_again(self._ticket, self._path, self._known, self._found)

    def _looked(self, reread: Reread) -> None:
        if reread.ticket != self._ticket or self._path is None:
            return
        if reread.key in ("", self._known):  # gone for now, or as it was
            self._found = ""
        elif reread.loaded is not None:
            self._known, self._tries = reread.key, 0
            self.read.emit(self._path, reread.loaded)
        elif reread.key != self._found:
            self._found, self._tries = reread.key, 0
            self._look_soon()
        elif self._tries < _PATIENCE:
            self._tries += 1
            self._look_soon()
        else:
            self._known = reread.key
            self.failed.emit(reread.error)
