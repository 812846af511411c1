"""The content of an evaluation's report, before it is set as HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from salviewer.core.postprocess import PostprocessSettings
from salviewer.core.render import render
from salviewer.core.saliency_map import SaliencyMap
from salviewer.first_use import cv2
from salviewer.media.images import load_picture
from salviewer.training.datasets import Sample
from salviewer.training.evaluation import ALL, Evaluation, category_of
from salviewer.training.guesses import Guesser
from salviewer.training.pack import Pack
from salviewer.training.ranking import Standing, rank

BEST = 6
WORST_OF_A_CATEGORY = 5
LONGEST = 360
"""Longer side of each picture in the report, in pixels: twice the size on the page, for sharp screens."""

_AS_SCORED = PostprocessSettings(sigma=0)

Panels = tuple[tuple[str, NDArray[np.uint8]], ...]
"""Captions and uint8 (H, W, 3) pictures."""


@dataclass(frozen=True, slots=True)
class Group:
    """Pictures under one heading, ordered by rank."""

    title: str
    standings: tuple[Standing, ...]


@dataclass(frozen=True, slots=True, eq=False)
class EvaluationReport:
    """The content of one page.

    Attributes:
        title, facts: what was scored, and on which data.
        evaluation: its rows are the table.
        rule: how the pictures are ranked.
        groups: the worst pictures of all, the best, and the worst of each category if there are several.
        panels: by sample name, for all samples in groups: the picture, recorded fixations and the
            predictions.
    """

    title: str
    facts: str
    evaluation: Evaluation
    rule: str
    groups: tuple[Group, ...]
    panels: Mapping[str, Panels]


def build_evaluation_report(
    evaluation: Evaluation,
    predictor: Guesser,
    pack: Pack,
    samples: Sequence[Sample],
    worst: int,
    title: str,
    facts: str,
    beside: Guesser | None = None,
) -> EvaluationReport:
    """Choose pictures for the report and draw them with the maps that were scored.

    Args:
        predictor, pack: those that gave `evaluation`.
        samples: samples of the data set, including those of the pack.
        worst: the most pictures to show as the worst; each category shows at most `WORST_OF_A_CATEGORY`.
        title, facts: for the head of the page.
        beside: another model whose maps are shown as well.

    Raises:
        ImageError: a picture can no longer be read.
        ModelError: the model cannot run.
        DataError: a ready-made map can no longer be read.
    """
    ranking = rank(evaluation)
    ranked = ranking.standings
    groups = [Group(_counted(len(ranked[:worst]), "worst"), ranked[:worst])]
    groups.append(Group(_counted(len(ranked[:BEST]), "best"), ranked[::-1][:BEST]))
    categories = list(dict.fromkeys(row.category for row in evaluation.rows if row.category != ALL))
    if len(categories) > 1:
        for category in categories:
            members = [standing for standing in ranked if category_of(standing.name) == category]
            chosen = tuple(members[: min(worst, WORST_OF_A_CATEGORY)])
            if chosen:
                groups.append(Group(f"{category}: {_counted(len(chosen), 'worst').lower()}", chosen))
    found = {sample.name: sample for sample in samples}
    rows = {name: row for row, name in enumerate(pack.names)}
    names = dict.fromkeys(standing.name for group in groups for standing in group.standings)
    predictors = [("Prediction", predictor)]
    if beside is not None:
        predictors = [(each.name, each) for each in (predictor, beside)]
    panels = {name: _panels(found[name], predictors, pack, rows[name]) for name in names}
    return EvaluationReport(title, facts, evaluation, ranking.rule, tuple(groups), panels)


def _counted(count: int, which: str) -> str:
    return f"The {count} {which} picture{'' if count == 1 else 's'}"


def _panels(sample: Sample, guessers: Sequence[tuple[str, Guesser]], pack: Pack, row: int) -> Panels:
    pixels = load_picture(sample.stimulus, max_pixels=16 * LONGEST * LONGEST).pixels
    share = min(1.0, LONGEST / max(pixels.shape[:2]))
    if share < 1:
        wanted = (max(1, round(share * pixels.shape[1])), max(1, round(share * pixels.shape[0])))
        pixels = np.asarray(cv2.resize(pixels, wanted, interpolation=cv2.INTER_AREA), np.uint8)
    size = (pixels.shape[1], pixels.shape[0])
    people = SaliencyMap(pack.maps[row].astype(np.float32), size, "people")
    panels = [("Picture", pixels), ("People", render(pixels, people, _AS_SCORED))]
    for caption, guesser in guessers:
        density = np.asarray(guesser.maps([sample.name])[0], np.float32)
        panels.append((caption, render(pixels, SaliencyMap(density, size, guesser.name), _AS_SCORED)))
    return tuple(panels)
