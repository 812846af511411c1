"""Combine the scores of several data sets in one table, and compare two models picture by picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.core.bootstrap import intervals, macro_intervals
from salviewer.training.evaluation import ALL, METRICS, Evaluation, Row, Scores, category_of

MACRO = "mean of categories"


@dataclass(frozen=True, slots=True)
class Difference:
    """A model's scores minus another's, on the same pictures.

    Attributes:
        category: its name, ``all`` or ``mean of categories``.
        pictures: how many were compared.
        scores: mean difference by metric; for KL, where lower is better, negative is better.
        intervals: (low, high) by the same names, by a bootstrap over pictures, drawn alike for both models.
    """

    category: str
    pictures: int
    scores: Scores
    intervals: Mapping[str, tuple[float, float]]

    def to_dict(self) -> dict[str, Any]:
        """Return values that JSON can store."""
        return {
            "category": self.category, "pictures": self.pictures, **self.scores,
            "intervals": {metric: list(ends) for metric, ends in self.intervals.items()},
        }  # fmt: skip


def combined(titles: Sequence[str], evaluations: Sequence[Evaluation]) -> Evaluation:
    """Combine the evaluations of several data sets: all categories, then their mean, each with equal weight.

    If two data sets share a category, or one has no categories, the category is named after its data set.
    Pictures get their category under ``category`` and their data set under ``data``.

    Args:
        titles: of the data sets, all different.
        evaluations: of the same models, in the same order.
    """
    every = [
        (category, at)
        for at, one in enumerate(evaluations)
        for category in dict.fromkeys(row.category for row in one.rows if row.category != ALL)
    ]
    names = [category for category, _ in every]
    labels = {
        (at, category): category
        if category and names.count(category) == 1
        else f"{titles[at]}/{category}".rstrip("/")
        for category, at in every
    }
    rows: list[Row] = []
    pictures: list[Mapping[str, Any]] = []
    for at, (title, one) in enumerate(zip(titles, evaluations, strict=True)):
        for row in one.rows:
            if row.category != ALL:
                label = labels[at, row.category]
                rows.append(Row(label, row.predictor, row.pictures, row.scores, row.intervals))
        for item in one.pictures:
            pictures.append({**item, "category": labels[at, category_of(item["name"])], "data": title})
    rows += _macro_rows(rows, pictures)
    notes = list(dict.fromkeys(one.note for one in evaluations))
    if len(notes) > 1:
        notes = [f"{title}: {one.note}" for title, one in zip(titles, evaluations, strict=True)]
    return Evaluation(tuple(rows), tuple(pictures), evaluations[0].model, "\n".join(notes))


def differences(evaluation: Evaluation, beside: str) -> tuple[Difference, ...]:
    """Return the difference of the evaluated model and the one beside it, by category, as in the table."""
    found: dict[str, dict[tuple[str, str], list[Mapping[str, Any]]]] = {}
    for item in evaluation.pictures:
        if item["predictor"] in (evaluation.model, beside):
            key = (item.get("data", ""), item["name"])
            found.setdefault(_category(item), {}).setdefault(key, []).append(item)
    metrics = [metric for metric in METRICS if any(metric in row.scores for row in evaluation.rows)]
    groups: dict[str, NDArray[np.float64]] = {}
    for category, both in found.items():
        rows = []
        for items in both.values():
            by = {item["predictor"]: item for item in items}
            ours, theirs = by[evaluation.model], by[beside]
            rows.append([ours.get(metric, np.nan) - theirs.get(metric, np.nan) for metric in metrics])
        groups[category] = np.array(rows, np.float64)
    made = [_difference(category, metrics, values) for category, values in groups.items()]
    last = evaluation.rows[-1].category
    if last == ALL and len(groups) > 1:
        made.append(_difference(ALL, metrics, np.concatenate(list(groups.values()))))
    if last == MACRO:
        means, ends = _macro(list(groups.values()))
        count = sum(map(len, groups.values()))
        made.append(Difference(MACRO, count, _named(metrics, means), _ends(metrics, ends)))
    return tuple(made)


def _category(item: Mapping[str, Any]) -> str:
    return item["category"] if "category" in item else category_of(item["name"])


def _difference(category: str, metrics: Sequence[str], values: NDArray[np.float64]) -> Difference:
    kept = np.flatnonzero(~np.isnan(values).all(axis=0))
    some = [metrics[column] for column in kept.tolist()]
    values = values[:, kept]
    means = np.nanmean(values, axis=0)
    return Difference(category, len(values), _named(some, means), _ends(some, intervals(values)))


def _macro_rows(rows: Sequence[Row], pictures: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Return rows for predictors that are in all categories, with the metrics that all categories have."""
    categories = list(dict.fromkeys(row.category for row in rows))
    made = []
    for predictor in dict.fromkeys(row.predictor for row in rows):
        own = {row.category: row for row in rows if row.predictor == predictor}
        if len(own) < len(categories):
            continue
        metrics = [metric for metric in METRICS if all(metric in row.scores for row in own.values())]
        groups = [
            np.array(
                [
                    [item.get(metric, np.nan) for metric in metrics]
                    for item in pictures
                    if item["predictor"] == predictor and item["category"] == category
                ],
                np.float64,
            )
            for category in categories
        ]
        means, ends = _macro(groups)
        count = sum(row.pictures for row in own.values())
        made.append(Row(MACRO, predictor, count, _named(metrics, means), _ends(metrics, ends)))
    return made


def _macro(groups: Sequence[NDArray[np.float64]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    means = np.mean([np.nanmean(values, axis=0) for values in groups], axis=0)
    return means, macro_intervals(groups)


def _named(metrics: Sequence[str], values: NDArray[np.float64]) -> dict[str, float]:
    return {
        metric: float(value) for metric, value in zip(metrics, values, strict=True) if not np.isnan(value)
    }


def _ends(metrics: Sequence[str], values: NDArray[np.float64]) -> dict[str, tuple[float, float]]:
    return {
        metric: (float(low), float(high))
        for metric, (low, high) in zip(metrics, values, strict=True)
        if not np.isnan(low)
    }
