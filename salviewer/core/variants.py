"""Variants of a design: what each area gets in each of them, and which changes are more than chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from salviewer.core.areas import Area, measure, share_of
from salviewer.core.hotspots import Hotspot
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.visits import first_visit, seconds_until, visits

FEWEST, MOST = 2, 12
"""The fewest and the most variants that can be compared."""

WIDTH = 2.0
"""Half of an interval's width, in standard deviations over the looks."""

SMALLEST = 0.001
"""A change below this, in shares, is none: it would read 0.0 points."""


@dataclass(frozen=True, slots=True, eq=False)
class Variant:
    """One picture of the set.

    Attributes:
        name: for the user, such as "A".
        saliency: the prediction.
        areas: those that this picture has; the same name on another variant is the same area. Areas without a
            name are left out.
        looks: the same picture predicted slightly otherwise (`looks.looked_at`); the same looks in the same
            order for every variant. Without them no change is called one.
    """

    name: str
    saliency: SaliencyMap
    areas: tuple[Area, ...] = ()
    looks: tuple[SaliencyMap, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """The difference of an area's share between two variants.

    Attributes:
        points: second minus first, in shares, -1..1.
        ratio: points / the first share; None where the first is 0.
        margin: how far the difference itself moves under flips and small shifts: `WIDTH` standard deviations
            of the paired differences over the looks. None if nobody looked again.
        called: whether it counts as a change: larger than its margin and than `SMALLEST`.
    """

    points: float
    ratio: float | None
    margin: float | None
    called: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One area in one variant.

    Attributes:
        share: of all predicted fixations, 0..1.
        density: share / size, in multiples of what its size alone would get.
        size: of the picture, 0..1.
        visit: the number of the first visit that lands in it; None if none of the first 30 does.
        seconds: when that visit begins; None likewise.
        margin: `WIDTH` standard deviations of the share over the looks; None if nobody looked again.
        change: against the first variant; None in it, or where that lacks the area.
        marked: whether it is the largest change of its variant that is called one.
    """

    share: float
    density: float
    size: float
    visit: int | None
    seconds: float | None
    margin: float | None
    change: Change | None = None
    marked: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class VariantTable:
    """Areas by variants.

    Attributes:
        variants: names, in order; changes are against the first.
        areas: names, in the order in which they first occur.
        cells: by (area, variant) names; a variant without the area has none.
    """

    variants: tuple[str, ...]
    areas: tuple[str, ...]
    cells: dict[tuple[str, str], Cell]
    _samples: dict[tuple[str, str], NDArray[np.float64]] = field(default_factory=dict)

    def cell(self, area: str, variant: str) -> Cell | None:
        """Return a cell; None for a dash."""
        return self.cells.get((area, variant))

    def change(self, area: str, first: str, second: str) -> Change | None:
        """Compare any two variants; None if either lacks the area."""
        before, after = self.cell(area, first), self.cell(area, second)
        if before is None or after is None:
            return None
        return _change(before.share, after.share, self._samples[area, first], self._samples[area, second])

    def ranking(self, area: str) -> tuple[Ranked, ...]:
        """Rank the variants by an area's share, highest first; those without the area are left out.

        A variant whose difference to the one at the head of its rank is no called change shares that rank.
        """
        there = [name for name in self.variants if (area, name) in self.cells]
        there.sort(key=lambda name: -self.cells[area, name].share)
        ranked: list[Ranked] = []
        for place, name in enumerate(there, 1):
            head = next((one for one in reversed(ranked) if one.leads), None)
            difference = self.change(area, head.variant, name) if head else None
            tied = difference is not None and not difference.called
            rank = head.rank if head and tied else place
            ranked.append(Ranked(name, self.cells[area, name].share, rank, not tied))
        return tuple(ranked)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A variant's place in a ranking.

    Attributes:
        variant: its name.
        share: the area's share in it, 0..1.
        rank: from 1; equal where the difference to the head of the rank is no called change.
        leads: whether it is the head of its rank.
    """

    variant: str
    share: float
    rank: int
    leads: bool


def tabulate(variants: Sequence[Variant], stops: Sequence[Sequence[Hotspot]] | None = None) -> VariantTable:
    """Measure the areas of all variants.

    Args:
        variants: with different names. If two areas of a variant have one name, the first is taken.
        stops: the visits of each, if they are known already.

    Raises:
        ValueError: two variants have one name.
    """
    names = tuple(variant.name for variant in variants)
    if len(set(names)) < len(names):
        raise ValueError("two variants have the same name")
    areas: dict[str, None] = {}
    cells: dict[tuple[str, str], Cell] = {}
    samples: dict[tuple[str, str], NDArray[np.float64]] = {}
    for place, variant in enumerate(variants):
        order = visits(variant.saliency) if stops is None else stops[place]
        named: dict[str, Area] = {}
        for area in variant.areas:
            if area.name:
                named.setdefault(area.name, area)
        for score in measure(variant.saliency, tuple(named.values())):
            name = score.area.name
            areas[name] = None
            shares = np.array([share_of(look, score.area) for look in variant.looks], np.float64)
            visit = first_visit(score.area, order, variant.saliency.source_size)
            samples[name, variant.name] = shares
            cells[name, variant.name] = Cell(
                score.share,
                score.density,
                score.size,
                visit,
                None if visit is None else seconds_until(visit),
                float(WIDTH * shares.std(ddof=1)) if len(shares) > 1 else None,
            )
    table = VariantTable(names, tuple(areas), cells, samples)
    _add_changes(table)
    return table


def _add_changes(table: VariantTable) -> None:
    first, *others = table.variants
    for variant in others:
        changes = {area: table.change(area, first, variant) for area in table.areas}
        called = {area: abs(one.points) for area, one in changes.items() if one and one.called}
        largest = max(called, key=lambda area: called[area], default=None)
        for area, one in changes.items():
            if one is not None:
                key = area, variant
                table.cells[key] = replace(table.cells[key], change=one, marked=area == largest)


def _change(before: float, after: float, first: NDArray[np.float64], second: NDArray[np.float64]) -> Change:
    points = after - before
    margin = None
    if len(first) == len(second) > 1:
        margin = float(WIDTH * (second - first).std(ddof=1))
    called = margin is not None and abs(points) > margin and abs(points) >= SMALLEST
    return Change(points, points / before if before > 0 else None, margin, called)
