"""Find the areas of one picture again where a layout has moved. Suggestions, never certainties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from salviewer.core.area_shapes import box
from salviewer.core.areas import Area, Ellipse, Polygon, Rectangle, new_id
from salviewer.first_use import cv2

_LONGEST = 900  # pixels of the pictures that are matched
_SCALES = (1.0, 0.9, 1.1, 0.8, 1.25, 0.7, 1.4)
_ENOUGH = 0.72  # correlation of a match
_CLEAR = 0.06  # by which it beats the best match elsewhere
_PLAIN = 4.0  # standard deviation, of 255, below which a patch has nothing to be known by
_SMALLEST = 6  # pixels of a patch's side
_CONTEXT = 0.15  # of its own size that is matched around an area, so that its frame counts
_SAME = 0.96  # correlation of what is the same for certain
_STAYS = 0.01  # of the picture: moved by less, it has not moved
_FEW = 8  # features that must agree


@dataclass(frozen=True, slots=True)
class Found:
    """An area found in another picture.

    Attributes:
        area: where it is there, with the same name and hue and an id of its own.
        likeness: of the match, 0..1.
        moved: whether it lies elsewhere or has another size.
        way: how it was found.
    """

    area: Area
    likeness: float
    moved: bool
    way: str


def find_again(
    areas: Sequence[Area], first: NDArray[np.uint8], second: NDArray[np.uint8]
) -> tuple[Found | None, ...]:
    """Look for the areas of a picture in another one.

    An area's pixels are compared with every place of the second picture, at several sizes, by their
    correlation (Lewis, "Fast normalized cross-correlation", 1995). A match counts if it is good and clearly
    better than any other; otherwise at least eight SIFT features (Lowe, "Distinctive image features from
    scale-invariant keypoints", IJCV 2004) must agree on one place and scale. Nothing is turned.

    Args:
        areas: of the first picture, in fractions of it.
        first, second: uint8 (H, W, 3).

    Returns:
        one an area, in order; None where it is not found: it is absent, too plain or there several times.
    """
    scale = _LONGEST / max(first.shape[:2])
    before = _grey(first, scale)
    after = _grey(second, before.shape[1] / second.shape[1])  # layouts are matched at equal width
    features: _Features | None = None
    found: list[Found | None] = []
    for area in areas:
        patch = _Patch.of(area, before)
        result = None
        if patch is not None:
            result, ambiguous = _by_template(area, patch, before, after)
            if result is None and not ambiguous:
                features = features or _Features(before, after)
                result = _by_features(area, patch, features, before, after)
        found.append(result)
    return tuple(found)


def copied(areas: Sequence[Area]) -> tuple[Area, ...]:
    """Return the areas at the same places for another picture, with ids of their own."""
    return tuple(replace(area, id=new_id()) for area in areas)


def coloured(areas: Sequence[Area]) -> tuple[Area, ...]:
    """Return the areas with a hue each, so that they keep their colours where others are missing."""
    return tuple(
        area if area.hue is not None else replace(area, hue=place) for place, area in enumerate(areas)
    )


def _grey(pixels: NDArray[np.uint8], scale: float) -> NDArray[np.uint8]:
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    size = (max(8, round(grey.shape[1] * scale)), max(8, round(grey.shape[0] * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(grey, size, interpolation=way), np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class _Patch:
    """The pixels of an area with a little around it, and where they are: left, top in pixels."""

    pixels: NDArray[np.uint8]
    left: int
    top: int

    @classmethod
    def of(cls, area: Area, picture: NDArray[np.uint8]) -> _Patch | None:
        height, width = picture.shape
        left, top, right, bottom = box(area)
        aside, down = _CONTEXT * (right - left), _CONTEXT * (bottom - top)
        x0, x1 = max(0, round((left - aside) * width)), min(width, round((right + aside) * width))
        y0, y1 = max(0, round((top - down) * height)), min(height, round((bottom + down) * height))
        cut = picture[y0:y1, x0:x1]
        if min(cut.shape) < _SMALLEST or float(cut.std()) < _PLAIN:
            return None
        return cls(cut, x0, y0)


def _by_template(
    area: Area, patch: _Patch, before: NDArray[np.uint8], after: NDArray[np.uint8]
) -> tuple[Found | None, bool]:
    """Return the match, if there is a clear one, and whether there are several that are as good."""
    best: tuple[float, float, int, int, float] | None = None  # likeness, scale, x, y, of the next best
    for scale in _SCALES:
        size = (round(patch.pixels.shape[1] * scale), round(patch.pixels.shape[0] * scale))
        if min(size) < _SMALLEST or size[0] > after.shape[1] or size[1] > after.shape[0]:
            continue
        template = cv2.resize(patch.pixels, size, interpolation=cv2.INTER_AREA)
        likeness = np.nan_to_num(cv2.matchTemplate(after, template, cv2.TM_CCOEFF_NORMED))
        if scale == 1 and before.shape == after.shape:
            here = float(likeness[patch.top, patch.left])
            if here >= _SAME:
                return _placed(area, patch, (1.0, 0.0, 0.0), before, after, min(here, 1.0)), False
        _, top, _, (x, y) = cv2.minMaxLoc(likeness)
        if best is None or top > best[0] + 0.01:
            near = max(2, size[0] // 2), max(2, size[1] // 2)
            likeness[max(0, y - near[1]) : y + near[1] + 1, max(0, x - near[0]) : x + near[0] + 1] = -1
            best = (float(top), scale, int(x), int(y), float(likeness.max()))
        if best[0] > _SAME:
            break
    if best is None or best[0] < _ENOUGH:
        return None, False
    if best[0] - best[4] < _CLEAR:
        return None, True
    top, scale, x, y, _ = best
    way = (scale, x - scale * patch.left, y - scale * patch.top)
    return _placed(area, patch, way, before, after, min(top, 1.0)), False


class _Features:
    """SIFT features of two pictures, matched both ways."""

    def __init__(self, before: NDArray[np.uint8], after: NDArray[np.uint8]) -> None:
        sift = cv2.SIFT.create(nfeatures=4000)
        here, about_here = sift.detectAndCompute(before, None)
        there, about_there = sift.detectAndCompute(after, None)
        self.here = np.empty((0, 2), np.float32)
        self.there = self.here
        if about_here is None or about_there is None:
            return
        matches = cv2.BFMatcher(cv2.NORM_L2, crossCheck=True).match(about_here, about_there)
        self.here = np.array([here[match.queryIdx].pt for match in matches], np.float32).reshape(-1, 2)
        self.there = np.array([there[match.trainIdx].pt for match in matches], np.float32).reshape(-1, 2)


def _by_features(
    area: Area, patch: _Patch, features: _Features, before: NDArray[np.uint8], after: NDArray[np.uint8]
) -> Found | None:
    height, width = patch.pixels.shape
    x, y = features.here.T if len(features.here) else (np.empty(0), np.empty(0))
    inside = (x >= patch.left) & (x < patch.left + width) & (y >= patch.top) & (y < patch.top + height)
    if inside.sum() < _FEW:
        return None
    here, there = features.here[inside], features.there[inside]
    way, agree = cv2.estimateAffinePartial2D(here, there, ransacReprojThreshold=3.0)
    if way is None:
        return None
    agreeing = int(agree.sum())
    scale, turn = float(np.hypot(way[0, 0], way[1, 0])), abs(float(np.arctan2(way[1, 0], way[0, 0])))
    if agreeing < _FEW or agreeing < 0.4 * inside.sum() or turn > 0.05 or not 0.4 < scale < 2.5:
        return None
    return _placed(
        area,
        patch,
        (scale, float(way[0, 2]), float(way[1, 2])),
        before,
        after,
        agreeing / int(inside.sum()),
        "features",
    )


def _placed(
    area: Area,
    patch: _Patch,
    way: tuple[float, float, float],
    before: NDArray[np.uint8],
    after: NDArray[np.uint8],
    likeness: float,
    how: str = "template",
) -> Found | None:
    """Carry an area over by a scale and a move in pixels, and give it an id of its own."""
    scale, dx, dy = way
    (height, width), (tall, wide) = before.shape, after.shape

    def carried(x: float, y: float) -> tuple[float, float]:
        return (scale * x * width + dx) / wide, (scale * y * height + dy) / tall

    left, top, right, bottom = box(area)
    (new_left, new_top), (new_right, new_bottom) = carried(left, top), carried(right, bottom)
    if max(-new_left, -new_top, new_right - 1, new_bottom - 1) > 0.2:
        return None
    moved = max(abs(new_left - left), abs(new_top - top), abs(new_right - right), abs(new_bottom - bottom))
    fresh = new_id()
    if moved < _STAYS:
        return Found(replace(area, id=fresh), likeness, False, how)
    match area:
        case Rectangle():
            there: Area = replace(
                area, left=new_left, top=new_top, right=new_right, bottom=new_bottom, id=fresh
            )
        case Ellipse():
            x, y = carried(area.x, area.y)
            radii = (new_right - new_left) / 2, (new_bottom - new_top) / 2
            there = replace(area, x=x, y=y, radius_x=radii[0], radius_y=radii[1], id=fresh)
        case Polygon():
            there = replace(area, points=tuple(carried(*point) for point in area.points), id=fresh)
    return Found(there, likeness, True, how)
