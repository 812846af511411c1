"""Score a model on held-out fixations, by category, beside the centre bias and human observers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.core import agreement
from salviewer.core.agreement import fixated_cells
from salviewer.core.bootstrap import LEVEL, RESAMPLES, intervals
from salviewer.core.split_half import HALF_OF_FIXATIONS, HALF_OF_VIEWERS, ONE_VIEWER
from salviewer.models.predictor import Predictor
from salviewer.training.datasets import Sample
from salviewer.training.guesses import Guesser, guesser_of
from salviewer.training.original_grid import OriginalGrid
from salviewer.training.pack import Pack, open_pack
from salviewer.training.scoring import CENTRE_BIAS as CENTRE_BIAS
from salviewer.training.scoring import Chunk, Measures, Scoring, Spread, overlapped

SIZE = agreement.SIZE
"""(height, width) at which all metrics are computed."""

AT_FIXATIONS = ("NSS", "AUC-Judd", "sAUC", "IG")
AT_DENSITY = ("CC", "SIM", "KL")
OLD = ("AUC-Borji", "EMD")
METRICS = (*AT_FIXATIONS, *AT_DENSITY, *OLD)
ALL = "all"

MEASURES = Measures()
"""Of the tables here: at ``SIZE``, sAUC by category, all fixations."""

Scores = Mapping[str, float]

_HALF_NOTES = {
    HALF_OF_VIEWERS: "one half's fixations, smoothed, predict the other half's",
    HALF_OF_FIXATIONS: "one random half, smoothed, predicts the other; they share viewers, which flatters it",
}


@dataclass(frozen=True, slots=True)
class Row:
    """Mean scores of one predictor on one category.

    Attributes:
        category: its name, or ``all`` for the mean over all pictures.
        predictor: the model's name, ``centre bias``, ``half of the viewers`` or ``half of the fixations``.
        pictures: how many pictures were averaged.
        scores: by name in ``METRICS``; IG in bits per fixation over the category's own centre bias, KL in
            nats. A metric is missing if the data set has no fixation locations.
        intervals: (low, high) by the same names: the bootstrap over pictures of `core.bootstrap`.
    """

    category: str
    predictor: str
    pictures: int
    scores: Scores
    intervals: Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The result of ``salviewer evaluate``.

    Attributes:
        rows: by category: centre bias, model and, where single fixations were recorded, half of the people;
            the rows of ``all`` are last if there are several categories.
        pictures: the scores of each picture, ``{"name", "predictor", scores...}``.
        model: the model's name in both.
        note: how the centre bias and the split halves were made.
        original: whether it was measured at each picture's own pixels.
    """

    rows: tuple[Row, ...]
    pictures: tuple[Mapping[str, Any], ...]
    model: str
    note: str
    original: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return values that JSON can store."""
        rows = [
            {
                "category": row.category, "predictor": row.predictor, "pictures": row.pictures, **row.scores,
                "intervals": {metric: list(ends) for metric, ends in row.intervals.items()},
            }
            for row in self.rows
        ]  # fmt: skip
        return {
            "size": "original" if self.original else list(SIZE),
            "note": self.note,
            "level": LEVEL,
            "resamples": RESAMPLES,
            "rows": rows,
            "pictures": [dict(item) for item in self.pictures],
        }


def evaluate(
    predictor: Predictor | Guesser,
    pack: Pack,
    held: Sequence[str],
    fitted: Sequence[str],
    progress: Callable[[int, int], None] | None = None,
    every: int = 1,
    seen: Pack | None = None,
    beside: Sequence[Guesser] = (),
    spread: Spread = overlapped,
    measures: Measures = MEASURES,
    grid: OriginalGrid | None = None,
) -> Evaluation:
    """Score a model on the samples ``held``.

    Args:
        predictor: the model, or another source of maps.
        pack: decoded samples at ``SIZE``.
        held: names to score; names that the pack lacks are left out.
        fitted: names whose mean map, category by category, is the centre bias. For a category without any,
            the mean of its held samples is used, and the note says so.
        progress: called with (done, total).
        every: score every n-th held sample of each category. sAUC still compares with the fixations of all
            held samples, so that a picture's score does not depend on this.
        seen: the same samples at the model's input size, from `seen_by`; default ``pack``, resized.
        beside: other predictors, with names of their own, that are scored on the same pictures.
        spread: where pictures are scored.
        measures: what is scored, and against what.
        grid: of the samples, for ``measures.original``.

    Raises:
        ValueError: the pack has none of the held samples.
        ModelError: the model cannot run.
        DataError: a ready-made map cannot be used.
    """
    first = predictor if isinstance(predictor, Guesser) else guesser_of(predictor, seen or pack)
    guessers = (first, *beside)
    rows_of = {name: row for row, name in enumerate(pack.names)}
    rows = [rows_of[name] for name in held if name in rows_of]
    if not rows:
        raise ValueError("not one of the pictures to evaluate is in the data set")
    biases, note = _centre_biases(pack, rows, [rows_of[name] for name in fitted if name in rows_of])
    cells = {row: fixation_cells(pack, row) for row in rows}
    known = any((pack.viewers_of(row) >= 0).any() for row in rows)
    people = HALF_OF_VIEWERS if known else HALF_OF_FIXATIONS
    by_category: dict[str, list[int]] = {}
    for row in rows:
        by_category.setdefault(category_of(pack.names[row]), []).append(row)
    points = {row: pack.fixations_of(row) for row in rows} if measures.original else {}
    scoring = Scoring(biases, cells, by_category, known, people, points, measures)
    total = sum(len(members[::every]) for members in by_category.values())
    chunks = _chunks(pack, by_category, every, grid if measures.original else None)
    pictures: list[dict[str, Any]] = []
    done = 0
    for scores in spread(scoring, chunks, guessers):
        pictures += scores
        done += len({item["name"] for item in scores})
        if progress is not None:
            progress(done, total)
    if any(item["predictor"] == people for item in pictures):
        note += f"; {people}: {_HALF_NOTES[people]}"
    if measures.original:
        note += "; measured at each picture's own pixels"
    if measures.whole:
        note += "; sAUC against fixations on all other pictures"
    if measures.skip_first:
        note += "; without each viewer's first fixation"
    predictors = (CENTRE_BIAS, *(each.name for each in guessers), people, ONE_VIEWER)
    rows_made = _table(pictures, list(by_category), predictors)
    return Evaluation(rows_made, tuple(pictures), first.name, note, measures.original)


def _chunks(
    pack: Pack, by_category: Mapping[str, Sequence[int]], every: int, grid: OriginalGrid | None
) -> Iterator[Chunk]:
    for category, members in by_category.items():
        scored = members[::every]
        for start in range(0, len(scored), 8):
            rows = scored[start : start + 8]
            yield Chunk(
                category,
                tuple(pack.names[row] for row in rows),
                tuple(rows),
                _truths(pack, rows, grid),
                tuple(pack.fixations_of(row) for row in rows),
                tuple(pack.viewers_of(row) for row in rows),
                tuple(float(pack.aspects[row]) for row in rows),
            )


def _truths(pack: Pack, rows: Sequence[int], grid: OriginalGrid | None) -> Sequence[NDArray[Any]]:
    if grid is None:
        return [np.asarray(pack.maps[row]) for row in rows]
    return [grid.truth(pack.names[row], pack.fixations_of(row)) for row in rows]


def seen_by(
    predictor: Predictor,
    samples: Sequence[Sample],
    pack: Pack,
    progress: Callable[[int, int], None] | None = None,
) -> Pack:
    """Return the samples at a model's input size: ``pack`` if it has that size, else decoded for it."""
    own = pack.stimuli.shape[1:3] == predictor.input_size
    return pack if own else open_pack(samples, predictor.input_size, progress)


def fixation_cells(pack: Pack, row: int) -> NDArray[np.int64]:
    """Return the fixated cells of a ``SIZE`` map, int64 (n, 2) of (row, column)."""
    return fixated_cells(pack.fixations_of(row), SIZE)


def category_of(name: str) -> str:
    """Return the category in a sample's name; "" in a data set without categories."""
    return name.rpartition("/")[0]


def _centre_biases(
    pack: Pack, held: Sequence[int], fitted: Sequence[int]
) -> tuple[dict[str, NDArray[np.float64]], str]:
    biases, of_held = {}, []
    for category in dict.fromkeys(category_of(pack.names[row]) for row in held):
        members = [row for row in fitted if category_of(pack.names[row]) == category]
        if not members:
            members = [row for row in held if category_of(pack.names[row]) == category]
            of_held.append(category or "the data set")
        total = np.zeros(SIZE)
        for row in members:
            density = pack.maps[row].astype(np.float64)
            total += density / density.sum()
        biases[category] = total / total.sum()
    note = "centre bias: the mean training map of the category"
    if of_held:
        note += f"; of the evaluated pictures themselves for {', '.join(of_held)}, which flatters it"
    return biases, note


def _table(
    pictures: Sequence[Mapping[str, Any]], categories: Sequence[str], predictors: Sequence[str]
) -> tuple[Row, ...]:
    rows = []
    for category in [*categories, *([ALL] if len(categories) > 1 else [])]:
        for predictor in predictors:
            members = [
                item
                for item in pictures
                if item["predictor"] == predictor and category in (ALL, category_of(item["name"]))
            ]
            if members:  # empty if no picture of the category has fixations to split
                rows.append(_row(category, predictor, members))
    return tuple(rows)


def _row(category: str, predictor: str, members: Sequence[Mapping[str, Any]]) -> Row:
    shown = [metric for metric in METRICS if any(metric in item for item in members)]
    values = np.array([[item.get(metric, np.nan) for metric in shown] for item in members], np.float64)
    means = zip(shown, np.nanmean(values, axis=0).tolist(), strict=True)
    found = zip(shown, intervals(values).tolist(), strict=True)
    ends = {metric: (low, high) for metric, (low, high) in found}
    return Row(category, predictor, len(members), dict(means), ends)
