"""Two metrics of older tables: Borji's AUC and the earth mover's distance. Nothing else here needs them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from salviewer.core.metrics import Fixations, Map
from salviewer.core.resizing import resize
from salviewer.first_use import cv2

SPLITS = 100
STEP = 0.1
EMD_SHRINK = 32
"""The reduction at which the distance is computed, as in the MIT benchmark's code."""


def auc_borji(
    prediction: Map, fixations: Fixations, *, splits: int = SPLITS, step: float = STEP, seed: int = 0
) -> float:
    """Area under the ROC curve against uniformly drawn cells, the mean over many draws.

    As many cells as there are fixations are drawn anew, with replacement, for each of ``splits`` draws. The
    map is scaled to 0..1, and thresholds go up in steps of ``step``, joined by straight lines: coarse steps
    that the published code has and that make it a little less than the exact area. Drawn with a fixed seed,
    so that it is the same every time; the published code draws differently every time. Borji, Tavakoli,
    Sihite, Itti, "Analysis of scores, datasets, and models in visual saliency prediction", ICCV 2013.

    Args:
        prediction: (h, w), finite. A constant map scores 0.5.
        fixations: (n, 2) integers of (row, column), n >= 1.
        splits: number of draws.
        step: between thresholds, in 0..1.
        seed: of the draws.

    Raises:
        ValueError: there are no fixations, or one lies outside the map.
    """
    values = np.asarray(prediction, np.float64)
    cells = np.asarray(fixations)
    if not len(cells) or (cells < 0).any() or (cells >= values.shape).any():
        raise ValueError("fixations are cells of the map, and there is at least one")
    low, high = values.min(), values.max()
    if low == high:
        return 0.5
    scaled = (values - low) / (high - low)
    hits = scaled[cells[:, 0], cells[:, 1]]
    draws = scaled.ravel()[np.random.default_rng(seed).integers(0, scaled.size, (len(hits), splits))]
    areas = []
    for column in draws.T:
        thresholds = np.arange(0, max(hits.max(), column.max()) + step, step)[::-1]
        true = [0.0, *(float((hits >= each).mean()) for each in thresholds), 1.0]
        false = [0.0, *(float((column >= each).mean()) for each in thresholds), 1.0]
        areas.append(float(np.trapezoid(true, false)))
    return float(np.mean(areas))


def emd(prediction: Map, truth: Map) -> float:
    """Earth mover's distance of two densities reduced to 1/32; 0 is perfect, lower is better.

    In cells of the reduced maps, each a cell wide: tables measured at other sizes of pictures cannot be
    compared. Rubner, Tomasi, Guibas, "The earth mover's distance as a metric for image retrieval", IJCV 2000.

    Args:
        prediction, truth: (h, w), non-negative, not both empty. An empty one stands for the uniform density.
    """
    shape = np.asarray(truth).shape
    size = (max(2, round(shape[0] / EMD_SHRINK)), max(2, round(shape[1] / EMD_SHRINK)))
    first, second = (_signature(np.asarray(each, np.float32), size) for each in (prediction, truth))
    distance, _, _ = cv2.EMD(first, second, cv2.DIST_L2)
    return float(distance)


def _signature(density: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.float32]:
    """Rows of weight, row and column."""
    small = np.asarray(resize(density, size), np.float64)
    total = small.sum()
    small = small / total if total > 0 else np.full(size, 1 / small.size)
    rows, columns = np.indices(size)
    signature: NDArray[np.float32] = np.stack([small.ravel(), rows.ravel(), columns.ravel()], 1).astype(
        np.float32
    )
    return signature
