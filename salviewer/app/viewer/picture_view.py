"""Show the session's picture and map on the canvas, with the overlay that the settings describe."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from salviewer.app.state.session import Session
from salviewer.app.state.settings import ViewerSettings
from salviewer.app.state.settings_store import SettingsStore
from salviewer.app.state.shown import Shown
from salviewer.app.translation import tr
from salviewer.app.viewer.stage import Stage
from salviewer.app.workers.latest_only import LatestOnlyWorker, Outcome
from salviewer.app.workers.lines import attention_contours, threshold_outline
from salviewer.app.workers.loader import Loaded
from salviewer.app.workers.overlay_layers import OverlayLayer, OverlaySettings, to_image
from salviewer.app.workers.sentences import sentence
from salviewer.app.workers.timers import single_shot
from salviewer.core.map_statistics import measure
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.views import VIEWS

_NO_PIXELS = np.zeros((0, 0, 3), np.uint8)  # for layers that do not need them

QUICK = 0.008
"""Most seconds for a layer in the window's own thread; slower ones are made in the worker."""


class OverlayLayers(QObject):
    """Makes the layer for the newest map, settings and style; several changes in one turn cost one layer.

    A map's first layer is made in the worker and timed. If it was fast, the next ones are made at once, so
    that a slider's change is on screen in the same frame.
    """

    made = Signal(object)  # OverlayLayer; None when there is no map
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.worker = LatestOnlyWorker("heat layer", self, self._landed)
        self._saliency: SaliencyMap | None = None
        self._looks = OverlaySettings()
        self._pixels: NDArray[np.uint8] | None = None
        self._ticket = 0
        self._floor = 0  # the oldest ticket whose result is still shown
        self._seconds = float("inf")
        self._soon = single_shot(self, 0, self._make)

    def set_map(self, saliency: SaliencyMap | None, pixels: NDArray[np.uint8] | None = None) -> None:
        """Show another map, or none; `pixels` are its picture's, for layers that need them."""
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
        """Show the same map with other settings."""
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
            self.failed.emit(sentence(error, tr("drawing the heatmap")))

    def _landed(self, outcome: Outcome) -> None:
        if outcome.error is not None:
            self.failed.emit(sentence(outcome.error, tr("drawing the heatmap")))
        elif outcome.ticket >= self._floor:  # not only the newest: a drag shows every finished layer
            self._floor = outcome.ticket
            self._show(outcome.value)

    def _show(self, timed: tuple[OverlayLayer, float]) -> None:
        heat, self._seconds = timed
        self.made.emit(heat)


class PictureView(QObject):
    """Makes the overlay layer from session and settings, and passes it to canvas and `Shown`."""

    def __init__(
        self,
        session: Session,
        settings: SettingsStore,
        shown: Shown,
        stage: Stage,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._shown, self._stage = session, shown, stage
        self.layers = OverlayLayers(self)
        self._renewed: Loaded | None = None  # saved again; shown together with its layer
        session.picture_changed.connect(self._show_picture)
        session.map_changed.connect(self._show_map)
        session.map_missing.connect(lambda: self._show_map(None))
        self.layers.made.connect(self._show_overlay)
        self.layers.failed.connect(lambda _: self._show_renewed())
        settings.follow(self._apply)

    def _show_picture(self, loaded: Loaded) -> None:
        if self._session.renewing:
            self._renewed = loaded
            return
        self._renewed = None
        self.layers.set_map(None)
        if self._shown.overlay is not None:  # from the last frame of a live source
            self._shown.set_overlay(None)
        self._stage.canvas.set_picture(loaded.pyramid)
        self._stage.canvas.setAccessibleDescription(loaded.name)

    def _show_map(self, saliency: SaliencyMap | None) -> None:
        loaded = self._session.loaded
        if saliency is None and self._session.awaits_map:
            return  # this picture's old map stays until the new one is there
        if saliency is None:
            self._show_renewed()
        self.layers.set_map(saliency, None if loaded is None else loaded.picture.pixels)

    def _show_renewed(self) -> None:
        """Show a picture that was saved again, at the place and scale of the old one."""
        loaded, self._renewed = self._renewed, None
        if loaded is not None:
            canvas = self._stage.canvas
            view = canvas.view
            canvas.set_frame(loaded.pyramid)
            if view is not None and view.picture != loaded.pyramid.size:
                canvas.follow(view)

    def _show_overlay(self, overlay: OverlayLayer | None) -> None:
        self._show_renewed()
        image, lines = (None, ()) if overlay is None else (overlay.image, overlay.lines)
        self._stage.canvas.set_layer(image, lines)
        self._shown.set_overlay(overlay)

    def _apply(self, _: ViewerSettings | None, now: ViewerSettings) -> None:
        self.layers.set_looks(OverlaySettings(now.heat, now.style, now.view, now.outline))
        self._stage.set_layer_shown(now.shown)


def _timed(
    saliency: SaliencyMap, pixels: NDArray[np.uint8] | None, looks: OverlaySettings
) -> tuple[OverlayLayer, float]:
    start = time.perf_counter()
    heat = make_overlay(saliency, pixels, looks)
    return heat, time.perf_counter() - start


def make_overlay(
    saliency: SaliencyMap, pixels: NDArray[np.uint8] | None, looks: OverlaySettings
) -> OverlayLayer:
    """Return the layer of a map with its statistics and lines; `pixels` are for views that need them."""
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
