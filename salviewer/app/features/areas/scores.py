"""Keeps the scores of the areas on screen up to date, without ever holding up the window."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal

from salviewer.app.workers.latest_only import Lane, Outcome
from salviewer.app.workers.sentences import sentence
from salviewer.core.areas import Area, AreaScore, Meter
from salviewer.core.saliency_map import SaliencyMap

AT_ONCE = 2
"""So many areas are measured in the window's own thread: one that is dragged, in the same frame."""
AT_ONCE_CELLS = 100_000
"""Of a map that large at most."""


class Scores(QObject):
    """Measures areas on the map that is shown; several at a time in a worker, of which the newest counts."""

    changed = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lane = Lane("area scores", self)
        self.lane.finished.connect(self._landed, Qt.ConnectionType.DirectConnection)
        self._meter: Meter | None = None
        self._cells = 0
        self._areas: tuple[Area, ...] = ()
        self._found: dict[str, AreaScore] = {}
        self._ticket = 0

    def of(self, area: Area) -> AreaScore | None:
        """The newest score of an area; None while there is no map, or it is not measured yet."""
        return self._found.get(area.id)

    def table(self, areas: Sequence[Area]) -> tuple[AreaScore, ...]:
        """The scores of these, in their order; without those that have none yet."""
        return tuple(self._found[area.id] for area in areas if area.id in self._found)

    def set_map(self, saliency: SaliencyMap | None, shown: NDArray[np.float32] | None = None) -> None:
        """Measure on another map, or on the same as it is shown now; None for no map.

        Args:
            saliency: the prediction.
            shown: as of `Meter`.
        """
        self._meter = None if saliency is None or shown is None else Meter(saliency, shown)
        self._cells = 0 if shown is None else shown.size
        self._measure()

    def set_areas(self, areas: tuple[Area, ...]) -> None:
        """Measure these."""
        self._areas = areas
        self._measure()

    def _measure(self) -> None:
        self._ticket += 1
        meter, areas = self._meter, self._areas
        if meter is None or not areas:
            self.lane.forget()
            self.show(())
        elif self._cells <= AT_ONCE_CELLS and meter.unknown(areas) <= AT_ONCE:
            self.lane.forget()
            self.show(meter.measure(areas))
        else:
            kept = {area.id for area in areas}
            self._found = {id_: score for id_, score in self._found.items() if id_ in kept}
            self.lane.submit(self._ticket, lambda: meter.measure(areas))

    def _landed(self, outcome: Outcome) -> None:
        if outcome.ticket != self._ticket:
            return
        if outcome.error is not None:
            self.failed.emit(sentence(outcome.error, "measuring the areas"))
        else:
            self.show(outcome.value)

    def show(self, scores: tuple[AreaScore, ...]) -> None:
        """Take these, which somebody else has measured, for the newest."""
        found = {score.area.id: score for score in scores}
        if found != self._found:
            self._found = found
            self.changed.emit()
