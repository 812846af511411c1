"""The table of views: how each is drawn, and its names everywhere.

A new view is a module that draws it, such as `core.focus`, and a `ViewSpec` in the table at the end of this
module; command line, forms, settings, reports and the window read the table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from salviewer.core.contours import Contour, contours, draw_contours
from salviewer.core.focus import focus_layer, focus_scale
from salviewer.core.lookup_tables import STEPS, all_colours, bright_colours, steps, tones
from salviewer.core.postprocess import PostprocessSettings, cut_field
from salviewer.core.registry import Registry
from salviewer.core.render import OverlayStyle, heat_layer, heat_scale, layer_size, overlay, render
from salviewer.core.saliency_map import SaliencyMap
from salviewer.first_use import cv2

View = str
"""The name of a row of `VIEWS`."""

Draw = Callable[[NDArray[np.uint8], SaliencyMap, PostprocessSettings, OverlayStyle], NDArray[np.uint8]]
"""Draws a prediction into a picture, uint8 (H, W, 3) sRGB; returns a new array of that kind and height."""

Layer = Callable[[NDArray[np.uint8], SaliencyMap, PostprocessSettings, OverlayStyle], NDArray[np.uint8]]
"""Returns the layer to stretch over the picture: uint8 (h, w, 3), or (h, w, 4) with straight alpha."""

LineMaker = Callable[[SaliencyMap, PostprocessSettings, OverlayStyle], tuple[Contour, ...]]
"""Returns the lines that a window draws over its layer."""

Scale = Callable[[OverlayStyle], NDArray[np.float64]]
"""Returns the colours from cold to hot, for a legend: (STEPS, 4) RGBA in 0..1, as without a threshold."""


@dataclass(frozen=True, slots=True)
class ViewSpec:
    """A view.

    Attributes:
        name: on command lines and in files.
        title: caption in a report.
        phrase: its name within a sentence, such as "the overlay".
        menu: text of its command, with "&" before the key's letter.
        form: text of its tick box in the export form, with "&" as well.
        tip: its content in one line; `form_tip` if the form needs other words.
        key: its shortcut in the window; "" for none.
        icon: name of its icon; "" for none.
        draw: draws it into a file.
        layer: makes its layer on screen; None for a view that is only written.
        lines: makes the lines over the layer; None for none.
        needs_picture: whether `layer` needs the picture's pixels; without them, the overlay is shown instead.
        scale: colours of its legend.
        hides_cold: whether hidden places have the coldest colour, rather than none.
        outlined: whether the threshold's border is always drawn.
        leads: whether it can be a report's large picture: it shows the picture, and once.
        beside: whether a report can show it as a small picture.
        arranged: whether it is an arrangement itself, and cannot be combined with another.
    """

    name: str
    title: str
    phrase: str
    menu: str
    form: str
    tip: str
    draw: Draw
    scale: Scale
    form_tip: str = ""
    key: str = ""
    icon: str = ""
    layer: Layer | None = None
    lines: LineMaker | None = None
    needs_picture: bool = False
    hides_cold: bool = False
    outlined: bool = False
    leads: bool = False
    beside: bool = False
    arranged: bool = False


_GAP = 0.02  # between the two pictures of "side-by-side", in fractions of the picture's mean side
_GAP_COLOUR = 255
_LINE = 0.003  # width of a divider, in the same fractions

_DEFAULT_SETTINGS = PostprocessSettings()
_DEFAULT_STYLE = OverlayStyle()


def view(
    pixels: NDArray[np.uint8],
    saliency: SaliencyMap,
    view: View = "overlay",
    settings: PostprocessSettings = _DEFAULT_SETTINGS,
    style: OverlayStyle = _DEFAULT_STYLE,
) -> NDArray[np.uint8]:
    """Draw a picture and its prediction in one of the `VIEWS`.

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
        ValueError: an unknown name, or an array of another shape or type.
    """
    return VIEWS.find(view).draw(pixels, saliency, settings, style)


def canvas_views() -> tuple[View, ...]:
    """Return the names of the views that a screen can show, in order; the others are only written."""
    return tuple(spec.name for spec in VIEWS.values() if spec.layer is not None)


def heatmap_layer(
    saliency: SaliencyMap, settings: PostprocessSettings, style: OverlayStyle
) -> NDArray[np.uint8]:
    """Return the heatmap alone, at `layer_size`, to be stretched over the picture's place: uint8, (h, w, 3).

    It is opaque: its colour is the whole colormap at ``field ** gamma``, and its coldest colour where the
        threshold
    hides the map. Opacity and fade are ignored.
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
    """Return `heatmap_layer` at `size` (width, height), or the picture's own: uint8, (height, width, 3)."""
    layer = heatmap_layer(saliency, settings, style)
    width, height = size or saliency.source_size
    shrinks = height <= layer.shape[0] and width <= layer.shape[1]
    way = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(layer, (width, height), interpolation=way), np.uint8)


def side_by_side(left: NDArray[np.uint8], right: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Draw two pictures of one height with a white gap between: uint8, (H, W + gap + W', 3).

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
    """Draw one picture left of a divider and another right of it: uint8, (H, W, 3).

    Args:
        left, right: of one size.
        divider: in fractions of the width, 0..1; a white line, unless it lies on a border.

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


def _draw_heatmap(
    pixels: NDArray[np.uint8], saliency: SaliencyMap, settings: PostprocessSettings, style: OverlayStyle
) -> NDArray[np.uint8]:
    return heatmap(saliency, settings, style, (pixels.shape[1], pixels.shape[0]))


def _heatmap_scale(style: OverlayStyle) -> NDArray[np.float64]:
    return _opaque(all_colours(style.colormap), style)


def _contour_scale(style: OverlayStyle) -> NDArray[np.float64]:
    return _opaque(bright_colours(style.colormap), style)


def _opaque(colours: NDArray[np.float64], style: OverlayStyle) -> NDArray[np.float64]:
    places = (tones(style.gamma) * (STEPS - 1)).round().astype(np.intp)
    return np.column_stack([colours[places], np.ones(STEPS)])


VIEWS: Registry[ViewSpec] = Registry(
    "a view",
    (
        ViewSpec(
            name="overlay",
            title="Heatmap over the picture",
            phrase="the overlay",
            menu="O&verlay",
            form="Over&lay",
            tip="The heatmap over the picture",
            key="O",
            icon="view-overlay",
            draw=render,
            layer=lambda pixels, saliency, settings, style: heat_layer(saliency, settings, style),
            scale=heat_scale,
            leads=True,
            beside=True,
        ),
        ViewSpec(
            name="heatmap",
            title="Heatmap",
            phrase="the heatmap",
            menu="Heat&map alone",
            form="&Heatmap",
            tip="The heatmap without the picture",
            key="M",
            icon="view-heatmap",
            draw=_draw_heatmap,
            layer=lambda pixels, saliency, settings, style: heatmap_layer(saliency, settings, style),
            scale=_heatmap_scale,
            hides_cold=True,
            beside=True,
        ),
        ViewSpec(
            name="focus",
            title="Focus map",
            phrase="the focus map",
            menu="Foc&us map",
            form="&Focus map",
            tip="The picture under fog, clear where attention goes",
            key="G",
            icon="view-focus",
            draw=lambda pixels, *rest: overlay(pixels, focus_layer(pixels, *rest)),
            layer=focus_layer,
            needs_picture=True,
            scale=focus_scale,
            hides_cold=True,
            leads=True,
            beside=True,
        ),
        ViewSpec(
            name="contours",
            title="Contours of attention",
            phrase="the contours",
            menu="Con&tours",
            form="&Contours",
            tip="Lines around the smallest areas that hold 25, 50 and 75 % of attention",
            form_tip="Lines around 25, 50 and 75 % of attention",
            key="C",
            icon="view-contours",
            draw=draw_contours,
            layer=lambda *_: np.zeros((1, 1, 4), np.uint8),
            lines=contours,
            scale=_contour_scale,
            outlined=True,
            leads=True,
        ),
        ViewSpec(
            name="side-by-side",
            title="Picture and heatmap",
            phrase="the picture and the overlay",
            menu="Side &by side",
            form="Side &by side",
            tip="The picture, and the overlay beside it",
            draw=lambda pixels, *rest: side_by_side(pixels, render(pixels, *rest)),
            scale=heat_scale,
            arranged=True,
        ),
    ),
)
"""The views, the default first."""
