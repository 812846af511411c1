"""The focus map: the picture under fog, clear where attention goes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from salviewer.core.lookup_tables import STEPS, alphas, steps, tones
from salviewer.core.postprocess import PostprocessSettings, cut_field
from salviewer.core.render import OverlayStyle, layer_size
from salviewer.core.saliency_map import SaliencyMap
from salviewer.first_use import cv2

_BLUR = 0.008  # standard deviation in fractions of the longest side, at opacity 1
_COLOUR_LEFT = 0.25  # remaining share of the picture's saturation, at opacity 1
_LIGHT_LEFT = 0.12  # remaining share of the picture's light, at opacity 1
_HAZE = np.array([20.0, 23.0, 30.0], np.float32)  # sRGB, added at opacity 1, so that dark parts stay visible
_LEGEND_FOG = (0.16, 0.18, 0.22)  # sRGB in 0..1
_GREY = np.array([0.299, 0.587, 0.114], np.float32)


def focus_layer(
    pixels: NDArray[np.uint8], saliency: SaliencyMap, settings: PostprocessSettings, style: OverlayStyle
) -> NDArray[np.uint8]:
    """Return the fog, to be stretched over the picture with `render.overlay` or by a painter.

    It is clear exactly where a heatmap with the same settings would be opaque: with ``t = field ** gamma``
        the
    fog lets through ``smoothstep(min(1, t / fade))``, and nothing below the threshold. Its colour is the
    picture itself, blurred, dimmed and desaturated in proportion to the opacity; at opacity 0 there is no
    fog.

    Args:
        pixels: uint8, (H, W, 3), sRGB; scaled down to the layer first, so that the blur of a 24-megapixel
            picture costs no more than that of a small one.

    Returns:
        uint8, (h, w, 4), straight-alpha RGBA, of `layer_size`.
    """
    field, level = cut_field(saliency, settings)
    size = layer_size(saliency.density.shape, saliency.source_size)
    clear = alphas(tones(style.gamma), 1.0, style.fade, level)
    fog = np.rint((1 - clear) * 255 * min(1.0, 2 * style.opacity)).astype(np.uint8)
    layer = np.empty((size[1], size[0], 4), np.uint8)
    layer[..., :3] = _fogged(pixels, size, style.opacity)
    layer[..., 3] = np.take(fog, steps(field, size), mode="clip")
    return layer


def focus_scale(style: OverlayStyle) -> NDArray[np.float64]:
    """Return the fog from cold to hot, for a legend: (STEPS, 4) RGBA in 0..1, as without a threshold."""
    scale = np.empty((STEPS, 4))
    scale[:, :3] = _LEGEND_FOG
    scale[:, 3] = 1 - alphas(tones(style.gamma), 1.0, style.fade, 0.0)
    return scale


def _fogged(pixels: NDArray[np.uint8], size: tuple[int, int], strength: float) -> NDArray[np.uint8]:
    """Return the picture as seen through fog: uint8, (size[1], size[0], 3)."""
    shrinks = size[0] <= pixels.shape[1] and size[1] <= pixels.shape[0]
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    sigma = _BLUR * strength * max(size)
    if sigma > 0:
        small = cv2.GaussianBlur(small, (0, 0), sigma, borderType=cv2.BORDER_REFLECT)
    colour = 1 - (1 - _COLOUR_LEFT) * strength
    light = 1 - (1 - _LIGHT_LEFT) * strength
    dull = light * (colour * np.eye(3) + (1 - colour) * _GREY)
    mixing = np.column_stack([dull, strength * _HAZE]).astype(np.float32)
    return np.asarray(cv2.transform(small, mixing), np.uint8)  # rounded and clipped to 0..255
