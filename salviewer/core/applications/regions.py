"""Regions: boxes and contours of what stands out, and a detector's objects ranked by attention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.core.applications.crops import is_plain
from salviewer.core.applications.known import Known
from salviewer.core.applications.objectness import Box, Objectness
from salviewer.core.applications.summed import SummedArea
from salviewer.core.coverage import coverage
from salviewer.core.saliency_map import SaliencyMap
from salviewer.first_use import cv2

MOST_REGIONS = 100
LEVELS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
"""Of the map's peak: where it is cut."""

_SMALLEST = 0.001  # of the picture
_LARGEST = 0.5
_OVERLAP = 0.5  # intersection over union: boxes more alike are one region
_FINER = 3  # times the map's resolution, for contours
_SMOOTH = 0.006  # of the map's width
_OBJECT = 0.5  # of a region's rank depends so much on objectness


@dataclass(frozen=True, slots=True)
class SalientRegion:
    """A connected part of the picture that stands out.

    Attributes:
        number: 1 for the first.
        left, top, right, bottom: its box, in fractions of the picture's width and height, 0..1.
        contour: its outline, at least three points (x, y) in the same fractions.
        share: of all predicted fixations, inside the contour, 0..1.
        peak: the highest value inside, in shares of the map's peak, 0..1.
        objectness: how much it looks like a thing of its own by colours and edges, 0..1.
        size: share of the picture inside the contour, 0..1.
    """

    number: int
    left: float
    top: float
    right: float
    bottom: float
    contour: tuple[tuple[float, float], ...]
    share: float
    peak: float
    objectness: float
    size: float

    @property
    def box(self) -> Box:
        """(left, top, right, bottom)."""
        return self.left, self.top, self.right, self.bottom


@dataclass(frozen=True, slots=True)
class RankedObject:
    """Something that was known to be in the picture, with its attention.

    Attributes:
        known: the object, text or area.
        rank: 1 for the largest share.
        share: of all predicted fixations, inside its box, 0..1.
        density: share / size of the box; 1 is the picture's average.
        seen: whether its place gets more than the average; otherwise it is overlooked.
    """

    known: Known
    rank: int
    share: float
    density: float

    @property
    def seen(self) -> bool:
        """Whether its place gets more attention than the picture on average."""
        return self.density >= 1


@dataclass(frozen=True, slots=True)
class RegionSettings:
    """A request for regions.

    Attributes:
        count: the maximum number, 1..100.
        levels: of the map's peak, 0..1: where the map is cut.

    Raises:
        ValueError: a value outside its range.
    """

    count: int = 8
    levels: tuple[float, ...] = LEVELS

    def __post_init__(self) -> None:
        if not 1 <= self.count <= MOST_REGIONS:
            raise ValueError(f"there are 1..{MOST_REGIONS} regions, not {self.count}")
        if not self.levels or not all(0 < level < 1 for level in self.levels):
            raise ValueError("the map is cut at levels between 0 and 1")


def find_salient_regions(
    pixels: NDArray[np.uint8], saliency: SaliencyMap, settings: RegionSettings | None = None
) -> tuple[SalientRegion, ...]:
    """Find what stands out, most promising first.

    The map is cut at several levels, and each connected part is a candidate. The next region is always the
    candidate with the most attention that is not in an earlier one, for its size, times one half to one for
    its objectness; candidates whose boxes overlap an earlier one by half or more are dropped.

    Args:
        pixels: uint8 (H, W, 3) sRGB.
        saliency: its map.

    Returns:
        nothing if the map is plain.
    """
    settings = settings or RegionSettings()
    if is_plain(saliency.density):
        return ()
    found = _candidates(saliency, settings.levels)
    look = Objectness(pixels)
    worth = [look.of(each.box) for each in found]
    regions: list[SalientRegion] = []
    taken = np.zeros(saliency.density.shape, bool)
    while found and len(regions) < settings.count:
        scores = [
            _gain(saliency.density, each, taken) * (1 - _OBJECT + _OBJECT * object_)
            for each, object_ in zip(found, worth, strict=True)
        ]
        best = int(np.argmax(scores))
        if scores[best] <= 0:
            break
        chosen = found[best]
        regions.append(_region(len(regions) + 1, chosen, worth[best], saliency))
        taken |= chosen.mask
        left = [i for i, each in enumerate(found) if i != best and _overlap(each.box, chosen.box) < _OVERLAP]
        found, worth = [found[i] for i in left], [worth[i] for i in left]
    return tuple(regions)


def rank_by_attention(saliency: SaliencyMap, known: Sequence[Known]) -> tuple[RankedObject, ...]:
    """Rank objects, lines of text and areas by the attention in their boxes, the largest share first."""
    sums = SummedArea(saliency.density, (1, 1))
    shares = [sums.share(each.left, each.top, each.right, each.bottom) for each in known]
    order = sorted(range(len(known)), key=lambda i: -shares[i])
    found = []
    for rank, i in enumerate(order, 1):
        each = known[i]
        size = (each.right - each.left) * (each.bottom - each.top)
        found.append(RankedObject(each, rank, shares[i], shares[i] / size))
    return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    mask: NDArray[np.bool_]  # cells of the map
    box: Box
    contour: tuple[tuple[float, float], ...]


def _candidates(saliency: SaliencyMap, levels: Sequence[float]) -> list[_Candidate]:
    """Cut the map, finely interpolated, at each level; keep one of several that are alike."""
    density = saliency.density
    rows, columns = density.shape
    sigma = _SMOOTH * columns
    calm = cv2.GaussianBlur(density, (0, 0), sigma, borderType=cv2.BORDER_REFLECT)
    fine = cv2.resize(calm, (_FINER * columns, _FINER * rows), interpolation=cv2.INTER_LINEAR)
    low, high = float(fine.min()), float(fine.max())
    found: list[_Candidate] = []
    for level in levels:
        above = (fine >= low + level * (high - low)).astype(np.uint8)
        contours, _ = cv2.findContours(above, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        for contour in contours:
            each = _candidate(contour, (rows, columns))
            if each is not None and not any(_overlap(each.box, other.box) > 0.9 for other in found):
                found.append(each)
    return found


def _candidate(contour: NDArray[Any], shape: tuple[int, int]) -> _Candidate | None:
    rows, columns = shape
    x, y, w, h = cv2.boundingRect(contour)
    size = w * h / (_FINER * columns * _FINER * rows)
    if not _SMALLEST <= size <= _LARGEST:
        return None
    outline = cv2.approxPolyDP(contour, 0.6, True)[:, 0]
    if len(outline) < 3:
        return None
    scale = np.array([_FINER * columns, _FINER * rows])
    points = tuple((float(a), float(b)) for a, b in np.round((outline + 0.5) / scale, 6))
    filled = np.zeros((_FINER * rows, _FINER * columns), np.uint8)
    cv2.drawContours(filled, [contour], -1, 1, cv2.FILLED)
    mask = np.asarray(cv2.resize(filled, (columns, rows), interpolation=cv2.INTER_AREA)) > 0
    box = x / scale[0], y / scale[1], (x + w) / scale[0], (y + h) / scale[1]
    return _Candidate(mask, (float(box[0]), float(box[1]), float(box[2]), float(box[3])), points)


def _gain(density: NDArray[np.float32], each: _Candidate, taken: NDArray[np.bool_]) -> float:
    """Return the attention that a candidate adds, for the root of its size."""
    new = float(density[each.mask & ~taken].sum())
    size = (each.box[2] - each.box[0]) * (each.box[3] - each.box[1])
    return new / float(np.sqrt(size))


def _region(number: int, each: _Candidate, objectness: float, saliency: SaliencyMap) -> SalientRegion:
    density = saliency.density
    cover = coverage(np.array(each.contour), (density.shape[0], density.shape[1]))
    share = float(np.clip((density * cover).sum(), 0, 1))
    peak = float(density[each.mask].max() / density.max())
    size = float(cover.mean())
    return SalientRegion(number, *each.box, each.contour, share, peak, objectness, size)


def _overlap(a: Box, b: Box) -> float:
    """Intersection over union."""
    across = min(a[2], b[2]) - max(a[0], b[0])
    down = min(a[3], b[3]) - max(a[1], b[1])
    if across <= 0 or down <= 0:
        return 0.0
    both = across * down
    sizes = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])
    return both / (sizes - both)
