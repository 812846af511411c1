"""Measure the areas on screen without blocking the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from salviewer.app.translation import tr
from salviewer.app.workers.latest_only import LatestOnlyWorker, Outcome
from salviewer.app.workers.sentences import sentence
from salviewer.core.areas import Area, Meter

if TYPE_CHECKING:
    from salviewer.core.saliency_map import SaliencyMap

AT_ONCE = 2
"""Most new areas that are measured in the window's own thread, so that a dragged one follows at once."""
AT_ONCE_CELLS = 100_000
"""Most cells of a map for that."""


class AreaScorer(QObject):
    """Measures areas on the map on screen; many of them in a worker, whose newest answer counts."""

    measured = Signal(object)  # tuple of AreaScore; empty without a map or areas
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.worker = LatestOnlyWorker("area scores", self, self._landed)
        self._meter: Meter | None = None
        self._cells = 0
        self._areas: tuple[Area, ...] = ()
        self._ticket = 0

    def set_map(self, saliency: SaliencyMap | None, shown: NDArray[np.float32] | None = None) -> None:
        """Measure on another map, or on the same map with other settings; None for no map.

        Args:
            saliency: the prediction.
            shown: as in `Meter`.
        """
        self._meter = None if saliency is None or shown is None else Meter(saliency, shown)
        self._cells = 0 if shown is None else shown.size
        self._measure()

    def set_areas(self, areas: tuple[Area, ...]) -> None:
        """Measure these areas."""
        self._areas = areas
        self._measure()

    def _measure(self) -> None:
        self._ticket += 1
        meter, areas = self._meter, self._areas
        if meter is None or not areas:
            self.worker.forget()
            self.measured.emit(())
        elif self._cells <= AT_ONCE_CELLS and meter.unknown(areas) <= AT_ONCE:
            self.worker.forget()
            self.measured.emit(meter.measure(areas))
        else:
            self.worker.submit(self._ticket, lambda: meter.measure(areas))

    def _landed(self, outcome: Outcome) -> None:
        if outcome.ticket != self._ticket:
            return
        if outcome.error is not None:
            self.failed.emit(sentence(outcome.error, tr("measuring the areas")))
        else:
            self.measured.emit(outcome.value)
