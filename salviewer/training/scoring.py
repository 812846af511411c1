"""Score pictures a few at a time, here or wherever else a few of them are sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.core import agreement
from salviewer.core.agreement import fixated_cells, score
from salviewer.core.split_half import ONE_VIEWER, half_scores, halve, one_viewer_scores
from salviewer.models.preprocess import resize
from salviewer.training.guesses import Guesser

CENTRE_BIAS = "centre bias"

Maps = Mapping[str, Sequence[NDArray[Any]]]
"""For each source of maps by name, one map (h, w) per picture of a chunk."""


@dataclass(frozen=True, slots=True)
class Measures:
    """Options of a table of scores.

    Attributes:
        original: score at each picture's own pixels, not at ``agreement.SIZE``.
        whole: compare the shuffled AUC with fixations on all other pictures, as benchmarks do, instead of
            those of the category.
        skip_first: leave out each viewer's first fixation.
        old: add AUC-Borji and EMD, `core.old_metrics`.
        one_viewer: add a row of what one viewer's fixations predict of all others'.
    """

    original: bool = False
    whole: bool = False
    skip_first: bool = False
    old: bool = False
    one_viewer: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """A few pictures of one category, with all that their scores need. Picklable.

    Attributes:
        category: of all of them.
        names: of the samples.
        rows: of the pack.
        truths: fixation densities (h, w), at ``agreement.SIZE`` or each picture's own.
        fixations: of each picture, (k, 2).
        viewers: of each fixation, -1 where unknown.
        aspects: width by height.
    """

    category: str
    names: tuple[str, ...]
    rows: tuple[int, ...]
    truths: Sequence[NDArray[Any]]
    fixations: tuple[NDArray[Any], ...]
    viewers: tuple[NDArray[Any], ...]
    aspects: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Scoring:
    """Data shared by the scores of all pictures. Picklable.

    Attributes:
        biases: the centre bias of each category.
        cells: fixated cells of each row.
        members: rows of each category, whose fixations are the shuffled AUC's others.
        known: whether viewers are known.
        people: the name of people's halves in the table.
        points: fixations of each row in 0..1.
        measures: what is scored, and against what.
    """

    biases: Mapping[str, NDArray[np.float64]]
    cells: Mapping[int, NDArray[np.int64]]
    members: Mapping[str, Sequence[int]]
    known: bool
    people: str
    points: Mapping[int, NDArray[Any]] = field(default_factory=dict)
    measures: Measures = Measures()

    def score(self, chunk: Chunk, maps: Maps) -> list[dict[str, Any]]:
        """Return each picture's scores: ``{"name", "predictor", scores...}``."""
        found: list[dict[str, Any]] = []
        for at, (row, name) in enumerate(zip(chunk.rows, chunk.names, strict=True)):
            truth = np.asarray(chunk.truths[at], np.float64)
            size = (truth.shape[0], truth.shape[1])
            own, other = self._fixated(row, chunk.category, size)
            bias = np.asarray(resize(self.biases[chunk.category], size))
            guesses = {CENTRE_BIAS: bias, **{source: resize(each[at], size) for source, each in maps.items()}}
            for predictor, guess in guesses.items():
                scores = score(np.asarray(guess), truth, own, other, bias, self.measures.old)
                found.append({"name": name, "predictor": predictor, **scores})
            points, aspect = chunk.fixations[at], chunk.aspects[at]
            half = halve(len(own), chunk.viewers[at] if self.known else None, name)
            if half is not None:
                scores = half_scores(points, half, aspect, other, bias)
                found.append({"name": name, "predictor": self.people, **scores})
            if self.measures.one_viewer and self.known:
                scores = one_viewer_scores(points, chunk.viewers[at], aspect, other, bias)
                if scores:
                    found.append({"name": name, "predictor": ONE_VIEWER, **scores})
        return found

    def _fixated(
        self, row: int, category: str, size: tuple[int, int]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Cells of a map of ``size`` fixated on a picture, and on the others that it is compared with."""
        groups = self.members.values() if self.measures.whole else (self.members[category],)
        rows = [other for group in groups for other in group if other != row]
        if size == agreement.SIZE:
            own, others = self.cells[row], [self.cells[other] for other in rows]
        else:
            own = fixated_cells(self.points[row], size)
            others = [fixated_cells(self.points[other], size) for other in rows]
        return own, np.concatenate(others) if others else own[:0]


Spread = Callable[[Scoring, Iterable[Chunk], Sequence[Guesser]], Iterator[list[dict[str, Any]]]]
"""Scores chunks and yields their scores in the same order."""


def overlapped(
    scoring: Scoring, chunks: Iterable[Chunk], guessers: Sequence[Guesser]
) -> Iterator[list[dict[str, Any]]]:
    """Score chunks in this process: one in a thread of its own while the maps of the next are made."""
    with ThreadPoolExecutor(1, "score") as pool:
        before: Future[list[dict[str, Any]]] | None = None
        for chunk in chunks:
            maps = {each.name: each.maps(chunk.names) for each in guessers}
            scored = pool.submit(scoring.score, chunk, maps)
            if before is not None:
                yield before.result()
            before = scored
        if before is not None:
            yield before.result()
