"""Predict the pictures of visible thumbnails while the program is idle."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject

from salviewer.app.state.session import Session
from salviewer.app.workers.inference import THUMBNAIL, Request, Response
from salviewer.app.workers.latest_only import LatestOnlyWorker, Outcome
from salviewer.app.workers.loader import picture_key
from salviewer.app.workers.prefetch import rest
from salviewer.app.workers.stills import load_still
from salviewer.app.workers.timers import single_shot
from salviewer.media.images import Picture

DEAREST = 1000
"""Most milliseconds for a prediction here. It cannot be stopped, and the picture on screen would wait: with a
slower network, only maps that are known anyway are shown."""


class ThumbnailPredictions(QObject):
    """Predicts one picture after the other, decoded in a thread of its own, with the lowest urgency.

    Maps go into the session's memory, as if their pictures had been on screen; `Session.learned` announces
    them.
    """

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.worker = LatestOnlyWorker("thumbnail_predictions", self, self._decoded)
        self._session = session
        self._left: list[Path] = []
        self._ticket = 0
        self._key = ""  # of the picture that is being predicted
        self._rest = single_shot(self, 0, self._go_on)
        session.inference.responded.connect(self._responded)

    def want(self, paths: Sequence[Path]) -> None:
        """Predict these pictures unless their maps are known; forget earlier ones."""
        self.hold()
        self._left = list(paths)
        self._begin()

    def hold(self) -> None:
        """Start no more predictions: something else is requested."""
        self._ticket += 1
        self._left, self._key = [], ""
        self._rest.stop()
        self.worker.forget()
        self._session.inference.forget(THUMBNAIL)

    def _begin(self) -> None:
        shown = self._session.saliency
        if self._left and shown is not None and not self._session.live and shown.milliseconds <= DEAREST:
            self._rest.start(rest(shown.milliseconds))

    def _go_on(self) -> None:
        if self._left:
            path = self._left.pop(0)
            self.worker.submit(self._ticket, lambda: _decode(path))

    def _decoded(self, outcome: Outcome) -> None:
        if outcome.ticket != self._ticket:
            return
        if outcome.error is not None:  # its thumbnail shows the error
            self._begin()
            return
        key, picture = outcome.value
        if self._session.known_map(key, self._session.engine) is not None:
            self._begin()
            return
        self._key = key
        engine = self._session.engine
        self._session.inference.request(Request.of(picture, key, engine, THUMBNAIL))

    def _responded(self, response: Response) -> None:
        if self._key and response.request.key == self._key:
            self._key = ""
            self._begin()


def _decode(path: Path) -> tuple[str, Picture]:
    return picture_key(path), load_still(path)
