"""Prepare pictures that may be requested next, while nothing else is to be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, Signal

from salviewer.app.workers.inference import PREFETCH, Engine, Inference, Request, Response
from salviewer.app.workers.loader import PREFETCH as LOAD_PREFETCH
from salviewer.app.workers.loader import Loader, Prepared
from salviewer.app.workers.timers import single_shot

Preparing = Literal["nothing", "pictures", "maps"]
"""Kinds of data to prepare for the neighbours of the picture on screen."""

REST = 150
"""Milliseconds for which a picture and its map are on screen before prefetching begins."""

LONGEST_REST = 1000
"""Longest pause; a network that takes longer than `2 * REST` causes a pause of half its time."""


class Prefetch(QObject):
    """Decodes and predicts one picture after the other, into the caches that the screen uses.

    A running job cannot be stopped, so none begins before a pause that grows with the network's time: fast
    stepping, or a slow network, starts nothing for which the next step would wait.

    Args:
        knows: returns whether the map of this content is known.
    """

    settled = Signal()  # everything is prepared

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
        self._predicting = ""  # key of the picture whose map is awaited
        self._rest = single_shot(self, 0, self._go_on)
        loader.prepared.connect(self._prepared)
        inference.responded.connect(self._responded)

    def settle(self, paths: Sequence[Path], engine: Engine, cost: float) -> None:
        """Prepare these pictures after a pause, now that the screen is complete.

        Args:
            cost: milliseconds for a prediction.
        """
        self.hold()
        self._engine = engine
        self._left = list(paths) if self.preparing != "nothing" else []
        self._rest.start(rest(cost))

    def hold(self) -> None:
        """Start nothing more: something is requested."""
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
        self._inference.request(Request.of(loaded.picture, loaded.key, engine, PREFETCH))

    def _responded(self, response: Response) -> None:
        if self._predicting and response.request.key == self._predicting:
            self._predicting = ""
            self._go_on()


def rest(cost: float) -> int:
    """Return the pause in milliseconds before prefetching with a network that takes `cost` milliseconds."""
    return round(min(max(REST, cost / 2), LONGEST_REST))
