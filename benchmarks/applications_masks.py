"""The part of `applications.py` about cut-outs of pictures with published masks."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from applications_cutouts import Mask, boxed, centred_box, iou, thresholded
from numpy.typing import NDArray

from salviewer.core.applications.cutouts import cut_out
from salviewer.errors import SalviewerError
from salviewer.media.images import load_picture
from salviewer.media.listing import find_pictures_below
from salviewer.models.loading import load_model

_WIDEST = 640  # pixels: larger pictures are scaled, as GrabCut of a whole picture is slow
_LEFT_OUT = ("__ignore__", "_background_")
_SMALLEST = 0.005  # of the picture: labelled things that count


def mask_ious(folder: Path, model: str) -> dict[str, dict[str, dict[str, list[float]]]]:
    """Return each method's intersection over union with the labelled thing that it fits best, by picture.

    Args:
        folder: pictures, also in its subfolders, each with polygons in a labelme file (NAME.json) or a mask
            (NAME-mask.png, above half for the thing) beside it; others are left out.
        model: predicts the map.
    """
    predictor = load_model(model)
    found: dict[str, list[float]] = {}
    seen: set[str] = set()
    for path, pixels, things in annotated(folder):
        if path.name in seen:  # the same picture in several folders
            continue
        seen.add(path.name)
        print(path, file=sys.stderr)
        saliency = predictor.predict(pixels)
        height, width = pixels.shape[:2]
        cutout = cut_out(pixels, saliency)
        hot = thresholded(saliency, (width, height))
        x, y, w, h = cv2.boundingRect(hot.astype(np.uint8))
        masks = {
            "cut_out": np.zeros(hot.shape, bool) if cutout is None else cutout.mask > 0,
            "threshold": hot,
            "GrabCut, centred box": boxed(pixels, centred_box((width, height))),
            "GrabCut, box of the threshold": boxed(pixels, (x, y, w, h)),
        }
        for name, mask in masks.items():
            found.setdefault(name, []).append(max(iou(mask, thing) for thing in things))
    if not found:
        raise SalviewerError(f"{folder}: there is no picture with a labelme file or a mask beside it")
    return {"published masks": {"photographs": found}}


def annotated(folder: Path) -> Iterator[tuple[Path, NDArray[np.uint8], list[Mask]]]:
    """Yield pictures, at most 640 pixels wide, with their things."""
    for path in find_pictures_below(folder):
        listing, drawn = path.with_suffix(".json"), path.with_name(f"{path.stem}-mask.png")
        if not listing.exists() and not drawn.exists():
            continue
        pixels = load_picture(path).pixels
        size = pixels.shape[1], pixels.shape[0]
        masks = _labelme(listing, size) if listing.exists() else [load_picture(drawn).pixels[..., 0] >= 128]
        wide = min(_WIDEST, size[0])
        small = wide, round(size[1] * wide / size[0])
        things = [
            np.asarray(cv2.resize(mask.astype(np.float32), small, interpolation=cv2.INTER_AREA)) >= 0.5
            for mask in masks
        ]
        things = [thing for thing in things if thing.mean() >= _SMALLEST]
        if things:
            yield path, np.asarray(cv2.resize(pixels, small, interpolation=cv2.INTER_AREA), np.uint8), things


def _labelme(path: Path, size: tuple[int, int]) -> list[Mask]:
    """Draw the polygons of a labelme file; those of one label and group are one thing."""
    drawn: dict[object, NDArray[np.uint8]] = defaultdict(lambda: np.zeros(size[::-1], np.uint8))
    for number, shape in enumerate(json.loads(path.read_text(encoding="utf-8")).get("shapes", ())):
        if shape["shape_type"] == "polygon" and shape["label"] not in _LEFT_OUT:
            group = shape.get("group_id")
            key = (shape["label"], number) if group is None else (shape["label"], "group", group)
            outline = np.rint(np.array(shape["points"]) - 0.5).astype(np.int32)
            cv2.fillPoly(drawn[key], [outline], 1)
    return [mask > 0 for mask in drawn.values()]
