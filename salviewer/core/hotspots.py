"""Hotspots: the order in which attention is predicted to visit the picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from salviewer.core.coverage import coverage, ellipse_outline
from salviewer.core.postprocess import PostprocessSettings, normalised_field
from salviewer.core.saliency_map import SaliencyMap

RADIUS = 0.07  # about the foveal part of a picture that fills a screen
RADIUS_LIMITS = (0.005, 0.5)
MOST_HOTSPOTS = 100

_TAPER = 2.0  # inhibition ends at this many radii
_WEAKEST = 0.01  # of the map's peak: a place with a lower rest is not a hotspot
_EQUAL = 1e-5  # field values this close are equal


@dataclass(frozen=True, slots=True)
class Hotspot:
    """One stop of attention.

    Attributes:
        number: 1 for the first.
        x, y: in pixels of the picture, 0 is its left or upper border; the centre of a cell of the map.
        share: the share of all predicted fixations within the disc around it, 0..1, without what belongs to
            an earlier disc; all shares add up to at most 1.
        peak: the map's value there, 0..1 as on the colour bar, after inhibition by earlier hotspots; never
            more than that of an earlier one.
    """

    number: int
    x: float
    y: float
    share: float
    peak: float


@dataclass(frozen=True, slots=True)
class HotspotSettings:
    """Settings to find hotspots.

    Attributes:
        count: the maximum number, 1..100.
        radius: of a hotspot's disc, in fractions of the picture's width, 0.005..0.5. Round on the picture,
            although the map is stretched over it.
        share: stop when the discs hold this share of all predicted fixations, 0..1; 1 for no limit.

    Raises:
        ValueError: a value outside its range.
    """

    count: int = 5
    radius: float = RADIUS
    share: float = 1.0

    def __post_init__(self) -> None:
        if not 1 <= self.count <= MOST_HOTSPOTS:
            raise ValueError(f"there are 1..{MOST_HOTSPOTS} hotspots, not {self.count}")
        low, high = RADIUS_LIMITS
        if not low <= self.radius <= high:
            raise ValueError(
                f"a hotspot's radius lies in {low:g}..{high:g} of the picture's width, not {self.radius:g}"
            )
        if not 0 < self.share <= 1:
            raise ValueError(f"a share to stop at lies above 0 and up to 1, not {self.share:g}")


def find_hotspots(
    saliency: SaliencyMap,
    wanted: HotspotSettings | None = None,
    settings: PostprocessSettings | None = None,
) -> tuple[Hotspot, ...]:
    """Find the order in which a winner-take-all network with inhibition of return visits the map.

    The hottest place of the smoothed map wins, then a disc around it is inhibited and the next one wins
    (Itti, Koch, Niebur, "A model of saliency-based visual attention for rapid scene analysis", PAMI 1998).
    Unlike theirs the disc has no sharp rim: nothing within the radius can win again, and inhibition fades
    out up to twice the radius, so that the shoulder of one spot is not the next. Among equally
    hot places the one nearest to the picture's centre wins, then the upper, then the left one.

    The search ends after ``wanted.count``, at ``wanted.share``, or when the rest is below 1 % of the peak.

    Args:
        saliency: the prediction.
        wanted: number and size; the defaults if None.
        settings: smoothing and normalisation of the searched map; the defaults if None. Shares are taken of
            the network's own density. The threshold is ignored.

    Returns:
        hotspots in order, at least one unless the map is 0 everywhere.
    """
    wanted = wanted or HotspotSettings()
    field = normalised_field(saliency, settings or PostprocessSettings()).astype(np.float64)
    x, y = _centres(field.shape, saliency.source_size)
    width, height = saliency.source_size
    radius = wanted.radius * width
    beyond = 1.01 * radius + max(width / field.shape[1], height / field.shape[0])  # cells partly in a disc
    weakest = _WEAKEST * float(field.max())
    taken, product = np.zeros(field.shape), np.zeros(field.shape)
    found: list[Hotspot] = []
    while sum(spot.share for spot in found) < wanted.share:
        peak = float(field.max())
        if peak <= weakest:
            break
        row, column = _winner(field >= peak - _EQUAL * peak, x[0] - width / 2, y[:, 0] - height / 2)
        here_x, here_y = float(x[0, column]), float(y[row, 0])
        disc = ellipse_outline(here_x / width, here_y / height, radius / width, radius / height)
        inside = _around(here_x, here_y, beyond, x[0], y[:, 0])
        cover = np.maximum(coverage(disc, field.shape)[inside] - taken[inside], 0)
        taken[inside] += cover
        product[inside] = saliency.density[inside] * cover
        share = float(product.sum())  # of all cells, so that the order of addition is always the same
        product[inside] = 0
        found.append(Hotspot(len(found) + 1, here_x, here_y, share, peak))
        if len(found) == wanted.count:
            break
        # Beyond the taper nothing fades.
        near = _around(here_x, here_y, _TAPER * radius, x[0], y[:, 0])
        distance = np.hypot(x[:, near[1]] - here_x, y[near[0]] - here_y) / radius
        fading = np.clip((distance - 1) / (_TAPER - 1), 0, 1)
        field[near] *= fading * fading * (3 - 2 * fading)
        field[row, column] = 0
    return tuple(found)


def _centres(
    shape: tuple[int, int], source_size: tuple[int, int]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the cells' centres in pixels of the picture: x (1, columns) and y (rows, 1)."""
    rows, columns = shape
    x = (np.arange(columns, dtype=np.float64) + 0.5)[None] * (source_size[0] / columns)
    y = (np.arange(rows, dtype=np.float64) + 0.5)[:, None] * (source_size[1] / rows)
    return x, y


def _around(
    x: float, y: float, radius: float, columns: NDArray[np.float64], rows: NDArray[np.float64]
) -> tuple[slice, slice]:
    """Return the rows and columns whose centres are within a square around a place; all in pixels."""
    return (
        slice(*np.searchsorted(rows, (y - radius, y + radius))),
        slice(*np.searchsorted(columns, (x - radius, x + radius))),
    )


def _winner(
    hottest: NDArray[np.bool_], right: NDArray[np.float64], down: NDArray[np.float64]
) -> tuple[int, int]:
    """Return row and column of the hottest cell nearest to the centre.

    Args:
        hottest: (rows, columns), True for the hottest cells.
        right, down: distances of columns and rows from the centre, in pixels of the picture.
    """
    rows, columns = np.divmod(np.flatnonzero(hottest), hottest.shape[1])
    first = int(np.argmin(np.round(np.hypot(right[columns], down[rows]), 6)))
    return int(rows[first]), int(columns[first])
