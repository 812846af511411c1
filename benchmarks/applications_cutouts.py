"""The part of `applications.py` about cut-outs."""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from salviewer.core.applications.cutouts import Click, CutoutSettings, cut_out
from salviewer.core.saliency_map import SaliencyMap
from salviewer.media.images import find_pictures, load_picture
from salviewer.models.loading import load_model

SIZE = (480, 360)
Mask = NDArray[np.bool_]


def cutout_ious(
    photographs: Path, model: str, count: int, seed: int = 0
) -> dict[str, dict[str, dict[str, list[float]]]]:
    """Return the intersection over union with the known mask of each composite, by method.

    A composite is a photograph with a round, lobed part of another one on it, at a random place and of a
    random size (12 to 30 % of the width across), its edge antialiased.

    Args:
        photographs: a folder.
        model: predicts the map.
        count: of composites.
    """
    predictor, rng = load_model(model), np.random.default_rng(seed)
    files = find_pictures([photographs])
    methods: dict[str, list[float]] = {
        "cut_out": [], "one click": [], "threshold": [], "GrabCut, centred box": [], "GrabCut, map's box": []
    }  # fmt: skip
    for number in range(count):
        print(f"\r{number + 1} of {count}", end="", file=sys.stderr)
        behind, thing = (_read(files[i]) for i in rng.choice(len(files), 2, replace=False))
        cover = blob(rng)
        pixels = np.rint(behind * (1 - cover[..., None]) + thing * cover[..., None]).astype(np.uint8)
        truth = cover >= 0.5
        saliency = predictor.predict(pixels)
        found = cut_out(pixels, saliency, CutoutSettings())
        methods["cut_out"].append(iou(found.mask > 0, truth) if found else 0.0)
        row, column = (int(np.median(axis)) for axis in np.nonzero(truth))
        click = Click(column / SIZE[0], row / SIZE[1])
        clicked = cut_out(pixels, saliency, CutoutSettings(clicks=(click,)))
        methods["one click"].append(iou(clicked.mask > 0, truth) if clicked else 0.0)
        hot = thresholded(saliency)
        methods["threshold"].append(iou(hot, truth))
        methods["GrabCut, centred box"].append(iou(boxed(pixels, (120, 90, 240, 180)), truth))
        x, y, w, h = cv2.boundingRect(hot.astype(np.uint8))
        methods["GrabCut, map's box"].append(iou(boxed(pixels, (x, y, w, h)), truth))
    print(file=sys.stderr)
    return {"IoU": {"composites": methods}}


def blob(rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw a round, lobed shape at a random place: cover 0..1, (h, w)."""
    width, height = SIZE
    angle = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    lobes = sum(rng.uniform(0, 0.12) * np.cos(k * angle + rng.uniform(0, 2 * np.pi)) for k in range(2, 6))
    radius: NDArray[np.float64] = width * rng.uniform(0.06, 0.15) * (1 + np.asarray(lobes))
    largest = radius.max()
    x, y = rng.uniform(largest, width - largest), rng.uniform(largest, height - largest)
    points = np.stack([x + radius * np.cos(angle), y + radius * np.sin(angle)], axis=1)
    drawn = np.zeros((4 * height, 4 * width), np.uint8)
    cv2.fillPoly(drawn, [np.rint(4 * points).astype(np.int32)], 255)
    return np.asarray(cv2.resize(drawn, SIZE, interpolation=cv2.INTER_AREA), np.float64) / 255


def thresholded(saliency: SaliencyMap) -> Mask:
    """Cut the map at twice its mean (Achanta et al., Frequency-tuned salient region detection, 2009)."""
    field = np.asarray(cv2.resize(saliency.density, SIZE, interpolation=cv2.INTER_LINEAR))
    return np.asarray(field >= 2 * field.mean())


def boxed(pixels: NDArray[np.uint8], box: tuple[int, int, int, int]) -> Mask:
    """GrabCut from a box (x, y, width, height)."""
    mask = np.zeros(pixels.shape[:2], np.uint8)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    bgr = np.ascontiguousarray(pixels[..., ::-1])
    cv2.setRNGSeed(0)
    cv2.grabCut(bgr, mask, box, models[0], models[1], 5, cv2.GC_INIT_WITH_RECT)
    return np.isin(mask, (cv2.GC_FGD, cv2.GC_PR_FGD))


def iou(found: Mask, truth: Mask) -> float:
    """Intersection over union."""
    return float((found & truth).sum() / max(1, (found | truth).sum()))


def _read(path: Path) -> NDArray[np.float64]:
    return np.asarray(cv2.resize(load_picture(path).pixels, SIZE, interpolation=cv2.INTER_AREA), np.float64)
