"""Cut-outs: the things that a map points at, separated from what is behind them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.core.applications.crops import is_even, is_plain
from salviewer.core.applications.regions import RegionSettings, SalientRegion, find_salient_regions
from salviewer.core.saliency_map import SaliencyMap
from salviewer.first_use import cv2

MOST_CUTOUTS = 20
SOFTNESS_LIMITS = (0.0, 20.0)

_WORKING = 1_000_000  # pixels that GrabCut sees at most; a larger picture's edge is refined at full size
_ITERATIONS = 5
_TRIAL_ITERATIONS = 3
_TRIED = 5  # regions that are cut out on trial, from which one is chosen
_TRIAL = 45_000  # pixels of the picture for that
_STRONG = 0.95  # of the picture's edges are weaker than one that makes an outline clear
_GRID = (160, 120)  # cells of the map in which the part around a region is looked for
_LARGER, _LARGEST = 1.3, 0.6  # times the region's size, and of the picture: such a part is tried
_ATTENTION = 0.15  # power of a region's share, by which its outline counts
_LEAST = 0.1  # of the largest region's attention: one with less is tried only where too few have more
_AROUND = 1.2  # of a region's box, on each side: the thing is looked for so far
_CORE = 0.5  # of the region's own peak: surely the thing
_CLICK = 0.012  # of the picture's mean side: what a click settles around it
_EPSILON = 1e-4  # of the guided filter, on colours of 0..1
_SPECK = 0.002  # of the thing: less is dropped, and holes as small are filled
_FINEST = 0.0015  # of the picture's mean side: how closely polygons follow the edge

Bytes = NDArray[np.uint8]
Floats = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Click:
    """The user's word on one place, in fractions of the picture: it belongs to the thing, or it does not."""

    x: float
    y: float
    belongs: bool = True


@dataclass(frozen=True, slots=True)
class CutoutSettings:
    """A request for cut-outs.

    Attributes:
        count: of how many regions, the most promising first, 1..20.
        softness: of edges, in pixels of the picture, 0..20; 0 gives hard ones.
        clicks: corrections, in any number.

    Raises:
        ValueError: a value outside its range.
    """

    count: int = 1
    softness: float = 2.0
    clicks: tuple[Click, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= self.count <= MOST_CUTOUTS:
            raise ValueError(f"there are 1..{MOST_CUTOUTS} things to cut out, not {self.count}")
        low, high = SOFTNESS_LIMITS
        if not low <= self.softness <= high:
            raise ValueError(f"softness lies in {low:g}..{high:g} pixels, not {self.softness:g}")
        if not all(0 <= click.x <= 1 and 0 <= click.y <= 1 for click in self.clicks):
            raise ValueError("a click lies on the picture, 0..1 each way")


@dataclass(frozen=True, slots=True, eq=False)
class Cutout:
    """The cut-out of a picture.

    Attributes:
        alpha: uint8 (H, W), 0 for what is behind, 255 for the things, between at soft edges.
        regions: that it began from.
        polygons: outlines of its parts, the largest first, each of (x, y) in fractions of the picture.
        share: of all predicted fixations, on the things, 0..1.
    """

    alpha: Bytes
    regions: tuple[SalientRegion, ...]
    polygons: tuple[tuple[tuple[float, float], ...], ...]
    share: float

    @property
    def mask(self) -> Bytes:
        """uint8 (H, W): 255 for the things, 0 for what is behind."""
        return np.where(self.alpha >= 128, np.uint8(255), np.uint8(0))

    def of(self, pixels: Bytes) -> Bytes:
        """Return the things alone: uint8 (H, W, 4), RGBA with straight alpha."""
        return np.dstack([pixels, self.alpha])


def cut_out(pixels: Bytes, saliency: SaliencyMap, settings: CutoutSettings | None = None) -> Cutout | None:
    """Separate what the map points at from what is behind it.

    A region of the map seeds GrabCut (Rother, Kolmogorov, Blake, SIGGRAPH 2004): its core belongs to the
    thing, its neighbourhood may, and everything far from it does not. The first regions, without those of
    little attention, are cut out on trial, small, each as it is and with the part around it of more than
    twice the average attention; what follows the picture's edges best is chosen. Clicks settle their places,
    and do not change this choice.
    GrabCut works on at most a million pixels; soft edges, and those of a larger picture, come from the guided
    filter (He, Sun, Tang, ECCV 2010), which follows the picture's own edges at its full size.

    Args:
        pixels: uint8 (H, W, 3) sRGB.
        saliency: its map.
        settings: what is cut out; the defaults if None.

    Returns:
        None if the map is plain and no click says that a place belongs to a thing.
    """
    settings = settings or CutoutSettings()
    starts: tuple[_Start, ...] = ()
    if not is_plain(saliency.density):
        regions = find_salient_regions(pixels, saliency, RegionSettings(settings.count + _TRIED - 1))
        starts = _clearest(pixels, saliency, regions, settings.count)
    if not starts and not any(click.belongs for click in settings.clicks):
        return None
    small = _reduced(pixels, _WORKING)
    seeds = _seeds(saliency, starts, settings.clicks, small)
    hard = _cleaned(_grab(small, seeds), seeds)
    alpha = _soft(pixels, hard, settings.softness)
    share = _share(saliency, alpha)
    return Cutout(alpha, tuple(start.region for start in starts), _polygons(alpha), share)


def _reduced(pixels: Bytes, most: int) -> Bytes:
    """Return the picture with at most so many pixels."""
    height, width = pixels.shape[:2]
    scale = min(1.0, math.sqrt(most / (height * width)))
    size = max(2, round(width * scale)), max(2, round(height * scale))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


@dataclass(frozen=True, slots=True)
class _Start:
    """A region, and the outline of what may belong to the thing: points (x, y) in fractions."""

    region: SalientRegion
    outline: tuple[tuple[float, float], ...]


def _clearest(
    pixels: Bytes, saliency: SaliencyMap, regions: Sequence[SalientRegion], count: int
) -> tuple[_Start, ...]:
    """Return as many starts as are wanted: those with the clearest outlines, and somewhat for attention."""
    small = _reduced(pixels, _TRIAL)
    edges = _edges(small)
    strong = edges >= np.quantile(edges, _STRONG)
    tried: list[tuple[float, _Start]] = []
    for region in _attended(regions, count):
        starts = [_Start(region, region.contour), *_wider(saliency, region)]
        clear = []
        for start in starts:
            seeds = _seeds(saliency, (start,), (), small)
            mask = _cleaned(_grab(small, seeds, _TRIAL_ITERATIONS), seeds)
            clear.append(_along_outline(strong & ~_limit(seeds), mask))
        best = int(np.argmax(clear))
        tried.append((clear[best] * region.share**_ATTENTION, starts[best]))
    chosen = sorted(range(len(tried)), key=lambda number: -tried[number][0])[:count]
    return tuple(tried[number][1] for number in sorted(chosen))


def _attended(regions: Sequence[SalientRegion], count: int) -> Sequence[SalientRegion]:
    """Leave out regions of little attention: a clear outline alone makes nothing the thing to cut out."""
    shares = sorted((region.share for region in regions), reverse=True)
    return [region for region in regions if region.share >= min(_LEAST * shares[0], shares[:count][-1])]


def _wider(saliency: SaliencyMap, region: SalientRegion) -> list[_Start]:
    """Return the part around a region with more than twice the average attention, if it is larger."""
    field = cv2.resize(saliency.density, _GRID, interpolation=cv2.INTER_LINEAR)
    inside = _filled(region.contour, _GRID)
    _, labels = cv2.connectedComponents((field >= 2 * field.mean()).astype(np.uint8))
    part = (labels == labels.flat[int((field * inside).argmax())]) & (labels > 0)
    if not _LARGER * region.size <= part.mean() <= _LARGEST:
        return []
    contours, _ = cv2.findContours(part.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = max(contours, key=cv2.contourArea)[:, 0]
    scaled = (outline + 0.5) / _GRID
    return [_Start(region, tuple((float(x), float(y)) for x, y in scaled))] if len(outline) >= 3 else []


def _filled(outline: Sequence[tuple[float, float]], size: tuple[int, int]) -> Bytes:
    """Return 1 within an outline in fractions of the picture, else 0; ``size`` is (width, height)."""
    inside = np.zeros(size[::-1], np.uint8)
    cv2.fillPoly(inside, [np.rint(np.array(outline) * size - 0.5).astype(np.int32)], 1)
    return inside


def _edges(pixels: Bytes) -> Floats:
    """Return the strongest edge of lightness and colours at most a pixel away: float32 (h, w)."""
    lab = cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB).astype(np.float32)
    slopes = [cv2.Sobel(lab, cv2.CV_32F, *way) for way in ((1, 0), (0, 1))]
    return np.asarray(cv2.dilate(np.hypot(*slopes).sum(axis=2), np.ones((3, 3))), np.float32)


def _limit(seeds: Bytes) -> NDArray[np.bool_]:
    """Return where the search ends: what ends there, too, ends at no edge of its own."""
    beyond = (seeds == cv2.GC_BGD).astype(np.uint8)
    return np.asarray(cv2.dilate(beyond, np.ones((5, 5), np.uint8)) > 0)


def _along_outline(strong: NDArray[np.bool_], mask: Bytes) -> float:
    """Return the share of a mask's outline that lies on strong edges, less for dented and scattered shapes.

    That is by the square of its area in that of its convex hull; 0 if it has no outline.
    """
    outline = cv2.morphologyEx(mask, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
    if not outline.any():
        return 0.0
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    largest = max(contours, key=cv2.contourArea)
    solid = cv2.contourArea(largest) / max(1.0, cv2.contourArea(cv2.convexHull(largest)))
    return float(strong[outline].mean()) * solid**2


def _seeds(saliency: SaliencyMap, starts: Sequence[_Start], clicks: Sequence[Click], small: Bytes) -> Bytes:
    """Return the initial label of each pixel of the reduced picture for GrabCut."""
    height, width = small.shape[:2]
    size = width, height
    field = cv2.resize(saliency.density / saliency.density.max(), size, interpolation=cv2.INTER_LINEAR)
    seeds = np.full((height, width), cv2.GC_BGD, np.uint8)
    for start in starts:
        points = np.array(start.outline)
        (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
        dx, dy = _AROUND * (right - left), _AROUND * (bottom - top)
        part = seeds[_cells(top - dy, bottom + dy, height), _cells(left - dx, right + dx, width)]
        part[part == cv2.GC_BGD] = cv2.GC_PR_BGD
    for start in starts:
        for outline in (start.outline, start.region.contour):
            inside = _filled(outline, size)
            seeds[inside > 0] = cv2.GC_PR_FGD
        peak = float(field[inside > 0].max()) if inside.any() else 1.0
        seeds[(inside > 0) & (field >= _CORE * peak)] = cv2.GC_FGD
    radius = max(1, round(_CLICK * math.sqrt(width * height)))
    for click in clicks:
        at = min(width - 1, int(click.x * width)), min(height - 1, int(click.y * height))
        if click.belongs:  # what is like it, around it, may belong too
            around = np.zeros((height, width), np.uint8)
            cv2.circle(around, at, 12 * radius, 1, cv2.FILLED)
            seeds[(around > 0) & (seeds == cv2.GC_BGD)] = cv2.GC_PR_BGD
    for click in clicks:
        at = min(width - 1, int(click.x * width)), min(height - 1, int(click.y * height))
        cv2.circle(seeds, at, radius, cv2.GC_FGD if click.belongs else cv2.GC_BGD, cv2.FILLED)
    return seeds


def _grab(pixels: Bytes, seeds: Bytes, iterations: int = _ITERATIONS) -> Bytes:
    """Run GrabCut; uint8 (h, w), 1 for the thing."""
    mask = seeds.copy()
    if not (mask == cv2.GC_BGD).any():  # a thing as large as the picture: its rim is taken for what is behind
        mask[:1], mask[-1:], mask[:, :1], mask[:, -1:] = (cv2.GC_PR_BGD,) * 4
    sure = np.isin(mask, (cv2.GC_FGD, cv2.GC_PR_FGD))
    if sure.all() or not sure.any() or is_even(pixels):  # GrabCut would take minutes on one colour
        return sure.astype(np.uint8)
    cv2.setRNGSeed(0)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    bgr = np.ascontiguousarray(pixels[..., ::-1])
    cv2.grabCut(bgr, mask, None, *models, iterations, cv2.GC_INIT_WITH_MASK)  # type: ignore[call-overload]
    return np.isin(mask, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)


def _cleaned(mask: Bytes, seeds: Bytes) -> Bytes:
    """Drop parts that hold nothing sure and specks, and fill small holes."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    least = _SPECK * max(1, int(mask.sum()))
    sure = set(np.unique(labels[seeds == cv2.GC_FGD]))
    kept = [label for label in range(1, count) if label in sure and stats[label, cv2.CC_STAT_AREA] >= least]
    mask = np.isin(labels, kept or list(range(1, count))).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(1 - mask, connectivity=4)
    background = set(np.unique(labels[seeds == cv2.GC_BGD]))
    for label in range(1, count):
        if stats[label, cv2.CC_STAT_AREA] < least and label not in background:
            mask[labels == label] = 1
    return mask


def _soft(pixels: Bytes, mask: Bytes, softness: float) -> Bytes:
    """Return the mask at the picture's size, its edge drawn along the picture's: uint8 (H, W)."""
    height, width = pixels.shape[:2]
    enlarged = height / mask.shape[0]
    full = cv2.resize(mask.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    radius = math.ceil(max(softness, 2 * enlarged if enlarged > 1 else 0))
    if radius == 0:
        return np.where(full >= 0.5, np.uint8(255), np.uint8(0))
    alpha = full.copy()
    edge = cv2.morphologyEx(full, cv2.MORPH_GRADIENT, np.ones((2 * radius + 1,) * 2, np.uint8)) > 0
    rows, columns = np.flatnonzero(edge.any(axis=1)), np.flatnonzero(edge.any(axis=0))
    if len(rows):
        part = (
            slice(max(0, rows[0] - 4 * radius), rows[-1] + 4 * radius + 1),
            slice(max(0, columns[0] - 4 * radius), columns[-1] + 4 * radius + 1),
        )
        filtered = _guided(pixels[part], full[part], radius)
        alpha[part] = np.where(edge[part], filtered, full[part])
    if softness == 0:
        return np.where(alpha >= 0.5, np.uint8(255), np.uint8(0))
    return np.asarray(np.rint(255 * np.clip(alpha, 0, 1)), np.uint8)


def _guided(pixels: Bytes, mask: Floats, radius: int) -> Floats:
    """Apply the guided filter with the picture's lightness as guide."""
    guide = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    side = (2 * radius + 1,) * 2

    def mean(values: Floats) -> Floats:
        return np.asarray(cv2.boxFilter(values, -1, side, borderType=cv2.BORDER_REFLECT), np.float32)

    of_guide, of_mask = mean(guide), mean(mask)
    slope = (mean(guide * mask) - of_guide * of_mask) / (mean(guide * guide) - of_guide**2 + _EPSILON)
    return mean(slope) * guide + mean(of_mask - slope * of_guide)


def _polygons(alpha: Bytes) -> tuple[tuple[tuple[float, float], ...], ...]:
    height, width = alpha.shape
    contours, _ = cv2.findContours((alpha >= 128).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    finest = max(0.5, _FINEST * math.sqrt(width * height))
    found = []
    for contour in sorted(contours, key=lambda each: -cv2.contourArea(each)):
        outline = cv2.approxPolyDP(contour, finest, True)[:, 0]
        if len(outline) >= 3:
            scaled = np.round((outline + 0.5) / (width, height), 6)
            found.append(tuple((float(x), float(y)) for x, y in scaled))
    return tuple(found)


def _share(saliency: SaliencyMap, alpha: Bytes) -> float:
    """Return the attention on the things."""
    rows, columns = saliency.density.shape
    cover = cv2.resize(alpha, (columns, rows), interpolation=cv2.INTER_AREA).astype(np.float64) / 255
    return float(np.clip((cover * saliency.density).sum(), 0, 1))


def _cells(low: float, high: float, count: int) -> slice:
    return slice(max(0, math.floor(low * count)), min(count, math.ceil(high * count)))
