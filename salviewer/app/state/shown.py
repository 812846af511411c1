"""State of the screen besides the picture and its map, which the session has."""

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
    """The origin of the map on screen, as text.

    Attributes:
        model: the model's title.
        device: the device and engine: "CPU, float32, OpenVINO".
        speed: time or rate: "9 ms"; "" if unknown.
    """

    model: str = ""
    device: str = ""
    speed: str = ""

    @property
    def line(self) -> str:
        """The text for the status line."""
        return "  ·  ".join(part for part in (self.model, self.device, self.speed) if part)


class Shown(QObject):
    """Titles, reports and the status line read this, never a widget.

    Attributes:
        ready: the last engine that answered for the requested model, or None.
        drawing: draws the two compared pictures as shown; None while one picture is shown alone.
    """

    overlay_changed = Signal(object)  # OverlayLayer, or None
    engine_changed = Signal(object)  # EngineInUse
    ready_changed = Signal(object)  # EngineReady, or None
    second_changed = Signal(object)  # SaliencyMap of the picture beside, or None
    scores_changed = Signal(object)  # tuple of AreaScore
    frame_drawn = Signal(object, object)  # SourceInfo, OverlayLayer or None: a frame of a live source
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
        self.region: Tracked | None = None  # the followed region of a live source, set with each frame
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
        """The map as drawn now, with its statistics."""
        return self._overlay

    def set_overlay(self, overlay: OverlayLayer | None) -> None:
        """Set the newest drawn map."""
        self._overlay = overlay
        self.overlay_changed.emit(overlay)

    @property
    def engine(self) -> EngineInUse:
        """The engine in use."""
        return self._engine

    def set_engine(self, engine: EngineInUse) -> None:
        """Set the engine for the frames of a live source."""
        if engine != self._engine:
            self._engine = engine
            self.engine_changed.emit(engine)

    @property
    def second(self) -> SaliencyMap | None:
        """The map of the picture beside the first, or None."""
        return self._second

    def set_second(self, saliency: SaliencyMap | None) -> None:
        """Set the map of the picture beside the first."""
        self._second = saliency
        self.second_changed.emit(saliency)

    @property
    def scores(self) -> tuple[AreaScore, ...]:
        """The newest scores of the picture's areas, in their order, without areas yet to be measured."""
        return tuple(self._scores[area.id] for area in self._areas.all if area.id in self._scores)

    def score(self, area: Area) -> AreaScore | None:
        """Return the newest score of an area; None without a map or before it is measured."""
        return self._scores.get(area.id)

    def set_scores(self, scores: Iterable[AreaScore]) -> None:
        """Set the newest scores; while the session is live, the live source does."""
        found = {score.area.id: score for score in scores}
        if found != self._scores:
            self._scores = found
            self.scores_changed.emit(self.scores)

    @property
    def hotspots(self) -> tuple[Hotspot, ...]:
        """The hotspots of the map on screen, in predicted order; empty while they are hidden."""
        return self._hotspots

    def set_hotspots(self, hotspots: Sequence[Hotspot]) -> None:
        """Set the newest hotspots; while the session is live, the live source does so with each frame."""
        if tuple(hotspots) != self._hotspots:
            self._hotspots = tuple(hotspots)
            self.hotspots_changed.emit(self._hotspots)

    @property
    def scene(self) -> Scene:
        """Return all that is drawn over the picture, for a file that should show the same."""
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
