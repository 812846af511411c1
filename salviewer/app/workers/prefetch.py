"""Prepares the pictures that may be asked for next, while nothing else is to be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, QTimer, Signal

from salviewer.app.workers.inference import PREFETCH, Engine, Inference, Request, Response
from salviewer.app.workers.loader import PREFETCH as LOAD_PREFETCH
from salviewer.app.workers.loader import Loader, Prepared

Preparing = Literal["nothing", "pictures", "maps"]
"""What is done ahead for the neighbours of the picture on screen."""

REST = 150
"""Milliseconds that a picture and its map are on screen before anything is done ahead."""

LONGEST_REST = 1000
"""The most of them; a network that takes longer than `2 * REST` waits for half of what it takes."""

NOBODY = -(10**9)
"""The generation of requests that are for no picture on screen; nobody else counts that far."""


class Prefetch(QObject):
    """Decodes and predicts one picture after the other, into the caches of those who do it for the screen.

    A job that has begun cannot be stopped, so nothing begins before a rest that grows with what the network
    costs: stepping quickly, or with a slow network, begins nothing that the next step would wait for.

    Args:
        knows: whether the map of this content is known already.
    """

    settled = Signal()  # all is prepared

    def __init__(
        self,
        loader: Loader,
        inference: Inference,
        knows: Callable[[str, Engine], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.preparing: Preparing = "nothing"
        self._loader, self._inference, self._knows = loader, inference, knows
        self._engine: Engine | None = None  # None while there is nothing to do
        self._left: list[Path] = []
        self._ticket = 0
        self._predicting = ""  # the key of the picture whose map is awaited
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._go_on)
        loader.prepared.connect(self._prepared)
        inference.responded.connect(self._responded)

    def settle(self, paths: Sequence[Path], engine: Engine, cost: float) -> None:
        """The screen is complete: prepare these after a rest.

        Args:
            cost: what a prediction takes, in milliseconds.
        """
        self.hold()
        self._engine = engine
        self._left = list(paths) if self.preparing != "nothing" else []
        self._rest.start(rest(cost))

    def hold(self) -> None:
        """Something is asked for: begin nothing."""
        self._rest.stop()
        self._ticket += 1
        self._engine, self._left, self._predicting = None, [], ""
        self._loader.worker.forget(LOAD_PREFETCH)
        self._inference.forget(PREFETCH)

    def _go_on(self) -> None:
        if self._engine is None:
            return
        if self._left:
            self._loader.prepare(self._ticket, self._left.pop(0))
        else:
            self.settled.emit()

    def _prepared(self, prepared: Prepared) -> None:
        loaded, engine = prepared.loaded, self._engine
        if prepared.ticket != self._ticket or engine is None:
            return
        if loaded is None or self.preparing != "maps" or self._knows(loaded.key, engine):
            self._go_on()
            return
        self._predicting = loaded.key
        self._inference.request(Request(NOBODY, engine, loaded.key, loaded.picture.pixels, PREFETCH))

    def _responded(self, response: Response) -> None:
        if self._predicting and response.request.key == self._predicting:
            self._predicting = ""
            self._go_on()


def rest(cost: float) -> int:
    """Milliseconds to wait before work ahead with a network that takes `cost` of them."""
    return round(min(max(REST, cost / 2), LONGEST_REST))
