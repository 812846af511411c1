"""Object proposals: regions of the map itself, or a detector's boxes, as a map of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from salviewer.first_use import cv2

MOST_REGIONS = 8
_SMALLEST = 0.002  # of the map's cells


@dataclass(frozen=True, slots=True)
class Region:
    """A connected salient part of the picture.

    Attributes:
        left, top, right, bottom: its box, in fractions of the picture's width and height, 0..1.
        share: of all predicted fixations on it (or in it, for a detector's box), 0..1.
        score: the detector's confidence, 0..1; 1 for regions of the map.
        label: what the detector says it is; empty for regions of the map.
    """

    left: float
    top: float
    right: float
    bottom: float
    share: float
    score: float = 1.0
    label: str = ""


def on_picture(
    left: float, top: float, right: float, bottom: float
) -> tuple[float, float, float, float] | None:
    """Cut a box, in fractions of the picture, off at its border; None if nothing is left."""
    left, top, right, bottom = (min(max(float(side), 0.0), 1.0) for side in (left, top, right, bottom))
    return (left, top, right, bottom) if left < right and top < bottom else None


def find_regions(density: NDArray[np.float32], count: int = MOST_REGIONS) -> tuple[Region, ...]:
    """Find the regions of a map, the one with the most attention first.

    The map is cut by Otsu's threshold (A threshold selection method from gray-level histograms, 1979), and
    each
    connected part is a region: objects proposed by fixations, as in Li et al., The secrets of salient object
    segmentation, 2014, but on the map instead of segments.

    Args:
        density: float32, (h, w), sums to 1.
        count: the maximum number.

    Returns:
        at least one region, unless the map is flat.
    """
    labels, stats, order = _parts(density)
    height, width = density.shape
    found = []
    for label in order[:count]:
        x, y, w, h = (int(value) for value in stats[label, :4])
        share = float(density[labels == label].sum())
        found.append(Region(x / width, y / height, (x + w) / width, (y + h) / height, share))
    return tuple(found)


def region_map(density: NDArray[np.float32]) -> NDArray[np.float32] | None:
    """Fill regions evenly with their attention: float32, shaped like `density`, sums to 1.

    None if the map is flat and has no regions.
    """
    labels, _, order = _parts(density)
    if not order:
        return None
    filled = np.zeros(density.shape, np.float32)
    for label in order[:MOST_REGIONS]:
        inside = labels == label
        filled[inside] = density[inside].mean()
    soft = cv2.GaussianBlur(filled, (0, 0), 0.01 * density.shape[1], borderType=cv2.BORDER_REFLECT)
    return np.asarray(soft / np.float32(soft.sum(dtype=np.float64)), np.float32)


def box_map(boxes: Sequence[Region], density: NDArray[np.float32]) -> NDArray[np.float32] | None:
    """Fill a detector's boxes by their score and the attention in them: float32, sums to 1.

    Args:
        boxes: any number; parts outside the picture are cut off.
        density: the network's map, (h, w), sums to 1.

    Returns:
        None if no box covers anything.
    """
    height, width = density.shape
    filled = np.zeros(density.shape, np.float32)
    for box in boxes:
        rows = _cells(box.top, box.bottom, height)
        columns = _cells(box.left, box.right, width)
        inside = density[rows, columns]
        if inside.size:
            part = filled[rows, columns]
            np.maximum(part, np.float32(box.score) * inside.mean(), out=part)
    if not filled.any():
        return None
    soft = cv2.GaussianBlur(filled, (0, 0), 0.01 * width, borderType=cv2.BORDER_REFLECT)
    return np.asarray(soft / np.float32(soft.sum(dtype=np.float64)), np.float32)


def _cells(low: float, high: float, count: int) -> slice:
    """Return the cells that a side of a box covers, at least one for any box on the picture."""
    first, last = round(low * count), round(high * count)
    if first == last:
        first = min(int(low * count), count - 1)
        last = first + (0 <= low < high <= 1)
    return slice(max(0, first), max(0, last))


def _parts(density: NDArray[np.float32]) -> tuple[NDArray[np.int32], NDArray[np.int32], list[int]]:
    """Return labels, OpenCV's statistics of them, and the labels in order of falling attention."""
    low, high = float(density.min()), float(density.max())
    if high - low <= 1e-6 * high:
        return np.zeros(density.shape, np.int32), np.zeros((1, 5), np.int32), []
    levels = ((density - np.float32(low)) * np.float32(255 / (high - low))).astype(np.uint8)
    _, mask = cv2.threshold(levels, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    mass = np.bincount(labels.ravel(), density.ravel(), minlength=count)
    least = _SMALLEST * density.size
    large = [label for label in range(1, count) if stats[label, cv2.CC_STAT_AREA] >= least]
    kept = large or list(range(1, count))
    return np.asarray(labels), np.asarray(stats), sorted(kept, key=lambda label: -mass[label])
