"""Rank the pictures of an evaluation, the worst first, relative to human observers where possible."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from salviewer.core.split_half import HALF_OF_FIXATIONS, HALF_OF_VIEWERS
from salviewer.training.evaluation import METRICS, Evaluation, Scores


@dataclass(frozen=True, slots=True)
class Standing:
    """One picture's scores.

    Attributes:
        name: of the sample.
        scores: by predictor; the centre bias and the model are always there.
        value: the number it is ranked by; lower is worse.
        words: the same number in words.
    """

    name: str
    scores: Mapping[str, Scores]
    value: float
    words: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """Ranked pictures, the worst first.

    Attributes:
        rule: how they are ranked, a sentence.
        standings: the pictures that have the scores for it.
    """

    rule: str
    standings: tuple[Standing, ...]


def rank(evaluation: Evaluation) -> Ranking:
    """Rank by the model's NSS minus that of half of the people; by NSS or CC if no picture has these.

    The difference shows what people agree on and the model missed; NSS alone would rank those pictures worst
    on which nobody agrees. Equal pictures are in the order of their names.
    """
    found: dict[str, dict[str, Scores]] = {}
    for item in evaluation.pictures:
        scores = {metric: item[metric] for metric in METRICS if metric in item}
        found.setdefault(item["name"], {})[item["predictor"]] = scores
    model = evaluation.model
    names = set().union(*found.values())
    people = next((name for name in (HALF_OF_VIEWERS, HALF_OF_FIXATIONS) if name in names), None)
    if people is not None:
        rule = (
            f"Ranked by the model's NSS less that of {people} on the same picture: what people agree on "
            "and the model misses comes first."
        )
        lead = {name: by[model]["NSS"] - by[people]["NSS"] for name, by in found.items() if people in by}
        standings = [Standing(name, found[name], value, _beside(value)) for name, value in lead.items()]
    else:
        metric = "NSS" if any("NSS" in by[model] for by in found.values()) else "CC"
        why = "too few fixations to be halved" if metric == "NSS" else "no single fixations"
        rule = f"Ranked by the model's {metric}, since the data set has {why}."
        standings = [
            Standing(name, by, by[model][metric], f"{metric} {by[model][metric]:.2f}")
            for name, by in found.items()
            if metric in by[model]
        ]
    return Ranking(rule, tuple(sorted(standings, key=lambda standing: (standing.value, standing.name))))


def _beside(difference: float) -> str:
    return f"NSS {abs(difference):.2f} {'below' if difference < 0 else 'above'} people"
