"""The Python interface in three lines. The command line uses the same functions.

::

    import salviewer
    saliency = salviewer.predict(salviewer.load_model("live_net"), "photo.jpg")
    overlay = salviewer.render("photo.jpg", saliency)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray

from salviewer.core import views
from salviewer.core.applications.uses import Applied, Helpers, Uses
from salviewer.core.applications.uses import apply as apply_uses
from salviewer.core.areas import Area
from salviewer.core.postprocess import (
    Normalisation,
    PostprocessSettings,
    Threshold,
)
from salviewer.core.postprocess import shown_density as shown_density
from salviewer.core.render import OverlayStyle
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.views import View
from salviewer.media.images import Picture, load_picture
from salviewer.models.catalog import DEFAULT_MODEL

if TYPE_CHECKING:
    from salviewer.models.engines.base import EngineRequest
    from salviewer.models.predictor import Predictor

AnyPicture = str | PathLike[str] | NDArray[np.uint8] | Picture
"""A path, uint8 (H, W, 3) sRGB pixels (upright), or a `Picture` that was loaded already."""


class Look(TypedDict, total=False):
    """Single values of `PostprocessSettings` and `OverlayStyle`, by name."""

    sigma: float
    threshold: Threshold | float | str
    normalise: Normalisation
    fixed_peak: float
    colormap: str
    opacity: float
    gamma: float
    fade: float


def load_model(
    ref: str | Path = DEFAULT_MODEL,
    device: str = "auto",
    engine: EngineRequest = "auto",
    shared: bool = False,
) -> Predictor:
    """Load a trained network.

    Args:
        ref: a name (``"live_net"``, ``"deep_convnet"``), a model folder, or a ``.safetensors``, ``.pt`` or
            ``.pth`` file.
        device: ``auto`` (a GPU if there is one, else the CPU), ``cpu``, ``cuda``, ``cuda:N`` or ``mps``.
        engine: ``auto`` (OpenVINO on the processor where it is installed, else torch), ``torch`` or
            ``openvino``.
        shared: whether the processor also reads and draws frames meanwhile. Prediction then uses fewer
            threads: each picture takes longer, all work together takes less.

    Returns:
        a predictor, for one thread at a time.

    Raises:
        ModelError: the model cannot be found, read or trusted.
        SalviewerError: the device or the engine is not available.
    """
    from salviewer.models.loading import load_model as load

    return load(ref, device, engine, shared)


def predict(model: Predictor | str | Path, picture: AnyPicture) -> SaliencyMap:
    """Predict where people will look.

    Args:
        model: from `load_model`. A name or path is loaded again by every call; for many pictures, load the
            model once.
        picture: a path, or uint8 (H, W, 3) RGB.

    Returns:
        the fixation density at the network's own resolution: ``density`` is float32 (h, w), non-negative,
        sums to 1, and covers the whole picture.

    Raises:
        ImageError: the picture cannot be opened.
        ModelError: the model cannot be used.
        ValueError: an array of another shape or type.
    """
    pixels = _pixels(picture)
    predictor = load_model(model) if isinstance(model, str | Path) else model
    return predictor.predict(pixels)


def render(
    picture: AnyPicture,
    saliency: SaliencyMap,
    settings: PostprocessSettings | None = None,
    style: OverlayStyle | None = None,
    *,
    view: View = "overlay",
    **overrides: Unpack[Look],
) -> NDArray[np.uint8]:
    """Lay the heatmap over the picture, as the window and ``salviewer predict`` do, or draw another view.

    Args:
        picture: the picture ``saliency`` was predicted for.
        saliency: the prediction.
        settings: smoothing, normalisation and threshold; the window's defaults if None.
        style: colours and opacity; the window's defaults if None.
        view: ``"overlay"``, ``"heatmap"`` (alone), ``"focus"`` (the picture under fog, clear where attention
            goes), ``"contours"`` (around 25, 50 and 75 % of attention) or ``"side-by-side"``.
        **overrides: single values that replace those, such as ``sigma=0.03, threshold="p75",
            colormap="magma"``. sigma is in fractions of the picture's width; a threshold is a `Threshold`, a
            level in 0..1 or a text such as ``"p75"``.

    Returns:
        uint8 (H, W, 3) sRGB at the picture's own resolution, a new array; wider for ``"side-by-side"``.

    Raises:
        ImageError: the picture cannot be opened.
        ValueError: a value outside its range, or an array of another shape or type.
        TypeError: an override with an unknown name.
    """
    settings, style = _with_overrides(settings or PostprocessSettings(), style or OverlayStyle(), overrides)
    return views.view(_pixels(picture), saliency, view, settings, style)


def apply(
    picture: AnyPicture,
    saliency: SaliencyMap,
    uses: Uses,
    areas: Sequence[Area] = (),
    helpers: Helpers | None = None,
) -> Applied:
    """Make crops and what else a map is for, as the window, batches and ``salviewer apply`` do.

    Args:
        picture: the picture ``saliency`` was predicted for.
        saliency: the prediction.
        uses: what is wanted, such as ``Uses(crops=(CropRequest.parse("9:16"),))``.
        areas: of interest; crops do not cut them in two.
        helpers: functions that find text and objects.

    Returns:
        ``crops`` is a pair of request and `Crop` for each; ``crop.of(pixels)`` cuts it out.

    Raises:
        ImageError: the picture cannot be opened.
        CropError: a crop is larger than the picture.
    """
    return apply_uses(_pixels(picture), saliency, uses, areas, helpers)


def _pixels(picture: AnyPicture) -> NDArray[np.uint8]:
    if isinstance(picture, str | PathLike):
        return load_picture(picture).pixels
    return picture.pixels if isinstance(picture, Picture) else picture


def _with_overrides(
    settings: PostprocessSettings, style: OverlayStyle, overrides: Look
) -> tuple[PostprocessSettings, OverlayStyle]:
    values = dict(overrides)
    if "threshold" in values and not isinstance(values["threshold"], Threshold):
        values["threshold"] = Threshold.parse(str(values["threshold"]))
    for_settings = {item.name: values.pop(item.name) for item in fields(settings) if item.name in values}
    for_style = {item.name: values.pop(item.name) for item in fields(style) if item.name in values}
    if values:
        known = ", ".join(Look.__annotations__)
        raise TypeError(f"render has no option {next(iter(values))!r}; there are {known}")
    return replace(settings, **for_settings), replace(style, **for_style)  # type: ignore[arg-type]
