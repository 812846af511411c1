"""What kind of picture is on screen: found by the classifier, or chosen by the user."""

from __future__ import annotations

import logging

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from salviewer.app.state.session import Session
from salviewer.app.workers.latest_only import LatestOnlyWorker, Outcome
from salviewer.models.kind_scores import FoundKind, Kind

log = logging.getLogger(__name__)


class PictureKind(QObject):
    """Finds the kind of each picture in a thread of its own, once its map is there. Not of live frames."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.worker = LatestOnlyWorker("kind of picture", self, self._landed)
        self._session = session
        self._ticket = 0
        self._asked = ""  # the key of the picture
        self._found: FoundKind | None = None
        self._chosen: Kind | None = None
        session.picture_changed.connect(lambda _: self._forget())
        session.map_changed.connect(lambda _: self._find())
        session.live_changed.connect(lambda _: self._forget())

    @property
    def found(self) -> FoundKind | None:
        """What the classifier found; None while it is not known."""
        return self._found

    @property
    def chosen(self) -> Kind | None:
        """What the user chose for all pictures; None for what is found."""
        return self._chosen

    @property
    def now(self) -> Kind | None:
        """The kind to go by; None while it is not known."""
        return self._chosen or (self._found.kind if self._found is not None else None)

    def choose(self, kind: Kind | None) -> None:
        """Take all pictures for this kind until another is chosen; None for what is found."""
        if kind != self._chosen:
            self._chosen = kind
            self.changed.emit()

    def _forget(self) -> None:
        loaded = self._session.loaded
        if self._session.live or loaded is None or loaded.key != self._asked:
            self._asked = ""
            self._ticket += 1
            self.worker.forget()
            self._set(None)

    def _find(self) -> None:
        session, loaded = self._session, self._session.loaded
        if session.live or session.saliency is None or loaded is None or loaded.key == self._asked:
            return
        self._asked = loaded.key
        self._ticket += 1
        pixels = loaded.picture.pixels
        self.worker.submit(self._ticket, lambda: _find(pixels))

    def _landed(self, outcome: Outcome) -> None:
        if outcome.error is not None:
            log.warning("the kind of a picture cannot be found: %s", outcome.error)
        if outcome.ticket == self._ticket:
            self._set(outcome.value)

    def _set(self, found: FoundKind | None) -> None:
        if found != self._found:
            self._found = found
            self.changed.emit()


def _find(pixels: NDArray[np.uint8]) -> FoundKind:
    from salviewer.models.kinds import find_kind  # with its engine: not while the window starts

    return find_kind(pixels)
