"""Keeps the coloured layer up to date with map, settings and style, without ever holding up the window."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QImage

from salviewer.app.workers.latest_only import LatestOnlyWorker, Outcome
from salviewer.app.workers.lines import Lines, attention_contours, threshold_outline
from salviewer.app.workers.sentences import sentence
from salviewer.core.map_statistics import MapStatistics, measure
from salviewer.core.postprocess import PostprocessSettings
from salviewer.core.render import OverlayStyle
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.views import VIEWS, View

_NO_PIXELS = np.zeros((0, 0, 3), np.uint8)  # for layers that do not look at them

QUICK = 0.008
"""Seconds a layer may cost in the window's own thread; dearer ones are made in the worker."""


@dataclass(frozen=True, slots=True, eq=False)
class OverlayLayer:
    """A map as it is shown now.

    Attributes:
        image: the layer to lay over the picture.
        measured: the numbers behind it.
        lines: what is drawn over the layer.
    """

    image: QImage
    measured: MapStatistics
    lines: tuple[Lines, ...] = ()


@dataclass(frozen=True, slots=True)
class OverlaySettings:
    """How a map is shown.

    Attributes:
        settings, style: numbers and colours.
        view: one of `core.views.canvas_views`.
        outline: whether the threshold's border is drawn.
    """

    settings: PostprocessSettings = field(default_factory=PostprocessSettings)
    style: OverlayStyle = field(default_factory=OverlayStyle)
    view: View = "overlay"
    outline: bool = False

    @property
    def lined(self) -> bool:
        """Whether lines are drawn, whose cost depends on the map."""
        spec = VIEWS[self.view]
        return self.outline or spec.outlined or spec.lines is not None


class OverlayLayers(QObject):
    """Makes the layer for the newest map, settings and style; several changes in one turn cost one layer.

    A map's first layer is made in the worker, which also finds out what it costs. Once a layer has proved
    quick, the next ones are made on the spot, so that a slider's tick is on screen in the same frame.
    """

    made = Signal(object)  # OverlayLayer; None when there is no map
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.worker = LatestOnlyWorker("heat layer", self)
        self.worker.finished.connect(self._landed, Qt.ConnectionType.DirectConnection)
        self._saliency: SaliencyMap | None = None
        self._looks = OverlaySettings()
        self._pixels: NDArray[np.uint8] | None = None
        self._ticket = 0
        self._floor = 0  # the oldest ticket that is still worth showing
        self._seconds = float("inf")
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._make)

    def set_map(self, saliency: SaliencyMap | None, pixels: NDArray[np.uint8] | None = None) -> None:
        """Show another map, or none; `pixels` are those of its picture, which fog is made of."""
        if saliency is not self._saliency:
            self._saliency, self._pixels = saliency, pixels
            self._floor = self._ticket + 1
            if saliency is None:
                self._ticket += 1
                self._soon.stop()
                self.worker.forget()
                self.made.emit(None)
            else:
                self._seconds = float("inf")
                self._soon.start()

    def set_looks(self, looks: OverlaySettings) -> None:
        """Show the same map otherwise."""
        if looks != self._looks:
            if looks.view != self._looks.view:
                self._seconds = float("inf")
            self._looks = looks
            if self._saliency is not None:
                self._soon.start()

    def _make(self) -> None:
        saliency, pixels, looks = self._saliency, self._pixels, self._looks
        if saliency is None:
            return
        self._ticket += 1
        if self._seconds > QUICK or looks.lined:
            self.worker.submit(self._ticket, lambda: _timed(saliency, pixels, looks))
            return
        self._floor = self._ticket
        try:
            self._show(_timed(saliency, pixels, looks))
        except Exception as error:
            self.failed.emit(sentence(error, "drawing the heatmap"))

    def _landed(self, outcome: Outcome) -> None:
        if outcome.error is not None:
            self.failed.emit(sentence(outcome.error, "drawing the heatmap"))
        elif outcome.ticket >= self._floor:  # not the newest alone: a drag shows what has come so far
            self._floor = outcome.ticket
            self._show(outcome.value)

    def _show(self, timed: tuple[OverlayLayer, float]) -> None:
        heat, self._seconds = timed
        self.made.emit(heat)


def _timed(
    saliency: SaliencyMap, pixels: NDArray[np.uint8] | None, looks: OverlaySettings
) -> tuple[OverlayLayer, float]:
    start = time.perf_counter()
    heat = make_overlay(saliency, pixels, looks)
    return heat, time.perf_counter() - start


def make_overlay(
    saliency: SaliencyMap, pixels: NDArray[np.uint8] | None, looks: OverlaySettings
) -> OverlayLayer:
    """The layer of a map, its numbers and lines; `pixels` are what fog is made of."""
    settings, style = looks.settings, looks.style
    spec = VIEWS[looks.view]
    if spec.layer is None or (pixels is None and spec.needs_picture):
        spec = VIEWS["overlay"]
    assert spec.layer is not None
    lines = threshold_outline(saliency, settings) if looks.outline or spec.outlined else ()
    if spec.lines is not None:
        lines += attention_contours(spec.lines(saliency, settings, style))
    bare = _NO_PIXELS if pixels is None else pixels
    image = to_image(spec.layer(bare, saliency, settings, style))
    return OverlayLayer(image, measure(saliency, settings), lines)


def to_image(layer: NDArray[np.uint8]) -> QImage:
    """RGB or straight-alpha RGBA as an image of its own, premultiplied: so painters interpolate rightly."""
    height, width, channels = layer.shape
    layer = np.ascontiguousarray(layer)
    form = QImage.Format.Format_RGBA8888 if channels == 4 else QImage.Format.Format_RGB888
    shared = QImage(layer.data, width, height, channels * width, form)
    return shared.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
