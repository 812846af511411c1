"""Areas of interest, and the attention that each is predicted to get."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from salviewer.core.coverage import coverage, ellipse_outline
from salviewer.core.postprocess import PostprocessSettings, normalised_field

if TYPE_CHECKING:
    from salviewer.core.saliency_map import SaliencyMap

_FARTHEST = 100.0  # largest distance of a coordinate from the picture, in widths or heights
_SMALLEST = 1e-9  # of the picture's area


def new_id() -> str:
    """Return an identifier that no other area has."""
    return os.urandom(16).hex()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    name: str = ""
    id: str = field(default_factory=new_id)
    hue: int | None = None
    locked: bool = False

    def outline(self) -> NDArray[np.float64]:
        raise NotImplementedError

    def __post_init__(self) -> None:
        points = self.outline()
        what = f"the area {self.name!r}" if self.name else "an area"
        if not np.isfinite(points).all() or np.abs(points).max(initial=0) > _FARTHEST:
            raise ValueError(f"{what} has a coordinate that is no number or lies far away from the picture")
        if self.hue is not None and (type(self.hue) is not int or self.hue < 0):
            raise ValueError(f"the hue of {what} is a whole number from 0, not {self.hue!r}")
        if _plainly_there(points):
            return
        if float(coverage(points, (64, 64)).mean()) < _SMALLEST:
            raise ValueError(f"{what} covers nothing of the picture")


@dataclass(frozen=True, slots=True)
class Rectangle(_Named):
    """An upright rectangle; coordinates in fractions of the picture's width and height, 0..1.

    So it fits the picture at any resolution. It may extend beyond the picture (only the part inside is
    measured) and overlap other areas.

    Attributes:
        left, top, right, bottom: its sides; left < right, top < bottom.
        name: the user's name for it.
        id: stays the same when it is renamed or moved.
        locked: whether it is kept from being moved, reshaped or deleted.
        hue: its index into `area_drawing.COLOURS`, modulo their number; None for the colour of its place.

    Raises:
        ValueError: it covers nothing of the picture, or its sides are in the wrong order.
    """

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        if self.left > self.right or self.top > self.bottom:
            raise ValueError("a rectangle's left and top come before its right and bottom")
        _Named.__post_init__(self)

    def outline(self) -> NDArray[np.float64]:
        """Return the corners: (4, 2) of (x, y)."""
        left, top, right, bottom = self.left, self.top, self.right, self.bottom
        return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float64)


@dataclass(frozen=True, slots=True)
class Ellipse(_Named):
    """An upright ellipse; fractions, name, id and hue as in `Rectangle`.

    Attributes:
        x, y: its centre.
        radius_x: half its width, in fractions of the picture's width, > 0.
        radius_y: half its height, in fractions of the picture's height, > 0.

    Raises:
        ValueError: it covers nothing of the picture, or a radius is negative.
    """

    x: float
    y: float
    radius_x: float
    radius_y: float

    def __post_init__(self) -> None:
        if self.radius_x < 0 or self.radius_y < 0:
            raise ValueError("an ellipse's radii are not negative")
        _Named.__post_init__(self)

    def outline(self) -> NDArray[np.float64]:
        """Return `coverage.ellipse_outline`: (256, 2) of (x, y)."""
        return ellipse_outline(self.x, self.y, self.radius_x, self.radius_y)


@dataclass(frozen=True, slots=True)
class Polygon(_Named):
    """A polygon; fractions, name, id and hue as in `Rectangle`.

    Attributes:
        points: at least three (x, y); the last is joined to the first. If it crosses itself, each enclosed
            part counts once.

    Raises:
        ValueError: it covers nothing of the picture, or has fewer points.
    """

    points: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        if len(self.points) < 3:
            raise ValueError(f"a polygon has at least three points, not {len(self.points)}")
        _Named.__post_init__(self)

    def outline(self) -> NDArray[np.float64]:
        """Return the points: (n, 2) of (x, y)."""
        return np.array(self.points, np.float64)


Area = Rectangle | Ellipse | Polygon


@dataclass(frozen=True, slots=True)
class AreaScore:
    """An area's share of attention and other scores.

    Attributes:
        area: the area.
        size: the share of the picture that it covers, 0..1; parts outside the picture do not count.
        share: the share of all predicted fixations that falls on it, 0..1. Each of several
            overlapping areas gets everything inside it, so shares may add up to more than 1.
        density: share / size, in multiples of what its size alone would get; 1 is average.
        mean, peak: of the map inside, 0..1 as on the colour bar. These depend on smoothing and
            normalisation, the other numbers do not.
        rank: 1 for the largest share; equal shares have equal rank.
    """

    area: Area
    size: float
    share: float
    density: float
    mean: float
    peak: float
    rank: int


def measure(
    saliency: SaliencyMap, areas: Sequence[Area], settings: PostprocessSettings | None = None
) -> tuple[AreaScore, ...]:
    """Score areas of interest on the network's own density, exact to a fraction of a cell.

    Partly covered cells count in part; attention is assumed even within a cell.

    Args:
        saliency: the prediction.
        areas: any number, in any order.
        settings: used for ``mean`` and ``peak``; the defaults if None. The threshold is ignored.

    Returns:
        one score per area, in the same order.
    """
    return Meter(saliency, normalised_field(saliency, settings or PostprocessSettings())).measure(areas)


class Meter:
    """Score areas on one map repeatedly; areas of the previous call cost nothing.

    Args:
        saliency: the prediction.
        shown: (h, w), 0..1, the field for ``mean`` and ``peak``: `postprocess.normalised_field`.
    """

    def __init__(self, saliency: SaliencyMap, shown: NDArray[np.float32]) -> None:
        self._density, self._shown = saliency.density, shown
        self._known: dict[bytes, _Row] = {}

    def unknown(self, areas: Sequence[Area]) -> int:
        """Count the areas that must be measured; each takes about a millisecond on a map of 240 x 320."""
        return sum(_form(area) not in self._known for area in areas)

    def measure(self, areas: Sequence[Area]) -> tuple[AreaScore, ...]:
        """Score areas, like `measure`."""
        known, forms = self._known, [_form(area) for area in areas]
        self._known = {
            form: known[form] if form in known else _score(self._density, self._shown, area)
            for form, area in zip(forms, areas, strict=True)
        }
        rows = [self._known[form] for form in forms]
        shares = [row[1] for row in rows]
        return tuple(
            AreaScore(area, size, share, share / size, mean, peak, 1 + sum(other > share for other in shares))
            for area, (size, share, mean, peak) in zip(areas, rows, strict=True)
        )


_Row = tuple[float, float, float, float]  # size, share, mean, peak


def _form(area: Area) -> bytes:
    """Return a key that is equal for areas with equal outlines."""
    return area.outline().tobytes()


def _score(density: NDArray[np.float32], shown: NDArray[np.float32], area: Area) -> _Row:
    rows, columns = _cells(area.outline(), density.shape)
    density, field = density[rows, columns], shown[rows, columns]
    place = (columns.start, rows.start) / np.array(shown.shape[::-1])
    extent = np.array(field.shape[::-1]) / shown.shape[::-1]
    cover = coverage((area.outline() - place) / extent, field.shape)
    size = float(cover.sum()) / shown.size
    share = min(1.0, float((density * cover).sum()))
    mean = float((field * cover).sum() / cover.sum())
    mostly = cover >= min(0.5, float(cover.max()))
    return size, share, mean, float(field[mostly].max())


def share_of(saliency: SaliencyMap, area: Area) -> float:
    """Return an area's share of all predicted fixations, 0..1, as `measure` does, and nothing else."""
    rows, columns = _cells(area.outline(), saliency.density.shape)
    density, shape = saliency.density[rows, columns], np.array(saliency.density.shape[::-1])
    extent = np.array(density.shape[::-1]) / shape
    cover = coverage((area.outline() - (columns.start, rows.start) / shape) / extent, density.shape)
    return min(1.0, float((density * cover).sum()))


def _cells(outline: NDArray[np.float64], shape: tuple[int, ...]) -> tuple[slice, slice]:
    """Return the rows and columns of a map that an outline may touch, at least one each."""
    low, high = outline.min(axis=0), outline.max(axis=0)
    found = []
    for count, first, last in ((shape[0], low[1], high[1]), (shape[1], low[0], high[0])):
        start = min(max(int(np.floor(first * count)), 0), count - 1)
        found.append(slice(start, min(max(int(np.ceil(last * count)), start + 1), count)))
    return found[0], found[1]


def _plainly_there(points: NDArray[np.float64]) -> bool:
    """Check quickly that an outline covers some of the picture; False may be wrong."""
    if points.min() < 0 or points.max() > 1:
        return False
    x, y = points.T
    return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2 > 10 * _SMALLEST
