"""Puts the session's picture and its map on the canvas, with the overlay that the settings ask for."""

from __future__ import annotations

from PySide6.QtCore import QObject

from salviewer.app.state.session import Session
from salviewer.app.state.settings import ViewerSettings
from salviewer.app.state.settings_store import SettingsStore
from salviewer.app.state.shown import Shown
from salviewer.app.viewer.stage import Stage
from salviewer.app.workers.loader import Loaded
from salviewer.app.workers.overlay_layers import OverlayLayer, OverlayLayers, OverlaySettings
from salviewer.core.saliency_map import SaliencyMap


class PictureView(QObject):
    """From session and settings to the overlay layer, from the overlay layer to canvas and `Shown`."""

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
        session.picture_changed.connect(self._show_picture)
        session.map_changed.connect(self._show_map)
        session.map_missing.connect(lambda: self._show_map(None))
        self.layers.made.connect(self._show_overlay)
        settings.follow(self._apply)

    def _show_picture(self, loaded: Loaded) -> None:
        self.layers.set_map(None)
        if self._shown.overlay is not None:  # of the last frame of a live source
            self._shown.set_overlay(None)
        self._stage.canvas.set_picture(loaded.pyramid)
        self._stage.canvas.setAccessibleDescription(loaded.name)

    def _show_map(self, saliency: SaliencyMap | None) -> None:
        loaded = self._session.loaded
        if saliency is None and self._session.awaits_map:
            return  # the old map of this picture stays until the new one is there
        self.layers.set_map(saliency, None if loaded is None else loaded.picture.pixels)

    def _show_overlay(self, overlay: OverlayLayer | None) -> None:
        image, lines = (None, ()) if overlay is None else (overlay.image, overlay.lines)
        self._stage.canvas.set_layer(image, lines)
        self._shown.set_overlay(overlay)

    def _apply(self, _: ViewerSettings | None, now: ViewerSettings) -> None:
        self.layers.set_looks(OverlaySettings(now.heat, now.style, now.view, now.outline))
        self._stage.set_layer_shown(now.shown)
