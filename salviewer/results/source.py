"""Draw a picture with its prediction, as it goes into files."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from salviewer.core.applications.uses import Applied
from salviewer.core.areas import Area
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.scene import Scene, render_scene
from salviewer.first_use import cv2
from salviewer.media.images import Picture
from salviewer.results.order import Kind, Size
from salviewer.results.web_page import WebPage


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Everything that a picture's files are made from.

    Attributes:
        picture: as decoded.
        saliency: the prediction for it.
        areas: its areas of interest.
        name: the picture's name, for display.
        model: one line about the model, for display.
        applied: what came of the order's uses; None if it has none, or they are not made yet.
        page: the web page that the picture shows, if it shows one.
    """

    picture: Picture
    saliency: SaliencyMap
    areas: tuple[Area, ...] = ()
    name: str = ""
    model: str = ""
    applied: Applied | None = None
    page: WebPage | None = None


def drawn(source: Source, scene: Scene, kind: Kind, size: Size) -> NDArray[np.uint8]:
    """Draw one picture for a file: uint8, (H, W, 3).

    At another size, the picture is scaled first and drawn on afterwards, so that lines and text stay sharp.

    Args:
        scene: what is shown; its view is ignored.
        kind: the view, or the picture alone with nothing drawn on it.
        size: of one picture; "side-by-side" has two.
    """
    pixels = source.picture.pixels
    height, width = pixels.shape[:2]
    wanted = size.of(width, height)
    saliency = source.saliency
    if wanted != (width, height):
        way = cv2.INTER_AREA if wanted[0] < width else cv2.INTER_CUBIC
        pixels = np.asarray(cv2.resize(pixels, wanted, interpolation=way), np.uint8)
        saliency = replace(saliency, source_size=wanted)
    if kind == "picture":
        return pixels
    if kind != scene.view:  # the arrangement belongs to the view on screen
        scene = replace(scene, view=kind, arrangement="single")
    return render_scene(pixels, saliency, scene)
