"""Visits of attention to areas: which, after how many fixations and seconds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from salviewer.core.areas import Area
from salviewer.core.hotspots import Hotspot, HotspotSettings, find_hotspots
from salviewer.core.postprocess import PostprocessSettings
from salviewer.core.saliency_map import SaliencyMap
from salviewer.first_use import cv2

FIXATION = 0.33
"""Seconds that one visit takes: the mean duration of a fixation when people look at scenes (Henderson, "Human
gaze control during real-world scene perception", Trends in Cognitive Sciences 2003)."""

SECONDS = (1, 2, 3)
"""The times that are shown."""

_FOUND = 30  # visits that are looked through for an area
_SOFT = 0.25  # of a disc's radius: how far its rim fades
_DIM, _GREYNESS = 0.72, 0.75  # how much light and colour the unseen part loses


def visits(saliency: SaliencyMap, settings: PostprocessSettings | None = None) -> tuple[Hotspot, ...]:
    """Find the predicted visits in their order, at most 30: `hotspots.find_hotspots`."""
    return find_hotspots(saliency, HotspotSettings(_FOUND), settings)


def visits_until(seconds: float) -> int:
    """Return how many visits have been made after that time: each takes `FIXATION` seconds."""
    return int(np.floor(seconds / FIXATION + 1e-9))


def first_visit(area: Area, stops: Sequence[Hotspot], source_size: tuple[int, int]) -> int | None:
    """Return the number, from 1, of the first visit whose place lies in an area; None if none does.

    Args:
        area: where; its border counts as inside.
        stops: in order, as `visits` returns them.
        source_size: (width, height) of the picture in pixels.
    """
    outline = (area.outline() * source_size).astype(np.float32)
    for stop in stops:
        if cv2.pointPolygonTest(outline, (float(stop.x), float(stop.y)), False) >= 0:
            return stop.number
    return None


def seconds_until(visit: int) -> float:
    """Return when a visit begins, in seconds: the first one at 0."""
    return (visit - 1) * FIXATION


def draw_seen(
    pixels: NDArray[np.uint8], stops: Sequence[Hotspot], radius: float, seconds: float
) -> NDArray[np.uint8]:
    """Draw what has been seen after some seconds: the picture dimmed, and clear around each visit.

    Args:
        pixels: uint8, (H, W, 3), sRGB; may be scaled down. Not changed.
        stops: in order, in fractions of the picture or in its pixels: scaled to `pixels` by the caller.
        radius: of a visit's disc, in fractions of the picture's width.
        seconds: how long somebody has looked.

    Returns:
        uint8, (H, W, 3), a new array.
    """
    height, width = pixels.shape[:2]
    x, y = np.arange(width, dtype=np.float32)[None] + 0.5, np.arange(height, dtype=np.float32)[:, None] + 0.5
    fog = np.ones((height, width), np.float32)
    for stop in stops[: visits_until(seconds)]:
        distance = np.hypot(x - np.float32(stop.x), y - np.float32(stop.y)) / np.float32(radius * width)
        np.minimum(fog, np.clip((distance - 1) / _SOFT, 0, 1), out=fog)
    grey = cv2.cvtColor(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    dull = (1 - _DIM) * (_GREYNESS * grey.astype(np.float32) + (1 - _GREYNESS) * pixels)
    mixed = pixels + fog[..., None] * (dull - pixels)
    return np.rint(mixed).astype(np.uint8)
