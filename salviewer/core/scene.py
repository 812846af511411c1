"""Everything that is shown of a prediction, as one value, and the function that draws it into a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from salviewer.core.area_drawing import draw_areas
from salviewer.core.area_labels import Labels
from salviewer.core.areas import Area, measure
from salviewer.core.contours import draw_threshold
from salviewer.core.following import Tracked
from salviewer.core.gaze import draw_hotspots
from salviewer.core.hotspots import HotspotSettings, find_hotspots
from salviewer.core.postprocess import PostprocessSettings
from salviewer.core.region_drawing import draw_region
from salviewer.core.render import OverlayStyle
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.views import VIEWS, View, side_by_side, swiped, view

Arrangement = Literal["single", "side", "swipe"]


@dataclass(frozen=True, slots=True)
class Scene:
    """The view of a prediction.

    Attributes:
        view: one of `views.VIEWS`.
        settings, style: numbers and colours.
        outline: whether to draw the border of the visible part under the threshold; a view that is `outlined`
            always has it.
        hotspots: how to find the hotspots to draw; None for none.
        path: whether the gaze path joins them.
        areas: areas of interest, drawn with their labels.
        labels: content of the areas' labels: nothing, names, shares of attention, or both.
        region: a followed region, drawn with its path; None for none.
        arrangement: alone; "side": to the right of the bare picture; "swipe": right of a divider, with the
            bare picture on its left.
        divider: its place in fractions of the picture's width, 0..1.
    """

    view: View = "overlay"
    settings: PostprocessSettings = field(default_factory=PostprocessSettings)
    style: OverlayStyle = field(default_factory=OverlayStyle)
    outline: bool = False
    hotspots: HotspotSettings | None = None
    path: bool = True
    areas: tuple[Area, ...] = ()
    labels: Labels = "both"
    arrangement: Arrangement = "single"
    divider: float = 0.5
    region: Tracked | None = None


def render_scene(pixels: NDArray[np.uint8], saliency: SaliencyMap, scene: Scene) -> NDArray[np.uint8]:
    """Draw a scene at the picture's own resolution, as window, command line and Python write it.

    Args:
        pixels: uint8, (H, W, 3), sRGB. Not changed.
        saliency: the prediction for it.
        scene: what is shown.

    Returns:
        uint8, (H, W, 3), a new array; wider for two pictures side by side, with the drawings in the last W
        columns.

    Raises:
        ValueError: an array of another shape or type.
    """
    drawn = view(pixels, saliency, scene.view, scene.settings, scene.style)
    beside = drawn[:, -pixels.shape[1] :]  # in a view with two pictures, drawings go onto the second
    if scene.outline and not VIEWS[scene.view].outlined:
        beside[:] = draw_threshold(beside, saliency, scene.settings)
    shares = [score.share for score in measure(saliency, scene.areas, scene.settings)] if scene.areas else []
    bare = pixels
    if scene.arrangement == "swipe":  # areas and the region are drawn on both sides of the divider
        bare = _marked(pixels.copy(), scene, shares)
    labels = draw_areas(beside, scene.areas, shares, scene.labels) if scene.areas else []
    if scene.hotspots is not None:
        found = find_hotspots(saliency, scene.hotspots, scene.settings)
        draw_hotspots(beside, found, scene.hotspots.radius, path=scene.path, taken=labels)
    if scene.region is not None:
        draw_region(beside, scene.region)
    match scene.arrangement:
        case "side":
            return side_by_side(bare, beside)
        case "swipe":
            return swiped(bare, beside, scene.divider)
    return drawn


def is_plain_overlay(scene: Scene) -> bool:
    """Return whether a scene is the heatmap over the picture and nothing else."""
    more = scene.outline or scene.areas or scene.hotspots or scene.region
    return scene.view == "overlay" and scene.arrangement == "single" and not more


def render_without_map(pixels: NDArray[np.uint8], scene: Scene) -> NDArray[np.uint8]:
    """Draw the parts of a scene that need no map over the picture: areas with names, the followed region.

    Args:
        pixels: uint8, (H, W, 3), sRGB. Not changed.
        scene: what is shown.

    Returns:
        uint8, (H, W, 3); wider for two pictures side by side; `pixels` itself if there is nothing to draw.
    """
    drawn = pixels
    if scene.areas or scene.region is not None:
        drawn = _marked(pixels.copy(), scene, None)
    return side_by_side(pixels, drawn) if scene.arrangement == "side" else drawn


def _marked(pixels: NDArray[np.uint8], scene: Scene, shares: list[float] | None) -> NDArray[np.uint8]:
    if scene.areas:
        draw_areas(pixels, scene.areas, shares, scene.labels)
    if scene.region is not None:
        draw_region(pixels, scene.region)
    return pixels
