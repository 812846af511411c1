"""A comparison of variants in one sentence, by rules; and the names that it uses."""

from __future__ import annotations

from collections.abc import Sequence

from salviewer.core.variants import MOST, Change, VariantTable
from salviewer.results.words import percent
from salviewer.texts import mark, worded

LETTERS = "ABCDEFGHIJKL"
assert len(LETTERS) == MOST

_WORTH_NAMING = 0.01  # in shares: a change of another area that the sentence adds

RULES = mark(
    "The sentence names the goal, or without one the area whose change is largest. An area's change counts"
    " as one only if it is larger than the difference itself moves (two standard deviations) when the same"
    " pictures are predicted mirrored and moved by 3 % to each side. Shares are of all predicted fixations;"
    " points are percentage points; the per cent in brackets is relative to the first variant. Another area"
    " is named if its change is one and at least a point. In tables ◀ marks the largest change of a variant,"
    " and (?) a difference that is no clear change."
)
"""An explanation of `sentence`, for the report."""


def sentence(table: VariantTable, goal: str = "") -> str:
    """Say what a table shows, and nothing that its numbers do not carry.

    The rules are `RULES`. Variants whose difference in the goal is no called change share the lead.

    Args:
        table: of two variants or more.
        goal: the area that matters; "" for the one with the largest called change.
    """
    if not table.areas:
        return worded("No areas are drawn yet: name what matters, and the variants are compared by it.")
    largest = _largest(table, table.variants[1:], ())
    chosen = goal if goal in table.areas else largest[0] if largest else ""
    if not chosen:
        return _nothing(table)
    there = [name for name in table.variants if table.cell(chosen, name)]
    if len(there) < 2:
        if not there:
            return worded("{area} is in none of them, so the variants cannot be compared by it.", area=chosen)
        return worded(
            "{area} is only in {variant}, so the variants cannot be compared by it.",
            area=chosen,
            variant=there[0],
        )
    clauses = [_pair(table, chosen, *there) if len(there) == 2 else _ranked(table, chosen)]
    best = table.ranking(chosen)[0].variant
    rival = best if best != table.variants[0] else table.variants[-1]
    other = _largest(table, (rival,), (chosen,))
    if other and abs(other[2].points) >= _WORTH_NAMING:
        area, variant, change = other
        points = f"{100 * abs(change.points):.1f}"
        clause = (
            worded("{area} gains {points} points", area=area, points=points)
            if change.points > 0
            else worded("{area} loses {points} points", area=area, points=points)
        )
        if len(table.variants) > 2:
            clause = worded("{clause} in {variant}", clause=clause, variant=variant)
        clauses.append(clause)
    missing = [name for name in table.variants if name not in there]
    if missing:
        names = _listed(missing)
        clauses.append(
            worded("{variant} has no {area}", variant=names, area=chosen)
            if len(missing) == 1
            else worded("{variants} have no {area}", variants=names, area=chosen)
        )
    return "; ".join(clauses) + "."


def signed_percent(change: Change) -> str:
    """Format a relative change like "+63 %", "-8 %"; "" where there was nothing before."""
    return "" if change.ratio is None else f"{100 * change.ratio:+.0f} %".replace("-", "−")


def signed_points(value: float) -> str:
    """Format a change in points like "+4.8" or "−5.0"."""
    rounded = f"{100 * value:+.1f}".replace("-", "−")
    return "0.0" if rounded in ("+0.0", "−0.0") else rounded


def _pair(table: VariantTable, area: str, first: str, second: str) -> str:
    change = table.change(area, first, second)
    before, after = table.cells[area, first], table.cells[area, second]
    assert change is not None
    said = worded(
        "{area}: {before} in {first}, {after} in {second}",
        area=area,
        before=percent(before.share),
        first=first,
        after=percent(after.share),
        second=second,
    )
    if change.called:
        by = signed_percent(change) or worded("{points} points", points=signed_points(change.points))
        return f"{said} ({by})"
    if change.margin is None:
        return worded("{shares} (not judged: the pictures were predicted only once)", shares=said)
    return worded(
        "{shares}: no clear change (the difference moves by ±{points} points by itself)",
        shares=said,
        points=f"{100 * change.margin:.1f}",
    )


def _ranked(table: VariantTable, area: str) -> str:
    ranking = table.ranking(area)
    leaders = [one for one in ranking if one.rank == 1]
    if len(leaders) == len(ranking):
        return worded(
            "{area}: {variants} do not differ clearly ({low} to {high})",
            area=area,
            variants=_listed([one.variant for one in ranking]),
            low=percent(ranking[-1].share),
            high=percent(ranking[0].share),
        )
    if len(leaders) > 1:
        names = _listed([f"{one.variant} ({percent(one.share)})" for one in leaders])
        last = ranking[len(leaders)]
        return worded(
            "{area}: {variants} lead without a clear difference; {next} follows with {share}",
            area=area,
            variants=names,
            next=last.variant,
            share=percent(last.share),
        )
    best, base = leaders[0], table.variants[0]
    against = ranking[1].variant if best.variant == base or not table.cell(area, base) else base
    change = table.change(area, against, best.variant)
    assert change is not None
    share = percent(table.cells[area, against].share)
    said = worded(
        "{area} gets most in {best}: {share}, against {other} in {against}",
        area=area,
        best=best.variant,
        share=percent(best.share),
        other=share,
        against=against,
    )
    return said + (f" ({signed_percent(change)})" if change.called and change.ratio is not None else "")


def _largest(
    table: VariantTable, variants: Sequence[str], without: Sequence[str]
) -> tuple[str, str, Change] | None:
    """Return area, variant and change of the largest change that is called one."""
    found = [
        (area, variant, cell.change)
        for (area, variant), cell in table.cells.items()
        if variant in variants and area not in without and cell.change is not None and cell.change.called
    ]
    return max(found, key=lambda one: abs(one[2].points), default=None)


def _nothing(table: VariantTable) -> str:
    found = [
        (area, variant, cell.change)
        for (area, variant), cell in table.cells.items()
        if cell.change is not None
    ]
    if not found:
        return worded("No area is in two variants, so nothing can be compared.")
    area, variant, change = max(found, key=lambda one: abs(one[2].points))
    points = signed_points(change.points)
    if change.margin is None:
        return worded(
            "Changes are not judged, because the pictures were predicted only once; the largest is {area} in"
            " {variant}, {points} points.",
            area=area,
            variant=variant,
            points=points,
        )
    return worded(
        "No area changes clearly: the largest difference is {area} in {variant}, {points} points, and it"
        " moves by ±{margin} points by itself.",
        area=area,
        variant=variant,
        points=points,
        margin=f"{100 * change.margin:.1f}",
    )


def _listed(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return worded("{names} and {last}", names=", ".join(names[:-1]), last=names[-1])
