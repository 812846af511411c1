"""Keeps the coloured layer up to date with map, settings and style, without ever holding up the window."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QImage

from salviewer.app.lane import Lane, Outcome
from salviewer.app.trouble import sentence
from salviewer.core.postprocess import PostprocessSettings
from salviewer.core.render import OverlayStyle, heat_layer
from salviewer.core.saliency_map import SaliencyMap

QUICK = 0.008
"""Seconds a layer may cost in the window's own thread; dearer ones are made in the worker."""


class HeatLayers(QObject):
    """Makes the layer for the newest map, settings and style; several changes in one turn cost one layer.

    A map's first layer is made in the worker, which also finds out what it costs. Once a layer has proved
    quick, the next ones are made on the spot, so that a slider's tick is on screen in the same frame.
    """

    made = Signal(object)  # QImage, premultiplied; None when there is no map
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lane = Lane("heat layer", self)
        self.lane.finished.connect(self._landed, Qt.ConnectionType.DirectConnection)
        self._saliency: SaliencyMap | None = None
        self._settings = PostprocessSettings()
        self._style = OverlayStyle()
        self._ticket = 0
        self._seconds = float("inf")
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._make)

    def set_map(self, saliency: SaliencyMap | None) -> None:
        """Show another map, or none."""
        if saliency is not self._saliency:
            self._saliency = saliency
            if saliency is None:
                self._ticket += 1
                self._soon.stop()
                self.lane.forget()
                self.made.emit(None)
            else:
                self._soon.start()

    def set_look(self, settings: PostprocessSettings, style: OverlayStyle) -> None:
        """Show the same map otherwise."""
        if (settings, style) != (self._settings, self._style):
            self._settings, self._style = settings, style
            if self._saliency is not None:
                self._soon.start()

    def _make(self) -> None:
        saliency, settings, style = self._saliency, self._settings, self._style
        if saliency is None:
            return
        self._ticket += 1
        if self._seconds > QUICK:
            self.lane.submit(self._ticket, lambda: _timed(saliency, settings, style))
            return
        try:
            self._show(_timed(saliency, settings, style))
        except Exception as error:
            self.failed.emit(sentence(error, "drawing the heatmap"))

    def _landed(self, outcome: Outcome) -> None:
        if outcome.error is not None:
            self.failed.emit(sentence(outcome.error, "drawing the heatmap"))
        elif outcome.ticket == self._ticket:
            self._show(outcome.value)

    def _show(self, timed: tuple[QImage, float]) -> None:
        layer, self._seconds = timed
        self.made.emit(layer)


def _timed(saliency: SaliencyMap, settings: PostprocessSettings, style: OverlayStyle) -> tuple[QImage, float]:
    start = time.perf_counter()
    layer = to_image(heat_layer(saliency, settings, style))
    return layer, time.perf_counter() - start


def to_image(layer: NDArray[np.uint8]) -> QImage:
    """Straight-alpha RGBA as an image of its own, premultiplied so that the painter interpolates rightly."""
    height, width = layer.shape[:2]
    layer = np.ascontiguousarray(layer)
    shared = QImage(layer.data, width, height, 4 * width, QImage.Format.Format_RGBA8888)
    return shared.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
