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
_DEFOCUS = 5.0  # pixels
Mask = NDArray[np.bool_]


def cutout_ious(
    photographs: Path, model: str, count: int, seed: int = 0
) -> dict[str, dict[str, dict[str, list[float]]]]:
    """Return the intersection over union with the known mask of each composite, by method.

    A composite is a photograph with a round, lobed part of another one on it, at a random place and of a
    random size (12 to 30 % of the width across), its edge antialiased; what is behind is as it was, or out of
    focus. Clicks are in the middle of the largest part that is wrong, one after the other.

    Args:
        photographs: a folder.
        model: predicts the map.
        count: of composites.
    """
    predictor, rng = load_model(model), np.random.default_rng(seed)
    files = find_pictures([photographs])
    found: dict[str, dict[str, list[float]]] = {"in focus": {}, "out of focus": {}}
    for number in range(count):
        print(f"\r{number + 1} of {count}", end="", file=sys.stderr)
        behind, thing = (_read(files[i]) for i in rng.choice(len(files), 2, replace=False))
        cover = blob(rng)
        for kind, methods in found.items():
            back = cv2.GaussianBlur(behind, (0, 0), _DEFOCUS) if kind == "out of focus" else behind
            pixels = np.rint(back * (1 - cover[..., None]) + thing * cover[..., None]).astype(np.uint8)
            for name, score in _scores(pixels, predictor.predict(pixels), cover >= 0.5).items():
                methods.setdefault(name, []).append(score)
    print(file=sys.stderr)
    return {"what is behind": found}


def _scores(pixels: NDArray[np.uint8], saliency: SaliencyMap, truth: Mask) -> dict[str, float]:
    """Score each method on one composite."""
    scores: dict[str, float] = {}
    clicks: tuple[Click, ...] = ()
    for number in range(4):
        cutout = cut_out(pixels, saliency, CutoutSettings(clicks=clicks))
        mask = np.zeros(truth.shape, bool) if cutout is None else cutout.mask > 0
        if number in (0, 1, 3):
            scores[("cut_out", "1 click", "", "3 clicks")[number]] = iou(mask, truth)
        clicks = (*clicks, correction(mask, truth))
    hot = thresholded(saliency, SIZE)
    scores["threshold"] = iou(hot, truth)
    scores["GrabCut, centred box"] = iou(boxed(pixels, centred_box(SIZE)), truth)
    x, y, w, h = cv2.boundingRect(hot.astype(np.uint8))
    scores["GrabCut, box of the threshold"] = iou(boxed(pixels, (x, y, w, h)), truth)
    return scores


def correction(found: Mask, truth: Mask) -> Click:
    """Click in the middle of the largest part that is wrong, as a user would."""
    wrong = (found != truth).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(wrong)
    largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA])) if len(stats) > 1 else 0
    inside = np.pad((labels == largest).astype(np.uint8), 1)
    depth = cv2.distanceTransform(inside, cv2.DIST_L2, 3)[1:-1, 1:-1]
    row, column = np.unravel_index(int(depth.argmax()), depth.shape)
    height, width = truth.shape
    return Click((int(column) + 0.5) / width, (int(row) + 0.5) / height, bool(truth[row, column]))


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


def thresholded(saliency: SaliencyMap, size: tuple[int, int]) -> Mask:
    """Cut the map at twice its mean (Achanta et al., Frequency-tuned salient region detection, 2009)."""
    field = np.asarray(cv2.resize(saliency.density, size, interpolation=cv2.INTER_LINEAR))
    return np.asarray(field >= 2 * field.mean())


def centred_box(size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return the box (x, y, width, height) in the middle, with sides half as long as the picture's."""
    width, height = size
    return width // 4, height // 4, width // 2, height // 2


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
