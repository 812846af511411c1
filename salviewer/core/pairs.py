"""Draw two pictures with their maps as one, like the window's comparison."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from salviewer.core.compare import compare, draw_difference
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.scene import Scene, render_scene
from salviewer.core.views import side_by_side, swiped
from salviewer.first_use import cv2

PairArrangement = Literal["side", "swipe", "difference"]

_GROUND = 255


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One of two pictures: uint8 (H, W, 3) sRGB pixels and the prediction for them."""

    pixels: NDArray[np.uint8]
    saliency: SaliencyMap


@dataclass(frozen=True, slots=True)
class PairScene:
    """Settings to show a comparison.

    Attributes:
        arrangement: A left of B, A left of a divider and B right of it, or B in grey under B - A.
        scene: how each picture is shown; its arrangement is ignored.
        divider: its place in fractions of A's width, 0..1.
        peak: the difference shown in full colour, in multiples of the uniform density; None for the largest.
    """

    arrangement: PairArrangement = "side"
    scene: Scene = field(default_factory=Scene)
    divider: float = 0.5
    peak: float | None = None


def render_pair(first: Side, second: Side, shown: PairScene) -> NDArray[np.uint8]:
    """Draw a comparison.

    Args:
        first: A. The result has its resolution, except for a difference, which has B's.
        second: B; scaled to A's height beside it, and into A's frame, centred on white, behind a divider.

    Returns:
        uint8, (H, W, 3), a new array.

    Raises:
        ValueError: pixels of another shape or type, or a peak that is not positive.
    """
    scene = replace(shown.scene, arrangement="single")
    if shown.arrangement == "difference":
        found = compare(first.saliency, second.saliency, scene.settings)
        return draw_difference(second.pixels, found, scene.style, shown.peak)
    left, right = (render_scene(side.pixels, side.saliency, scene) for side in (first, second))
    if shown.arrangement == "side":
        return side_by_side(left, _of_height(right, left.shape[0]))
    return swiped(left, _framed(right, (left.shape[0], left.shape[1])), shown.divider)


def _of_height(pixels: NDArray[np.uint8], height: int) -> NDArray[np.uint8]:
    width = max(1, round(pixels.shape[1] * height / pixels.shape[0]))
    return _scaled(pixels, (height, width))


def _framed(pixels: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    scale = min(size[0] / pixels.shape[0], size[1] / pixels.shape[1])
    height, width = (
        min(max(1, round(side * scale)), room) for side, room in zip(pixels.shape[:2], size, strict=True)
    )
    if (height, width) == size:
        return _scaled(pixels, size)
    result = np.full((*size, 3), _GROUND, np.uint8)
    top, left = (size[0] - height) // 2, (size[1] - width) // 2
    result[top : top + height, left : left + width] = _scaled(pixels, (height, width))
    return result


def _scaled(pixels: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    if pixels.shape[:2] == size:
        return pixels
    shrinks = size[0] <= pixels.shape[0]
    way = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, (size[1], size[0]), interpolation=way), np.uint8)
