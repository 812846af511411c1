"""Choose the targets: ground truth, a mix with a teacher's maps, or the teacher's maps alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from salviewer.errors import ImageError, SalviewerError
from salviewer.media.listing import find_pictures
from salviewer.models.predictor import Predictor
from salviewer.training.batches import Source
from salviewer.training.datasets import Problem, Sample
from salviewer.training.distillation import teach
from salviewer.training.events import Watcher
from salviewer.training.pack import Pack, Progress
from salviewer.training.recipe import Recipe

SHOWN_PHOTOS = 10
"""So many photographs that are left out are named."""

_Rows = NDArray[np.int64]


def labelled(
    recipe: Recipe,
    pack: Pack,
    fitted: _Rows,
    held: _Rows,
    teachers: Sequence[Predictor],
    watcher: Watcher,
    progress: Progress,
) -> tuple[Pack, _Rows, str]:
    """Use the teachers' maps as ground truth of photographs; leave out those they are not sure of."""
    maps, confidence = teach(teachers, pack, np.concatenate([fitted, held]), progress)
    sure = _sure(recipe, fitted, confidence, watcher)
    labels = np.rint(maps.astype(np.float32) * 255).astype(np.uint8)
    clause = f"; taught by {_names(teachers)} alone, on {len(sure)} unlabelled photographs"
    return replace(pack, maps=labels), sure, clause


def _sure(recipe: Recipe, rows: _Rows, confidence: NDArray[np.float32], watcher: Watcher) -> _Rows:
    """Return the rows whose maps have at least the recipe's confidence."""
    sure = rows[confidence[rows] >= recipe.confidence]
    if not len(sure):
        most = float(confidence[rows].max())
        raise SalviewerError(
            f"the teacher is not sure enough of any photograph: its confidence is {most:.2f} at most, and the"
            f" recipe asks for {recipe.confidence:g}"
        )
    if len(sure) < len(rows):
        watcher.tell(
            "note",
            message=f"left out {len(rows) - len(sure)} of {len(rows)} photographs, where the teacher's"
            f" confidence is below {recipe.confidence:g}",
        )
    return sure


def _report_left_out(problems: Sequence[Problem], watcher: Watcher) -> None:
    for problem in problems[:SHOWN_PHOTOS]:
        watcher.tell("note", message=problem.sentence)
    if len(problems) > SHOWN_PHOTOS:
        watcher.tell("note", message=f"{len(problems)} photographs in all are skipped")


def _names(teachers: Sequence[Predictor]) -> str:
    return " and ".join(f"{each.card.title} (sha256 {each.card.sha256[:12]})" for each in teachers)


def sources_of(
    recipe: Recipe,
    pack: Pack,
    fitted: _Rows,
    teachers: Sequence[Predictor],
    packed: Callable[[Sequence[Sample]], Pack],
    watcher: Watcher,
    progress: Progress,
) -> tuple[list[Source], str]:
    """Return the sources to train on, and a clause about the teachers for the card."""
    if not teachers:
        return [Source(pack, fitted)], ""
    clause = f"; taught by {_names(teachers)}"
    if recipe.hint_weight:
        clause += " with hints from its encoder"

    sources = [Source(pack, fitted, teach(teachers, pack, fitted, progress)[0])]
    if recipe.photos:
        missed: list[ImageError] = []
        pictures = find_pictures([Path(recipe.photos)], complain=missed.append)
        samples = [Sample(path.name, "", path, path) for path in pictures]
        photos = packed(samples)
        left_out = [Problem(Path(each.path).name, each.reason) for each in missed]
        _report_left_out([*left_out, *photos.problems], watcher)
        maps, confidence = teach(teachers, photos, np.arange(len(photos.names)), progress)
        rows = _sure(recipe, np.arange(len(photos.names)), confidence, watcher)
        sources.append(Source(photos, rows, maps, labelled=False))
        clause += f", also on {len(rows)} unlabelled photographs"
    return sources, clause
