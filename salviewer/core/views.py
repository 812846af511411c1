"""The ways to look at a prediction: one name and one function for each, on screen, in a file, in a batch."""

from __future__ import annotations

from typing import Literal, get_args

import cv2
import numpy as np
from numpy.typing import NDArray

from salviewer.core.contours import draw_contours
from salviewer.core.focus import focus_layer
from salviewer.core.lookup_tables import STEPS, all_colours, steps, tones
from salviewer.core.postprocess import PostprocessSettings, cut_field
from salviewer.core.render import OverlayStyle, layer_size, overlay, render
from salviewer.core.saliency_map import SaliencyMap

View = Literal["overlay", "heatmap", "focus", "contours", "side-by-side"]
VIEWS: tuple[View, ...] = get_args(View)

_GAP = 0.02  # between the two of "side-by-side", in fractions of the picture's mean side
_GAP_COLOUR = 255
_LINE = 0.003  # of a divider, likewise

_DEFAULT_SETTINGS = PostprocessSettings()
_DEFAULT_STYLE = OverlayStyle()


def view(
    pixels: NDArray[np.uint8],
    saliency: SaliencyMap,
    view: View = "overlay",
    settings: PostprocessSettings = _DEFAULT_SETTINGS,
    style: OverlayStyle = _DEFAULT_STYLE,
) -> NDArray[np.uint8]:
    """A picture and its prediction, seen in one of the `VIEWS`.

    - ``overlay``: the heatmap over the picture (`render.render`).
    - ``heatmap``: the heatmap alone (`heatmap`).
    - ``focus``: the picture under fog, clear where attention goes (`focus.focus_layer`).
    - ``contours``: lines around 25, 50 and 75 % of attention (`contours.draw_contours`).
    - ``side-by-side``: the picture, a white gap, the overlay (`side_by_side`).

    Args:
        pixels: uint8, (H, W, 3), sRGB. Not changed.
        saliency: the prediction for it.

    Returns:
        uint8, (H, W, 3), a new array; for ``side-by-side`` its last W columns are the overlay.

    Raises:
        ValueError: another name, or an array of another shape or type.
    """
    match view:
        case "overlay":
            return render(pixels, saliency, settings, style)
        case "heatmap":
            return heatmap(saliency, settings, style, (pixels.shape[1], pixels.shape[0]))
        case "focus":
            return overlay(pixels, focus_layer(pixels, saliency, settings, style))
        case "contours":
            return draw_contours(pixels, saliency, settings, style)
        case "side-by-side":
            return side_by_side(pixels, render(pixels, saliency, settings, style))
    raise ValueError(f"a view is one of {', '.join(VIEWS)}, not {view!r}")


def heatmap_layer(
    saliency: SaliencyMap, settings: PostprocessSettings, style: OverlayStyle
) -> NDArray[np.uint8]:
    """The heatmap alone, at `layer_size`, to be stretched over the picture's place: uint8, (h, w, 3).

    Opaque: the colour is that of the whole colormap at ``field ** gamma``, and at 0 where the threshold hides
    it; opacity and fade have no say.
    """
    field, level = cut_field(saliency, settings)
    tone = np.where(np.linspace(0, 1, STEPS) >= level, tones(style.gamma), 0)
    colours = all_colours(style.colormap)[(tone * (STEPS - 1)).round().astype(np.intp)]
    table = np.rint(colours * 255).astype(np.uint8)
    size = layer_size(saliency.density.shape, saliency.source_size)
    return np.take(table, steps(field, size), axis=0, mode="clip")


def heatmap(
    saliency: SaliencyMap,
    settings: PostprocessSettings,
    style: OverlayStyle,
    size: tuple[int, int] | None = None,
) -> NDArray[np.uint8]:
    """`heatmap_layer` at `size` (width, height); None is the picture's own. uint8, (height, width, 3)."""
    layer = heatmap_layer(saliency, settings, style)
    width, height = size or saliency.source_size
    shrinks = height <= layer.shape[0] and width <= layer.shape[1]
    way = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(layer, (width, height), interpolation=way), np.uint8)


def side_by_side(left: NDArray[np.uint8], right: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Two pictures of one height with a white gap between: uint8, (H, W + gap + W', 3).

    Raises:
        ValueError: their heights differ.
    """
    if left.shape[0] != right.shape[0]:
        raise ValueError(f"side by side go pictures of one height, not {left.shape[0]} and {right.shape[0]}")
    height, width = left.shape[:2]
    gap = max(2, round(_GAP * float(np.sqrt(width * height))))
    result = np.full((height, width + gap + right.shape[1], 3), _GAP_COLOUR, np.uint8)
    result[:, :width] = left
    result[:, width + gap :] = right
    return result


def swiped(left: NDArray[np.uint8], right: NDArray[np.uint8], divider: float) -> NDArray[np.uint8]:
    """One picture left of a divider and another right of it: uint8, (H, W, 3).

    Args:
        left, right: of one size.
        divider: in fractions of the width, 0..1; it is a white line, unless it lies on a border.

    Raises:
        ValueError: their sizes differ.
    """
    if left.shape != right.shape:
        raise ValueError(f"a divider parts pictures of one size, not {left.shape} and {right.shape}")
    height, width = left.shape[:2]
    at = min(max(round(divider * width), 0), width)
    result = right.copy()
    result[:, :at] = left[:, :at]
    if 0 < at < width:
        half = max(1, round(_LINE * float(np.sqrt(width * height)) / 2))
        result[:, max(at - half, 0) : at + half] = _GAP_COLOUR
    return result
