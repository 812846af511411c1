"""Score pictures a few at a time, here or wherever else a few of them are sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.core import agreement
from salviewer.core.agreement import score
from salviewer.core.split_half import half_scores, halve
from salviewer.models.preprocess import resize
from salviewer.training.guesses import Guesser

CENTRE_BIAS = "centre bias"

Maps = Mapping[str, Sequence[NDArray[Any]]]
"""For each source of maps by name, one map (h, w) per picture of a chunk."""


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """A few pictures of one category, with all that their scores need. Picklable.

    Attributes:
        category: of all of them.
        names: of the samples.
        rows: of the pack.
        truths: (n, h, w) at ``agreement.SIZE``, fixation densities.
        fixations: of each picture, (k, 2).
        viewers: of each fixation, -1 where unknown.
        aspects: width by height.
    """

    category: str
    names: tuple[str, ...]
    rows: tuple[int, ...]
    truths: NDArray[Any]
    fixations: tuple[NDArray[Any], ...]
    viewers: tuple[NDArray[Any], ...]
    aspects: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Scoring:
    """What the scores of all pictures have in common. Picklable.

    Attributes:
        biases: the centre bias of each category.
        cells: fixated cells of each row.
        members: rows of each category, whose fixations are the shuffled AUC's others.
        known: whether viewers are known.
        people: the name of people's halves in the table.
    """

    biases: Mapping[str, NDArray[np.float64]]
    cells: Mapping[int, NDArray[np.int64]]
    members: Mapping[str, Sequence[int]]
    known: bool
    people: str

    def score(self, chunk: Chunk, maps: Maps) -> list[dict[str, Any]]:
        """Return each picture's scores: ``{"name", "predictor", scores...}``."""
        found: list[dict[str, Any]] = []
        for at, (row, name) in enumerate(zip(chunk.rows, chunk.names, strict=True)):
            own = self.cells[row]
            others = [self.cells[other] for other in self.members[chunk.category] if other != row]
            other = np.concatenate(others) if others else own[:0]
            truth = chunk.truths[at].astype(np.float64)
            bias = self.biases[chunk.category]
            guesses = {
                CENTRE_BIAS: bias,
                **{source: resize(each[at], agreement.SIZE) for source, each in maps.items()},
            }
            for predictor, guess in guesses.items():
                scores = score(np.asarray(guess), truth, own, other, bias)
                found.append({"name": name, "predictor": predictor, **scores})
            half = halve(len(own), chunk.viewers[at] if self.known else None, name)
            if half is not None:
                scores = half_scores(chunk.fixations[at], half, chunk.aspects[at], other, bias)
                found.append({"name": name, "predictor": self.people, **scores})
        return found


Spread = Callable[[Scoring, Iterable[Chunk], Sequence[Guesser]], Iterator[list[dict[str, Any]]]]
"""Scores chunks and yields their scores in the same order."""


def one_after_another(
    scoring: Scoring, chunks: Iterable[Chunk], guessers: Sequence[Guesser]
) -> Iterator[list[dict[str, Any]]]:
    """Score chunks in this process."""
    for chunk in chunks:
        yield scoring.score(chunk, {each.name: each.maps(chunk.names) for each in guessers})
