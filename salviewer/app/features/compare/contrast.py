"""Compare two maps in a worker: numbers, the coloured difference, and the grey picture under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from salviewer.app.translation import tr
from salviewer.app.workers.latest_only import LatestOnlyWorker, Outcome
from salviewer.app.workers.overlay_layers import to_image
from salviewer.app.workers.pyramid import Pyramid
from salviewer.app.workers.sentences import sentence
from salviewer.app.workers.timers import single_shot
from salviewer.core.compare import Comparison, compare, difference_layer
from salviewer.core.postprocess import PostprocessSettings, smoothed
from salviewer.first_use import cv2

if TYPE_CHECKING:
    from salviewer.core.render import OverlayStyle
    from salviewer.core.saliency_map import SaliencyMap


@dataclass(frozen=True, slots=True)
class Task:
    """The maps to compare.

    Attributes:
        first, second: the maps of A and B.
        settings, style: of the views; sigma, opacity and fade matter.
        peak: the difference in full colour; None for the largest.
        picture: B's picture, for the difference; None while it is hidden.
    """

    first: SaliencyMap
    second: SaliencyMap
    settings: PostprocessSettings
    style: OverlayStyle
    peak: float | None = None
    picture: Pyramid | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Contrast:
    """The difference of two maps.

    Attributes:
        maps: of A and B.
        comparison: the numbers.
        largest: the largest difference, in multiples of the average, >= 0.
        top: the hottest spot of either map, in multiples of the average.
        layer, grey: the difference and B's picture without colour; None while they are hidden.
    """

    maps: tuple[SaliencyMap, SaliencyMap]
    comparison: Comparison
    largest: float
    top: float
    layer: QImage | None = None
    grey: Pyramid | None = None


class Contrasts(QObject):
    """Compares the maps of the newest task; several tasks in one turn of the event loop cost one."""

    made = Signal(object)  # Contrast; None without two maps
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.worker = LatestOnlyWorker("comparison", self, self._landed)
        self._ticket = 0
        self._floor = 0  # the oldest ticket whose result is still shown
        self._task: Task | None = None
        self._compared: tuple[SaliencyMap, SaliencyMap, float, Comparison] | None = None  # used by the worker
        self._greyed: tuple[Pyramid, Pyramid] | None = None  # used by the worker
        self._soon = single_shot(self, 0, self._make)

    def set_task(self, task: Task | None) -> None:
        """Set the next task; None for none."""
        if task == self._task:
            return
        before, self._task = self._task, task
        self._ticket += 1
        if task is None or before is None or (task.first, task.second) != (before.first, before.second):
            self._floor = self._ticket
            self.made.emit(None)
        if task is None:
            self._soon.stop()
            self.worker.forget()
        else:
            self._soon.start()

    def _make(self) -> None:
        task = self._task
        if task is not None:
            self.worker.submit(self._ticket, lambda: self._work(task))

    def _landed(self, outcome: Outcome) -> None:
        if outcome.error is not None:
            self.failed.emit(sentence(outcome.error, tr("comparing")))
        elif outcome.ticket >= self._floor:
            self._floor = outcome.ticket
            self.made.emit(outcome.value)

    def _work(self, task: Task) -> Contrast:
        key = (task.first, task.second, task.settings.sigma)
        if self._compared is None or self._compared[:3] != key:
            self._compared = (*key, compare(task.first, task.second, task.settings))
        found = self._compared[3]
        layer = grey = None
        if task.picture is not None:
            layer = to_image(difference_layer(found, task.picture.size, task.style, task.peak))
            if self._greyed is None or self._greyed[0] is not task.picture:
                self._greyed = (task.picture, in_grey(task.picture))
            grey = self._greyed[1]
        else:
            self._greyed = None
        largest = float(np.abs(found.difference).max())
        return Contrast((task.first, task.second), found, largest, _top(task), layer, grey)


def _top(task: Task) -> float:
    maps = (smoothed(saliency, task.settings.sigma) for saliency in (task.first, task.second))
    return max(float(density.max()) * density.size for density in maps)


def in_grey(pyramid: Pyramid) -> Pyramid:
    """Return the same picture without colour, one byte per pixel."""
    arrays, images = [], []
    for array in pyramid.pixels:
        way = cv2.COLOR_RGB2GRAY if array.shape[2] == 3 else cv2.COLOR_BGRA2GRAY
        grey = np.asarray(cv2.cvtColor(array, way), np.uint8)
        arrays.append(grey)
        height, width = grey.shape
        images.append(QImage(grey.data, width, height, width, QImage.Format.Format_Grayscale8))
    return Pyramid(pyramid.size, tuple(images), tuple(arrays))
