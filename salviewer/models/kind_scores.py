"""Kinds of pictures, and what a model's card says about each. Imports next to nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from salviewer.models.card import ModelCard

Kind = Literal["photograph", "advertisement", "page"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class FoundKind:
    """The likeliest kind of a picture.

    Attributes:
        kind: it.
        confidence: its probability by the classifier, above 1/3 to 1.
    """

    kind: Kind
    confidence: float


@dataclass(frozen=True, slots=True)
class KindScore:
    """Scores of a model for pictures of a kind.

    Attributes:
        NSS: mean normalised scanpath saliency; chance is 0.
        pictures: how many it is the mean of.
        fitted: whether the model was fitted to recorded eye movements on other pictures of this kind.
    """

    NSS: float
    pictures: int
    fitted: bool


def score_of(card: ModelCard, kind: Kind) -> KindScore | None:
    """Return what a model's card says about pictures of a kind; None where it was not measured."""
    try:
        row = card.metrics["kinds"][kind]
        return KindScore(float(row["NSS"]), int(row["pictures"]), bool(row["fitted"]))
    except (KeyError, TypeError, ValueError):
        return None
