"""Crops: the window of a given shape or size that keeps the most attention."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from salviewer.core.applications.known import Known
from salviewer.core.applications.summed import SummedArea
from salviewer.core.saliency_map import SaliencyMap

PADDING_LIMITS = (0.0, 0.4)
_UNSEEN = 3  # levels: a picture whose colours differ by less has one colour
_SPARSE = 16  # rows and columns of which one is looked at first
CUT_WEIGHT = 1.0
"""The cost of cutting one thing in two, in shares of attention: more than any window can gain."""

_FARTHEST = 100  # an aspect of 100:1
_GIVES_UP = 0.05  # of what the best window keeps, for the rule of thirds
_WHOLE = 0.01  # of a thing that may be cut off unnoticed
_EQUAL = 1e-7  # of attention: so close windows are equal, and the one nearest to the middle is taken
_DEPTH = 0.1  # of a cut's weight depends on how deep it is

Array = NDArray[np.float64]


class CropError(ValueError):
    """A crop that does not fit into the picture; its text is a clause for the user."""


@dataclass(frozen=True, slots=True)
class CropRequest:
    """A request for a crop.

    Attributes:
        aspect: width and height in any unit, such as (9, 16), for the largest window of that shape; or None.
        size: (width, height) in pixels of the picture; or None.
        keep: of the attention, 0..1: the smallest window of the aspect that keeps so much; 1 for the largest.
        padding: of the window's sides, 0..0.4: a margin at each edge in which nothing counts as kept while
            the place is looked for, and into which nothing that is kept whole reaches.
        thirds: whether the hottest place is laid on a crossing of the lines at a third, where that costs at
            most 5 % of what could be kept.
        whole: whether areas, lines of text and objects are kept whole where that is possible.

    Raises:
        ValueError: a value outside its range, or neither or both of aspect and size.
    """

    aspect: tuple[float, float] | None = None
    size: tuple[int, int] | None = None
    keep: float = 1.0
    padding: float = 0.0
    thirds: bool = False
    whole: bool = True

    def __post_init__(self) -> None:
        if (self.aspect is None) == (self.size is None):
            raise ValueError("a crop has an aspect or a size")
        if self.aspect is not None:
            width, height = self.aspect
            if (
                not (math.isfinite(width) and math.isfinite(height) and min(width, height) > 0)
                or not 1 / _FARTHEST <= width / height <= _FARTHEST
            ):
                raise ValueError("an aspect is two numbers above 0, such as 16:9, at most 100:1 apart")
        if self.size is not None and min(self.size) < 1:
            raise ValueError("a crop has at least one pixel each way")
        if not 0 < self.keep <= 1:
            raise ValueError(f"a share to keep lies above 0 and up to 1, not {self.keep:g}")
        if self.keep < 1 and self.size is not None:
            raise ValueError("a share to keep is for an aspect; a size is what it is")
        low, high = PADDING_LIMITS
        if not low <= self.padding <= high:
            raise ValueError(f"padding lies in {low:g}..{high:g} of the crop's sides, not {self.padding:g}")

    @classmethod
    def parse(cls, text: str) -> CropRequest:
        """Read an aspect such as ``"9:16"`` or ``"2.39:1"``, or a size such as ``"1080x1920"``.

        Raises:
            ValueError: with one sentence.
        """
        word = text.strip().lower()
        if match := re.fullmatch(r"(\d{1,6})x(\d{1,6})", word):
            return cls(size=(int(match[1]), int(match[2])))
        if match := re.fullmatch(r"(\d{1,6}(?:\.\d{1,6})?)[:/](\d{1,6}(?:\.\d{1,6})?)", word):
            return cls(aspect=(float(match[1]), float(match[2])))
        raise ValueError(f"a crop is an aspect such as 9:16 or a size such as 1080x1920, not {text!r}")

    @property
    def name(self) -> str:
        """A name for files: ``"9x16"`` for an aspect, ``"1080x1920px"`` for a size."""
        if self.size is not None:
            return f"{self.size[0]}x{self.size[1]}px"
        assert self.aspect is not None
        return f"{self.aspect[0]:g}x{self.aspect[1]:g}"

    def __str__(self) -> str:
        """Return the text that `parse` reads."""
        if self.size is not None:
            return f"{self.size[0]}x{self.size[1]}"
        assert self.aspect is not None
        return f"{self.aspect[0]:g}:{self.aspect[1]:g}"


@dataclass(frozen=True, slots=True)
class Crop:
    """A window of a picture.

    Attributes:
        left, top, width, height: in pixels of the picture.
        picture: (width, height) of the picture.
        kept: the share of all predicted fixations that falls into it, 0..1.
        cut: what is in it in part only, though it would fit: names, or "text", "face", "object", "area".
        note: a clause that the user should know; "" for nothing.
    """

    left: int
    top: int
    width: int
    height: int
    picture: tuple[int, int]
    kept: float
    cut: tuple[str, ...] = ()
    note: str = ""

    @property
    def fractions(self) -> tuple[float, float, float, float]:
        """x, y, width and height in shares of the picture's sides."""
        wide, high = self.picture
        return self.left / wide, self.top / high, self.width / wide, self.height / high

    def of(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Cut the window out of the picture: a copy, uint8 (height, width, 3).

        Raises:
            ValueError: the picture has another size than the one that was cropped.
        """
        if pixels.shape[1::-1] != self.picture:
            raise ValueError(f"the crop is of a picture of {self.picture}, not {pixels.shape[1::-1]}")
        rows = slice(self.top, self.top + self.height)
        return pixels[rows, self.left : self.left + self.width].copy()


def best_crop(saliency: SaliencyMap, request: CropRequest, known: Sequence[Known] = ()) -> Crop:
    """Find the window that keeps the most attention, exact to the pixel.

    Within a cell of the map the kept share is a bilinear function of the window's place, so the best place
    is one where an edge of the window lies on a border between cells, or the next pixel: all of these are
    tried. Each thing that is cut in two although it fits into the window costs more than attention can
    gain, so it happens only where it cannot be helped. Of equal windows the one nearest to the middle is
    taken.

    Args:
        saliency: the map.
        request: shape or size, and how.
        known: what is kept whole where possible.

    Raises:
        CropError: the size is larger than the picture.
    """
    sums = SummedArea(saliency.density, saliency.source_size)
    if request.size is not None:
        return _placed(saliency, sums, request, known, *_fitting(request.size, saliency.source_size))
    wide, high = largest_window(saliency.source_size, request.aspect or (1, 1))
    crop = _placed(saliency, sums, request, known, wide, high)
    if request.keep == 1 or crop.kept < request.keep:
        return crop
    low, high_width = 1, wide  # widths: too little is kept, enough is kept
    while high_width - low > 1:
        middle = (low + high_width) // 2
        tried = _placed(saliency, sums, request, known, middle, max(1, round(middle * high / wide)))
        if tried.kept >= request.keep and not set(tried.cut) - set(crop.cut):
            crop, high_width = tried, middle
        else:
            low = middle
    return crop


def largest_window(size: tuple[int, int], aspect: tuple[float, float]) -> tuple[int, int]:
    """Return (width, height) in pixels of the largest window of an aspect in a picture of this size."""
    width, height = size
    ratio = aspect[0] / aspect[1]
    if width >= height * ratio:
        return min(width, max(1, round(height * ratio))), height
    return width, min(height, max(1, round(width / ratio)))


def kept_by(saliency: SaliencyMap, left: float, top: float, width: float, height: float) -> float:
    """Return the share of attention in any window, 0..1; place and size in pixels of the picture."""
    return SummedArea(saliency.density, saliency.source_size).share(left, top, left + width, top + height)


def crop_at(saliency: SaliencyMap, left: int, top: int, width: int, height: int) -> Crop:
    """Return a window that somebody chose, moved and reduced so that it lies in the picture."""
    wide, high = saliency.source_size
    width, height = max(1, min(width, wide)), max(1, min(height, high))
    left, top = max(0, min(left, wide - width)), max(0, min(top, high - height))
    kept = kept_by(saliency, left, top, width, height)
    return Crop(left, top, width, height, (wide, high), kept)


def is_plain(density: NDArray[np.float32]) -> bool:
    """Return whether a map has no peak: the picture is plain."""
    low, high = float(density.min()), float(density.max())
    return high - low <= 1e-3 * high


def is_even(pixels: NDArray[np.uint8]) -> bool:
    """Return whether a picture, uint8 (H, W, 3), has one colour, but for noise that nobody sees."""
    few = pixels[::_SPARSE, ::_SPARSE]  # settles nearly all pictures, in a hundredth of the time
    return all(bool((np.ptp(some, axis=(0, 1)) <= _UNSEEN).all()) for some in (few, pixels))


def _fitting(size: tuple[int, int], picture: tuple[int, int]) -> tuple[int, int]:
    for side, has, what in zip(size, picture, ("wide", "high"), strict=True):
        if side > has:
            raise CropError(f"the crop is {side} pixels {what} and the picture {has}")
    return size


def _placed(
    saliency: SaliencyMap,
    sums: SummedArea,
    request: CropRequest,
    known: Sequence[Known],
    width: int,
    height: int,
) -> Crop:
    """Place a window of this size."""
    wide, high = saliency.source_size
    margin_x, margin_y = request.padding * width, request.padding * height
    inner_x, inner_y = width - 2 * margin_x, height - 2 * margin_y
    things = _boxes(known, (wide, high), inner_x, inner_y) if request.whole else []
    peak = _peak(saliency)
    lefts = _places(wide - width, margin_x, inner_x, sums.columns / wide, [(b[0], b[2]) for b, _ in things])
    tops = _places(high - height, margin_y, inner_y, sums.rows / high, [(b[1], b[3]) for b, _ in things])
    if request.thirds:
        lefts = _joined(lefts, [peak[0] - width * part for part in (1 / 3, 2 / 3)], wide - width)
        tops = _joined(tops, [peak[1] - height * part for part in (1 / 3, 2 / 3)], high - height)
    inner = sums.windows(lefts + margin_x, tops + margin_y, inner_x, inner_y)
    score = inner.copy()
    for box, _ in things:
        score -= CUT_WEIGHT * _cut(box, lefts + margin_x, tops + margin_y, inner_x, inner_y)
    away = ((lefts - (wide - width) / 2) / wide)[None] ** 2 + ((tops - (high - height) / 2) / high)[
        :, None
    ] ** 2
    best = float(score.max())
    if request.thirds:
        far = _from_thirds((peak[0] - lefts) / width)[None] + _from_thirds((peak[1] - tops) / height)[:, None]
        allowed = score >= best - _GIVES_UP * float(inner.max())
        row, column = _first(np.where(allowed, -far, -np.inf), away)
    else:
        row, column = _first(score, away)
    left, top = int(lefts[column]), int(tops[row])
    kept = sums.share(left, top, left + width, top + height)
    at = np.array([float(left)]), np.array([float(top)])
    cut = tuple(name for box, name in things if _cut(box, *at, width, height)[0, 0] > 0)
    note = "the map is plain, so the crop lies in the middle" if is_plain(saliency.density) else ""
    return Crop(left, top, width, height, (wide, high), kept, cut, note)


def _first(score: Array, away: Array) -> tuple[int, int]:
    """Return the place of the highest score; of equal ones the least away."""
    equal = score >= score.max() - _EQUAL
    row, column = np.unravel_index(np.argmin(np.where(equal, away, np.inf)), score.shape)
    return int(row), int(column)


def _places(
    last: int, margin: float, inner: float, scale: float, sides: Sequence[tuple[float, float]]
) -> Array:
    """Return whole pixels in 0..last among which the best place of a window is: float64, rising.

    Args:
        scale: cells of the map per pixel.
        sides: low and high side of things, in pixels.
    """
    cells = np.arange(0, math.floor((last + margin + inner) * scale) + 2) / scale
    edges = [cells - margin, cells - margin - inner, np.array([last / 2, 0.0, float(last)])]
    for low, high in sides:
        edges.append(np.array([low, high, low - inner, high - inner]) - margin)
    places = np.concatenate(edges)
    around = np.concatenate([np.floor(places), np.ceil(places)])
    return np.unique(np.clip(around, 0, last))


def _joined(places: Array, more: Sequence[float], last: int) -> Array:
    return np.unique(np.clip(np.concatenate([places, np.round(more)]), 0, last))


def _boxes(
    known: Sequence[Known], size: tuple[int, int], width: float, height: float
) -> list[tuple[tuple[float, float, float, float], str]]:
    """Return box in pixels and name of each thing that fits into the window."""
    wide, high = size
    found = []
    for thing in known:
        box = thing.left * wide, thing.top * high, thing.right * wide, thing.bottom * high
        if box[2] - box[0] <= width and box[3] - box[1] <= height:
            found.append((box, thing.label or thing.kind))
    return found


def _cut(
    box: tuple[float, float, float, float], lefts: Array, tops: Array, width: float, height: float
) -> Array:
    """Return how badly each window cuts a box, 0..1: (tops, lefts); 0 if the box is inside or outside."""
    left, top, right, bottom = box
    across = np.clip(np.minimum(right, lefts + width) - np.maximum(left, lefts), 0, None) / (right - left)
    down = np.clip(np.minimum(bottom, tops + height) - np.maximum(top, tops), 0, None) / (bottom - top)
    inside = across[None] * down[:, None]
    depth = 2 * np.minimum(inside, 1 - inside)
    cut = (inside > _WHOLE) & (inside < 1 - _WHOLE)
    return np.asarray(np.where(cut, 1 - _DEPTH + _DEPTH * depth, 0.0), np.float64)


def _peak(saliency: SaliencyMap) -> tuple[float, float]:
    """Return the hottest cell's centre in pixels."""
    rows, columns = saliency.density.shape
    row, column = np.unravel_index(int(saliency.density.argmax()), (rows, columns))
    wide, high = saliency.source_size
    return (int(column) + 0.5) / columns * wide, (int(row) + 0.5) / rows * high


def _from_thirds(place: Array) -> Array:
    """Return the squared distance of places in the window, 0..1, from the nearer line at a third."""
    return np.minimum((place - 1 / 3) ** 2, (place - 2 / 3) ** 2)
