"""Draw a frame in the thread that shows it, so that the window only has to paint it."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from salviewer.app.viewer.picture_view import make_overlay
from salviewer.app.workers import pyramid
from salviewer.app.workers.overlay_layers import OverlayLayer, OverlaySettings
from salviewer.core.areas import Area, AreaScore, Meter
from salviewer.core.hotspots import Hotspot, HotspotSettings, find_hotspots
from salviewer.streaming.region import PathStep, RegionFollower
from salviewer.streaming.share_history import ShareHistory

if TYPE_CHECKING:
    from salviewer.core.following import Tracked
    from salviewer.core.saliency_map import SaliencyMap
    from salviewer.media.video.frames import Frame

SPOTS_EVERY = 0.1
"""Seconds between two searches for hotspots: five of them take longer than a frame."""


@dataclass(frozen=True, slots=True)
class RenderRequest:
    """Settings to draw a frame.

    Attributes:
        looks: how the map is shown.
        spots: how to find hotspots; None for none.
        areas: areas to measure.
    """

    looks: OverlaySettings = field(default_factory=OverlaySettings)
    spots: HotspotSettings | None = None
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class RenderedFrame:
    """A frame ready to be painted.

    Attributes:
        pyramid: the levels of the frame.
        heat: the map as shown; None while there is none.
        spots, scores, tracked: requested hotspots, scores of areas, and followed region.
    """

    pyramid: pyramid.Pyramid
    heat: OverlayLayer | None
    spots: tuple[Hotspot, ...] = ()
    scores: tuple[AreaScore, ...] = ()
    tracked: Tracked | None = None


class FrameRenderer:
    """Draws frames in order. The window sets `request`; everything else belongs to the drawing thread.

    Attributes:
        request: replaced as a whole; applies from the next frame on.
        history: the shares of areas over time.
    """

    def __init__(self) -> None:
        self.request = RenderRequest()
        self.history = ShareHistory()
        self._lock = threading.Lock()  # for the follower
        self._follower: RegionFollower | None = None
        self._last: Frame | None = None
        self._tracked: Tracked | None = None
        self._spots: tuple[Hotspot, ...] = ()
        self._spots_of: HotspotSettings | None = None
        self._spots_at = 0.0

    def draw(self, frame: Frame, saliency: SaliencyMap | None) -> RenderedFrame:
        """Draw a frame; the same frame may be drawn again."""
        request = self.request
        fresh = frame is not self._last
        self._last = frame
        levels = pyramid.build(frame.pixels)
        tracked = self._follow(frame, saliency, fresh)
        if saliency is None:
            return RenderedFrame(levels, None, tracked=tracked)
        heat = make_overlay(saliency, frame.pixels, request.looks)
        scores = Meter(saliency, heat.measured.field).measure(request.areas) if request.areas else ()
        if fresh:
            self.history.add(frame.seconds, scores)
        return RenderedFrame(levels, heat, self._find(saliency, request), scores, tracked)

    def follow(self, on: bool) -> None:
        """Follow the region with most attention from now on, or none; the path starts again."""
        with self._lock:
            self._follower = RegionFollower() if on else None

    @property
    def follows(self) -> bool:
        """Whether a region is followed."""
        with self._lock:
            return self._follower is not None

    @property
    def path(self) -> tuple[PathStep, ...]:
        """Return the path of the followed region; empty if none is followed."""
        with self._lock:
            return self._follower.path if self._follower is not None else ()

    def _follow(self, frame: Frame, saliency: SaliencyMap | None, fresh: bool) -> Tracked | None:
        with self._lock:
            if self._follower is None:
                self._tracked = None
            elif fresh or self._tracked is None:
                density: NDArray[np.float32] | None = None if saliency is None else saliency.density
                self._tracked = self._follower.update(frame, density)
            return self._tracked

    def _find(self, saliency: SaliencyMap, request: RenderRequest) -> tuple[Hotspot, ...]:
        if request.spots is None:
            self._spots = ()
        elif request.spots != self._spots_of or time.monotonic() - self._spots_at >= SPOTS_EVERY:
            self._spots = find_hotspots(saliency, request.spots, request.looks.settings)
            self._spots_at = time.monotonic()
        self._spots_of = request.spots
        return self._spots
