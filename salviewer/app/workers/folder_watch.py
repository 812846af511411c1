"""Notice new and removed pictures in the open folders."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, Signal

from salviewer.app.workers.latest_only import LatestOnlyWorker, Outcome
from salviewer.app.workers.stills import LISTED
from salviewer.app.workers.timers import PAINTED, single_shot
from salviewer.media.listing import pictures_still_there
from salviewer.media.picture_list import Listing

_SETTLED = 300  # milliseconds without a change before a folder is listed again
_LATEST = 1500  # milliseconds after which it is listed in any case


@dataclass(frozen=True, slots=True)
class Listed:
    """The current pictures of `sources`."""

    sources: tuple[Path, ...]
    paths: tuple[Path, ...]


class FolderWatch(QObject):
    """Lists the sources of a `Listing` once its picture is painted, and after each change in its folders."""

    listed = Signal(object)  # Listed

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.worker = LatestOnlyWorker("folder list", self, self._landed)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(self._changed)
        self._listing = Listing()
        self._ticket = 0
        self._soon = single_shot(self, _SETTLED, self._list)
        self._latest = single_shot(self, _LATEST, self._list)
        self._first = single_shot(self, PAINTED, self._list)

    def watch(self, listing: Listing) -> None:
        """Watch this list's folders instead of the earlier ones; an empty list ends it."""
        if self._watcher.directories():
            self._watcher.removePaths(self._watcher.directories())
        self._listing = listing
        self._ticket += 1
        if listing.folders:
            self._watcher.addPaths([str(folder) for folder in listing.folders])
            self._first.start()
        else:
            self._first.stop()

    def _changed(self) -> None:
        self._soon.start()
        if not self._latest.isActive():
            self._latest.start()

    def _list(self) -> None:
        self._first.stop()
        self._soon.stop()
        self._latest.stop()
        self._ticket += 1
        sources, beside = self._listing.sources, self._listing.beside
        self.worker.submit(self._ticket, lambda: _list(sources, beside))

    def _landed(self, outcome: Outcome) -> None:
        if outcome.error is None and outcome.ticket == self._ticket:
            self.listed.emit(outcome.value)


def _list(sources: tuple[Path, ...], beside: Path | None) -> Listed:
    paths = tuple(pictures_still_there(sources, beside, LISTED))
    for path in paths:
        hash(path)  # a path caches it: ten thousand hashes take too long in the window's thread
    return Listed(sources, paths)
