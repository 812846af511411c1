"""Turn map and style into coloured pixels, for the screen, exported files and batches alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from salviewer.core.lookup_tables import STEPS, alphas, bright_colours, steps, tones
from salviewer.core.postprocess import PostprocessSettings, cut_field
from salviewer.core.saliency_map import SaliencyMap
from salviewer.first_use import cv2

# Perceptually uniform ones first. viridis is the default: it alone can be told from warm photographs, faces
# and orange designs, and stays visible on white pages (docs/window.md).
COLORMAPS: tuple[str, ...] = (
    *("inferno", "magma", "plasma", "viridis", "cividis", "batlow", "lajolla", "rocket", "mako"),
    *("turbo", "jet", "hot"),
)

LAYER_LONGEST = 960
GAMMA_LIMITS = (0.2, 5.0)

_STRIP_PIXELS = 400_000


@dataclass(frozen=True, slots=True)
class OverlayStyle:
    """Settings to draw a field in 0..1 over a picture.

    With ``t = field ** gamma``, the colour is the colormap at t, without its dark ends (which would veil the
    picture), and ``alpha = opacity * smoothstep(min(1, t / fade))``: cold areas show the clear picture. Alpha
    is 0 where the field is below the threshold.

    Attributes:
        colormap: one of `COLORMAPS`.
        opacity: alpha of the hottest spots, 0..1.
        gamma: 0.2..5; below 1 makes weak spots more visible, above 1 less.
        fade: the t at which full opacity is reached, 0..1; 0 paints everything equally opaque.

    Raises:
        ValueError: a value outside its range.
    """

    colormap: str = "viridis"
    opacity: float = 0.65
    gamma: float = 1.0
    fade: float = 0.15

    def __post_init__(self) -> None:
        if self.colormap not in COLORMAPS:
            raise ValueError(f"a colormap is one of {', '.join(COLORMAPS)}, not {self.colormap!r}")
        if not 0 <= self.opacity <= 1:
            raise ValueError(f"opacity lies in 0..1, not {self.opacity:g}")
        low, high = GAMMA_LIMITS
        if not low <= self.gamma <= high:
            raise ValueError(f"gamma lies in {low:g}..{high:g}, not {self.gamma:g}")
        if not 0 <= self.fade <= 1:
            raise ValueError(f"fade lies in 0..1, not {self.fade:g}")


_DEFAULT_SETTINGS = PostprocessSettings()
_DEFAULT_STYLE = OverlayStyle()


def colour_table(style: OverlayStyle, level: float) -> NDArray[np.uint32]:
    """Return the table from field in `STEPS` to straight-alpha RGBA, four bytes packed into one word."""
    t = tones(style.gamma)
    rgba = np.empty((STEPS, 4))
    rgba[:, :3] = bright_colours(style.colormap)[(t * (STEPS - 1)).round().astype(np.intp)]
    rgba[:, 3] = alphas(t, style.opacity, style.fade, level)
    return np.rint(rgba * 255).astype(np.uint8).view(np.uint32)[:, 0]


def layer_size(
    map_shape: tuple[int, int], source_size: tuple[int, int], longest: int = LAYER_LONGEST
) -> tuple[int, int]:
    """Return the resolution at which a map is coloured: (width, height).

    The picture's own size, scaled down until its longest side is `longest`, never up. Neither side is smaller
    than the map's, so that a tiny or very long picture loses nothing of the prediction.

    Args:
        map_shape: (rows, columns) of the map.
        source_size: (width, height) of the picture.
        longest: the longest side in pixels.
    """
    scale = min(1.0, longest / max(source_size))
    rows, columns = map_shape
    width, height = source_size
    return max(round(width * scale), columns), max(round(height * scale), rows)


def heat_layer(
    saliency: SaliencyMap, settings: PostprocessSettings, style: OverlayStyle
) -> NDArray[np.uint8]:
    """Return the coloured map, to be stretched over the picture; sliders call this function.

    The field is upsampled (bicubic, clipped to 0..1) before it is thresholded and coloured, so there are no
    blocks and a threshold's edge is sharp.

    Returns:
        uint8, (h, w, 4), straight-alpha RGBA, of `layer_size`.
    """
    field, level = cut_field(saliency, settings)
    table = colour_table(style, level)
    size = layer_size(saliency.density.shape, saliency.source_size)
    words = np.take(table, steps(field, size), mode="clip")
    return words.view(np.uint8).reshape(*words.shape, 4)


def overlay(pixels: NDArray[np.uint8], layer: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Stretch a layer over a picture, as in files and on the canvas.

    Bilinear (area-averaged if the layer is larger), in premultiplied alpha, so that no colour bleeds out of
    transparent parts: a pixel under alpha 0 keeps its exact value. Works in horizontal strips without visible
    seams; besides the result it needs the layer at the picture's height, 40 MB for 110 megapixels.

    Args:
        pixels: uint8, (H, W, 3), sRGB. Not changed.
        layer: uint8, (h, w, 4), straight-alpha RGBA.

    Returns:
        uint8, (H, W, 3), a new array.

    Raises:
        ValueError: an array of another shape or type.
    """
    _check(pixels, 3, "a picture")
    _check(layer, 4, "a layer")
    height, width = pixels.shape[:2]
    ink = _premultiplied(layer, width, height)
    tall = cv2.resize(ink, (ink.shape[1], height), interpolation=cv2.INTER_LINEAR)
    result = np.empty((height, width, 3), np.uint8)
    strip = max(1, _STRIP_PIXELS // width)
    for top in range(0, height, strip):
        here = slice(top, min(top + strip, height))
        band = tall[here]
        wide = cv2.resize(band, (width, len(band)), interpolation=cv2.INTER_LINEAR)
        shine = cv2.cvtColor(wide[..., 3], cv2.COLOR_GRAY2RGB)
        dimmed = cv2.multiply(pixels[here], shine, scale=1 / 255)
        cv2.add(dimmed, cv2.cvtColor(wide, cv2.COLOR_RGBA2RGB), dst=result[here])
    return result


def _premultiplied(layer: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """Return ink (alpha * colour) and transmission (255 - alpha), no larger than the picture.

    uint8, (h, w, 4).
    """
    alpha = layer[..., 3]
    opaque = cv2.cvtColor(alpha, cv2.COLOR_GRAY2RGB)
    colour = cv2.multiply(cv2.cvtColor(layer, cv2.COLOR_RGBA2RGB), opaque, scale=1 / 255)
    ink = cv2.merge([*cv2.split(colour), cv2.bitwise_not(alpha)])
    rows, columns = layer.shape[:2]
    size = (min(width, columns), min(height, rows))
    if size != (columns, rows):
        ink = cv2.resize(ink, size, interpolation=cv2.INTER_AREA)
    return np.asarray(ink, np.uint8)


def heat_scale(style: OverlayStyle) -> NDArray[np.float64]:
    """Return the heatmap's colours from cold to hot, for a legend: (STEPS, 4) RGBA in 0..1, opaque."""
    tone = tones(style.gamma)
    colours = bright_colours(style.colormap)[(tone * (STEPS - 1)).round().astype(np.intp)]
    return np.column_stack([colours, alphas(tone, 1.0, style.fade, 0.0)])


def _check(array: NDArray[np.uint8], channels: int, what: str) -> None:
    if array.dtype != np.uint8 or array.ndim != 3 or array.shape[2] != channels or array.size == 0:
        raise ValueError(f"{what} is a non-empty uint8 HxWx{channels} array, not {array.dtype} {array.shape}")


def render(
    pixels: NDArray[np.uint8],
    saliency: SaliencyMap,
    settings: PostprocessSettings = _DEFAULT_SETTINGS,
    style: OverlayStyle = _DEFAULT_STYLE,
) -> NDArray[np.uint8]:
    """Return the picture with its heatmap, at the picture's own resolution: `heat_layer`, then `overlay`.

    Args:
        pixels: uint8, (H, W, 3), sRGB, of any size; the map is stretched over it.
        saliency: the prediction for it.

    Returns:
        uint8, (H, W, 3), a new array.
    """
    return overlay(pixels, heat_layer(saliency, settings, style))
