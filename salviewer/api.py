"""The Python interface in three lines. The command line uses the same functions.

::

    import salviewer
    saliency = salviewer.predict(salviewer.load_model("live_net"), "photo.jpg")
    overlay = salviewer.render("photo.jpg", saliency)
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import fields, replace
from os import PathLike
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypedDict, Unpack, overload

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from salviewer.core import views
from salviewer.core.applications.uses import Applied, Helpers, Uses
from salviewer.core.areas import Area
from salviewer.core.postprocess import (
    Normalisation,
    PostprocessSettings,
    Threshold,
)
from salviewer.core.postprocess import shown_density as shown_density
from salviewer.core.render import OverlayStyle
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.screens import predict_in_screens
from salviewer.core.views import View
from salviewer.errors import ExportError
from salviewer.first_use import cv2
from salviewer.media.any_picture import is_one_picture, to_picture
from salviewer.media.images import Picture, load_picture
from salviewer.media.openers.options import DEFAULT_DPI, Opening
from salviewer.media.openers.pages import pages_of
from salviewer.media.saving import save_map_npy, save_map_png16, save_map_tiff
from salviewer.models.catalog import DEFAULT_MODEL

if TYPE_CHECKING:
    from torch import Tensor

    from salviewer.models.engines.base import EngineRequest
    from salviewer.models.kind_scores import FoundKind
    from salviewer.models.predictor import Predictor

if TYPE_CHECKING:
    AnyPicture = str | PathLike[str] | bytes | IO[bytes] | Image.Image | NDArray[Any] | Tensor | Picture
else:
    AnyPicture = Any  # torch is not loaded for its name
"""One picture, as `salviewer.media.any_picture.to_picture` describes it."""

_END = object()
_PREFETCH = 4  # pictures decoded while the network works


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


@overload
def predict(  # type: ignore[overload-overlap]  # a text is a path, although it can be iterated
    model: Predictor | str | Path, picture: AnyPicture
) -> SaliencyMap: ...


@overload
def predict(model: Predictor | str | Path, picture: Iterable[AnyPicture]) -> Iterator[SaliencyMap]: ...


def predict(
    model: Predictor | str | Path, picture: AnyPicture | Iterable[AnyPicture]
) -> SaliencyMap | Iterator[SaliencyMap]:
    """Predict where people will look, in one picture or in many.

    Args:
        model: from `load_model`. A name or path is loaded again by every call; for many pictures, load the
            model once.
        picture: a path, the bytes of a file, an open file, a PIL image, an array (grey, RGB or RGBA; uint8,
            uint16, bool, or floats in 0..1) or a torch tensor: `salviewer.media.any_picture.to_picture`. Or
            any iterable of these, such as ``Path("photos").glob("*.jpg")`` or an array (n, H, W, 3).

    Returns:
        for one picture, its fixation density at the network's own resolution: ``density`` is float32 (h, w),
        non-negative, sums to 1, and covers the whole picture. For many, a generator of these in the same
        order. It decodes the next pictures while the network works, and takes only a few more than it has
        given, so that an endless iterable may be given too.

    Raises:
        ImageError: the picture cannot be opened (a document's first page; see `pages`). A generator raises
            it where that picture's map is due.
        ModelError: the model cannot be used.
        TypeError: something that is no picture, with what is taken.
        ValueError: an array of another shape, or with values outside its type's range.
    """
    if is_one_picture(picture):
        one = to_picture(picture)
        return predict_in_screens(_loaded(model).predict, one.pixels, one.screen)
    return _predicted(_loaded(model), iter(picture))  # type: ignore[arg-type]


def _loaded(model: Predictor | str | Path) -> Predictor:
    return load_model(model) if isinstance(model, str | Path) else model


def _predicted(predictor: Predictor, pictures: Iterator[AnyPicture]) -> Iterator[SaliencyMap]:
    """Predict one after the other; two threads decode what comes next."""
    pool = ThreadPoolExecutor(2, thread_name_prefix="decode")
    waiting: deque[Future[Picture]] = deque()
    try:
        while True:
            while len(waiting) < _PREFETCH and (after := next(pictures, _END)) is not _END:
                waiting.append(pool.submit(to_picture, after))
            if not waiting:
                return
            one = waiting.popleft().result()
            yield predict_in_screens(predictor.predict, one.pixels, one.screen)
    finally:
        pool.shutdown(cancel_futures=True)


def pages(
    document: str | PathLike[str], *, dpi: float = DEFAULT_DPI, password: str = ""
) -> Iterator[Picture]:
    """Open the pages of a document one after the other, such as for `predict`.

    Args:
        document: a PDF, Illustrator or Photoshop file; any other picture is its only page.
        dpi: pixels per inch, 10 to 1200.
        password: of an encrypted document.

    Returns:
        a generator of pictures. ``path.stem`` names a page: "b-p02" is the second of ``b.pdf``.

    Raises:
        LockedImageError: the document asks for a password, or for another one.
        ImageError: it cannot be opened. A page that cannot be drawn raises it where it is due.
        ValueError: the resolution is outside its range.
    """
    opening = Opening(dpi, password)
    paths = pages_of(Path(document), opening)
    return (load_picture(path, opening=opening) for path in paths)


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
        ValueError: a value outside its range, or an array of another shape.
        TypeError: an override with an unknown name, or something that is no picture.
    """
    settings, style = _with_overrides(settings or PostprocessSettings(), style or OverlayStyle(), overrides)
    return views.view(to_picture(picture).pixels, saliency, view, settings, style)


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
        helpers: functions of your own that find and describe things; what ``uses.find`` names is found too.

    Returns:
        ``crops`` is a pair of request and `Crop` for each; ``crop.of(pixels)`` cuts it out.

    Raises:
        ImageError: the picture cannot be opened.
        CropError: a crop is larger than the picture.
    """
    from salviewer.results.finders import apply_uses

    return apply_uses(to_picture(picture).pixels, saliency, uses, areas, helpers)


def save_map(path: str | PathLike[str], saliency: SaliencyMap) -> None:
    """Write a map's values to a file, in the format of its suffix.

    Args:
        path: ends in ``.npy``, ``.tif`` or ``.tiff`` (float32, sums to 1) or ``.png`` (16 bit grey, the peak
            at 65535).
        saliency: the map, written at its own resolution; `SaliencyMap.resize` gives another.

    Raises:
        ExportError: another suffix, or the file cannot be written.
    """
    about = f"Where people will look, predicted by {saliency.model}."
    match Path(path).suffix.lower():
        case ".npy":
            save_map_npy(path, saliency.density)
        case ".tif" | ".tiff":
            save_map_tiff(path, saliency.density, about)
        case ".png":
            save_map_png16(path, saliency.density, about)
        case other:
            raise ExportError(path, f'"{other}" is not a format of maps; choose .npy, .tiff or .png')


def map_png(saliency: SaliencyMap, longest: int = 480) -> bytes:
    """Draw a map alone, as the window shows it, in its picture's shape: the bytes of a PNG file.

    Args:
        saliency: the map.
        longest: the longer side in pixels.
    """
    width, height = saliency.source_size
    scale = longest / max(width, height)
    size = (max(1, round(height * scale)), max(1, round(width * scale)))
    black = np.zeros((*size, 3), np.uint8)
    pixels = views.view(black, saliency, "heatmap", PostprocessSettings(), OverlayStyle())
    done, encoded = cv2.imencode(".png", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))
    assert done
    return encoded.tobytes()


def kind_of(picture: AnyPicture) -> FoundKind:
    """Find what kind of picture it is: a photograph, an advertisement or a page.

    Args:
        picture: one picture, as for `predict`.

    Returns:
        the likeliest kind, and how likely it is.

    Raises:
        ImageError: the picture cannot be opened.
        ModelError: the classifier cannot be used.
        ValueError: an array of another shape.
        TypeError: something that is no picture.
    """
    from salviewer.models.kinds import find_kind

    return find_kind(to_picture(picture).pixels)


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
