"""What is on screen beside the picture and its map, which the session has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from salviewer.app.state.areas import AreaStore
from salviewer.app.state.models import ModelList
from salviewer.app.state.session import Session
from salviewer.app.state.settings_store import SettingsStore
from salviewer.app.translation import tr
from salviewer.app.workers.inference import EngineReady
from salviewer.app.workers.overlay_layers import OverlayLayer
from salviewer.core.areas import Area, AreaScore
from salviewer.core.following import Tracked
from salviewer.core.hotspots import Hotspot
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.scene import Scene


class Drawing(Protocol):
    """A picture that can be drawn for the clipboard or a file."""

    @property
    def icc(self) -> bytes | None:
        """The colour profile of what `render` returns."""

    def render(self) -> NDArray[np.uint8]:
        """Return (H, W, 3) uint8."""


@dataclass(frozen=True, slots=True)
class EngineInUse:
    """What computed the map on screen, in words.

    Attributes:
        model: the model's title.
        device: the device and engine: "CPU, float32, OpenVINO".
        speed: time or rate: "9 ms"; "" when unknown.
    """

    model: str = ""
    device: str = ""
    speed: str = ""

    @property
    def line(self) -> str:
        """All of it for the status line."""
        return "  ·  ".join(part for part in (self.model, self.device, self.speed) if part)


class Shown(QObject):
    """Titles, reports and the status line read this, never a widget.

    Attributes:
        ready: the engine that answered last for the model asked for; None while there is none.
        drawing: draws the two that are compared as they are shown; None while one picture is shown alone.
    """

    overlay_changed = Signal(object)  # OverlayLayer, or None
    engine_changed = Signal(object)  # EngineInUse
    ready_changed = Signal(object)  # EngineReady, or None
    second_changed = Signal(object)  # SaliencyMap, or None: of the picture that stands beside
    scores_changed = Signal(object)  # tuple of AreaScore
    hotspots_changed = Signal(object)  # tuple of Hotspot

    def __init__(
        self,
        session: Session,
        settings: SettingsStore,
        areas: AreaStore,
        models: ModelList,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._models = models
        self._session, self._settings, self._areas = session, settings, areas
        self.ready: EngineReady | None = None
        self.region: Tracked | None = None  # the followed one of a live source, set with each frame
        self.drawing: Callable[[], Drawing | None] = lambda: None
        self._overlay: OverlayLayer | None = None
        self._engine = EngineInUse()
        self._second: SaliencyMap | None = None
        self._scores: dict[str, AreaScore] = {}  # by the id of the area
        self._hotspots: tuple[Hotspot, ...] = ()
        session.engine_changed.connect(lambda _: self._set_ready(None))
        session.engine_ready.connect(self._set_ready)
        session.map_changed.connect(lambda _: self._find_engine())

    @property
    def overlay(self) -> OverlayLayer | None:
        """The map as it is drawn now, with its statistics."""
        return self._overlay

    def set_overlay(self, overlay: OverlayLayer | None) -> None:
        """Take the newest drawn map."""
        self._overlay = overlay
        self.overlay_changed.emit(overlay)

    @property
    def engine(self) -> EngineInUse:
        """What predicts."""
        return self._engine

    def set_engine(self, engine: EngineInUse) -> None:
        """Take what predicts the frames of a live source."""
        if engine != self._engine:
            self._engine = engine
            self.engine_changed.emit(engine)

    @property
    def second(self) -> SaliencyMap | None:
        """The map of the picture that stands beside the first; None for none."""
        return self._second

    def set_second(self, saliency: SaliencyMap | None) -> None:
        """Take the map of the picture that stands beside."""
        self._second = saliency
        self.second_changed.emit(saliency)

    @property
    def scores(self) -> tuple[AreaScore, ...]:
        """The newest scores of the areas of the picture, in their order, without those not measured yet."""
        return tuple(self._scores[area.id] for area in self._areas.all if area.id in self._scores)

    def score(self, area: Area) -> AreaScore | None:
        """The newest score of an area; None while there is no map, or it is not measured yet."""
        return self._scores.get(area.id)

    def set_scores(self, scores: Iterable[AreaScore]) -> None:
        """Take the newest scores; while the session is live, the live source sets them."""
        found = {score.area.id: score for score in scores}
        if found != self._scores:
            self._scores = found
            self.scores_changed.emit(self.scores)

    @property
    def hotspots(self) -> tuple[Hotspot, ...]:
        """Those of the map on screen, in their predicted order; empty while they are not shown."""
        return self._hotspots

    def set_hotspots(self, hotspots: Sequence[Hotspot]) -> None:
        """Take the newest hotspots; while the session is live, the live source sets them with each frame."""
        if tuple(hotspots) != self._hotspots:
            self._hotspots = tuple(hotspots)
            self.hotspots_changed.emit(self._hotspots)

    @property
    def scene(self) -> Scene:
        """All that is drawn over the picture, for a file that is to show the same."""
        now = self._settings.now
        return replace(now.scene, areas=self._areas.all if now.areas else (), region=self.region)

    def _set_ready(self, ready: EngineReady | None) -> None:
        self.ready = ready
        self.ready_changed.emit(ready)
        self._find_engine()

    def _find_engine(self) -> None:
        if self._session.live:
            return
        saliency = self._session.saliency
        speed = (
            tr("{milliseconds:.0f} ms", milliseconds=saliency.milliseconds)
            if saliency is not None and saliency.milliseconds
            else ""
        )
        if self.ready is None:
            self.set_engine(EngineInUse(speed=speed))
        else:
            self.set_engine(
                EngineInUse(self._models.title(self._session.engine.model), self.ready.device_title, speed)
            )
