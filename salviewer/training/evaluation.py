"""How well a model predicts held-out fixations, by category, beside the centre bias."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.core import agreement
from salviewer.core.agreement import fixated_cells, score
from salviewer.models.predictor import Predictor
from salviewer.models.preprocess import resize
from salviewer.training.pack import Pack

SIZE = agreement.SIZE
"""(height, width) at which everything is measured."""

AT_FIXATIONS = ("NSS", "AUC-Judd", "sAUC", "IG")
AT_DENSITY = ("CC", "SIM", "KL")
METRICS = (*AT_FIXATIONS, *AT_DENSITY)
CENTRE_BIAS = "centre bias"
ALL = "all"

Scores = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Row:
    """Mean scores of one predictor on one category.

    Attributes:
        category: its name, or ``all`` for the mean over all pictures.
        predictor: the model's name or ``centre bias``.
        pictures: how many were averaged.
        scores: by name in ``METRICS``; IG in bits a fixation over the category's own centre bias, KL in nats.
            A metric is missing where the data set has no fixation locations.
    """

    category: str
    predictor: str
    pictures: int
    scores: Scores


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything ``salviewer evaluate`` reports.

    Attributes:
        rows: centre bias, then model, a category at a time; ``all`` last where there are several.
        pictures: each picture's own scores, ``{"name", "predictor", scores...}``.
        note: how the centre bias was made.
    """

    rows: tuple[Row, ...]
    pictures: tuple[Mapping[str, Any], ...]
    note: str

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        rows = [
            {"category": row.category, "predictor": row.predictor, "pictures": row.pictures, **row.scores}
            for row in self.rows
        ]
        return {
            "size": list(SIZE),
            "note": self.note,
            "rows": rows,
            "pictures": [dict(item) for item in self.pictures],
        }


def evaluate(
    predictor: Predictor,
    pack: Pack,
    held: Sequence[str],
    fitted: Sequence[str],
    progress: Callable[[int, int], None] | None = None,
    every: int = 1,
) -> Evaluation:
    """Score a model on the samples ``held``.

    Args:
        predictor: the model.
        pack: decoded samples at ``SIZE``.
        held: names to score; those that the pack lacks are left out.
        fitted: names whose mean map, a category at a time, is the centre bias. Where a category has none of
            them, the held samples' own mean serves, and the note says so.
        progress: told (done, total).
        every: score one of so many held samples of each category, in their order; sAUC compares with
            fixations on all of them nevertheless, so that each picture scores what it does among all.

    Raises:
        ValueError: not one held sample is in the pack.
        ModelError: the model cannot run.
    """
    rows_of = {name: row for row, name in enumerate(pack.names)}
    rows = [rows_of[name] for name in held if name in rows_of]
    if not rows:
        raise ValueError("not one of the pictures to evaluate is in the data set")
    biases, note = _centre_biases(pack, rows, [rows_of[name] for name in fitted if name in rows_of])
    cells = {row: fixation_cells(pack, row) for row in rows}
    by_category: dict[str, list[int]] = {}
    for row in rows:
        by_category.setdefault(_category(pack.names[row]), []).append(row)
    pictures: list[dict[str, Any]] = []
    done, total = 0, sum(len(members[::every]) for members in by_category.values())
    for category, members in by_category.items():
        scored = members[::every]
        for start in range(0, len(scored), 8):
            chosen = scored[start : start + 8]
            maps = predictor.densities(np.asarray(pack.stimuli[chosen]))
            for row, density in zip(chosen, maps, strict=True):
                own = cells[row]
                others = [cells[other] for other in members if other != row]
                other = np.concatenate(others) if others else own[:0]
                truth = pack.maps[row].astype(np.float64)
                bias = biases[category]
                for name, guess in ((CENTRE_BIAS, bias), (predictor.name, resize(density, SIZE))):
                    scores = score(np.asarray(guess), truth, own, other, bias)
                    pictures.append({"name": pack.names[row], "predictor": name, **scores})
            done += len(chosen)
            if progress is not None:
                progress(done, total)
    return Evaluation(_table(pictures, list(by_category), predictor.name), tuple(pictures), note)


def fixation_cells(pack: Pack, row: int) -> NDArray[np.int64]:
    """The cells of a ``SIZE`` map that were fixated, int64 (n, 2) of (row, column)."""
    return fixated_cells(pack.fixations_of(row), SIZE)


def _category(name: str) -> str:
    return name.rpartition("/")[0]


def _centre_biases(
    pack: Pack, held: Sequence[int], fitted: Sequence[int]
) -> tuple[dict[str, NDArray[np.float64]], str]:
    biases, borrowed = {}, []
    for category in dict.fromkeys(_category(pack.names[row]) for row in held):
        members = [row for row in fitted if _category(pack.names[row]) == category]
        if not members:
            members = [row for row in held if _category(pack.names[row]) == category]
            borrowed.append(category or "the data set")
        total = np.zeros(SIZE)
        for row in members:
            density = pack.maps[row].astype(np.float64)
            total += density / density.sum()
        biases[category] = total / total.sum()
    note = "centre bias: the mean training map of the category"
    if borrowed:
        note += f"; of the evaluated pictures themselves for {', '.join(borrowed)}, which flatters it"
    return biases, note


def _table(pictures: Sequence[Mapping[str, Any]], categories: Sequence[str], model: str) -> tuple[Row, ...]:
    rows = []
    for category in [*categories, *([ALL] if len(categories) > 1 else [])]:
        for predictor in (CENTRE_BIAS, model):
            members = [
                item
                for item in pictures
                if item["predictor"] == predictor and category in (ALL, _category(item["name"]))
            ]
            scores = {
                metric: float(np.mean([item[metric] for item in members if metric in item]))
                for metric in METRICS
                if any(metric in item for item in members)
            }
            rows.append(Row(category, predictor, len(members), scores))
    return tuple(rows)
