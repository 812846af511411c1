"""Scores with a stated meaning: raw values of a map, and their percentiles within a class of pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from salviewer.core.areas import Area
from salviewer.core.coverage import coverage
from salviewer.core.hotspots import Hotspot
from salviewer.core.iso_lines import mass_level
from salviewer.core.postprocess import PostprocessSettings, normalised_field
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.visits import first_visit

HALF = 0.5
"""The share of attention whose area `half_area` measures."""

EARLY = 3
"""The number of visits that count as first."""

AS_HOT = 0.75
"""A region competes with the goal if it reaches this part of the goal's hottest value."""

PICTURE_VALUES = ("half_area", "entropy", "first_share")
"""Raw values of a picture; `rival_share` is one of its places."""

STEPS = 101
"""Values of a table: the percentiles from 0 to 100."""


def half_area(saliency: SaliencyMap) -> float:
    """Return the smallest share of the picture's area that holds half of the density, 0..1."""
    return float((saliency.density >= mass_level(saliency.density, HALF)).mean())


def entropy(saliency: SaliencyMap) -> float:
    """Return how far the density is from uniform: its Kullback-Leibler divergence in bits, >= 0."""
    density = saliency.density.astype(np.float64)
    positive = density[density > 0]
    return max(0.0, float((positive * np.log2(positive * density.size)).sum()))


def early_share(goal: Area, stops: Sequence[Hotspot], source_size: tuple[int, int]) -> float:
    """Return the attention that those of the first three visits hold that land in the goal, 0..1.

    Args:
        goal: where.
        stops: the visits in order, of `visits.visits`.
        source_size: (width, height) of the picture.
    """
    landed = [stop for stop in stops[:EARLY] if first_visit(goal, [stop], source_size)]
    return sum(stop.share for stop in landed)


def rival_share(
    goal: NDArray[np.float64], saliency: SaliencyMap, settings: PostprocessSettings | None = None
) -> float:
    """Return the attention elsewhere that is nearly as hot as the goal, 0..1.

    That is the share of the density outside the goal where the smoothed map has at least three quarters of
    the goal's hottest value.

    Args:
        goal: its outline, (n, 2) of (x, y) in fractions of the picture.
        saliency: the prediction.
        settings: smoothing; the defaults if None.
    """
    field = normalised_field(saliency, settings or PostprocessSettings())
    inside = coverage(goal, (field.shape[0], field.shape[1]))
    hottest = float(field[inside >= min(0.5, float(inside.max()))].max())
    hot = field >= AS_HOT * hottest
    outside = np.where(inside > 1 - 1e-9, 0.0, 1 - inside)  # of what is covered, rounding leaves a trace
    return float((saliency.density * outside)[hot].sum())


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """A network's predictions for many pictures, as tables of percentiles.

    Attributes:
        weights: the sha256 of the weights that predicted them; the tables hold for no others.
        classes: by name of the class and of the raw value, (STEPS,) ascending.
        pictures: how many pictures each class has.
    """

    weights: str
    classes: Mapping[str, Mapping[str, NDArray[np.float64]]]
    pictures: Mapping[str, int]

    def percentile(self, kind: str, value_name: str, value: float) -> float:
        """Return how many per cent of the class lie below a value, 0..100; those that are equal count half.

        Raises:
            KeyError: there is no such class or value.
        """
        table = self.classes[kind][value_name]
        below = np.interp(value, table, np.linspace(0, 100, len(table)), left=0.0, right=100.0)
        equal = np.flatnonzero(table == value)
        if len(equal) > 1:
            return float(np.linspace(0, 100, len(table))[equal].mean())
        return float(below)


@dataclass(frozen=True, slots=True)
class Scores:
    """Three scores of a picture, 0..100, as percentiles within a class.

    Attributes:
        focus: the mean of two percentiles: of how small the area is that holds half of attention, and of how
            far the map is from uniform. 100 is the most concentrated.
        seen_first: of the attention that the first three visits give to the goal, within what the first visit
            of the class's pictures holds. 0 if none of them lands there; None without a goal.
        competition: of the attention elsewhere that is nearly as hot as the goal, within that of the first
            five places of the class's pictures. 100 has most rivals; None without a goal.
        reached: the names of the areas that the first three visits land in, in that order.
    """

    focus: float
    seen_first: float | None
    competition: float | None
    reached: tuple[str, ...]


def score(
    saliency: SaliencyMap,
    areas: Sequence[Area],
    stops: Sequence[Hotspot],
    goal: Area | None,
    reference: Reference,
    kind: str,
    settings: PostprocessSettings | None = None,
) -> Scores:
    """Score one picture within a class of the reference.

    Args:
        saliency: the prediction, by the network whose tables these are.
        areas: all areas of the picture, for `Scores.reached`.
        stops: its visits in order.
        goal: the area that matters; None for none.
        reference, kind: the tables and the class.
        settings: smoothing; the defaults if None.
    """
    focus = (
        100
        - reference.percentile(kind, "half_area", half_area(saliency))
        + reference.percentile(kind, "entropy", entropy(saliency))
    ) / 2
    seen = competition = None
    if goal is not None:
        early = early_share(goal, stops, saliency.source_size)
        seen = reference.percentile(kind, "first_share", early) if early else 0.0
        rivals = rival_share(goal.outline(), saliency, settings)
        competition = reference.percentile(kind, "rival_share", rivals)
    reached = dict.fromkeys(
        area.name
        for stop in stops[:EARLY]
        for area in areas
        if first_visit(area, [stop], saliency.source_size)
    )
    return Scores(focus, seen, competition, tuple(reached))
