"""Evaluation and training as two calls, for `salviewer.evaluate` and `salviewer.train`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salviewer.errors import DataError, SalviewerError
from salviewer.models.catalog import DEFAULT_MODEL

if TYPE_CHECKING:
    from salviewer.models.predictor import Predictor
    from salviewer.training.evaluation import Evaluation
    from salviewer.training.guesses import Guesser
    from salviewer.training.held_out import HeldOut
    from salviewer.training.scoring import Measures

Progress = Callable[[int, int], None]


def evaluate(
    model: Predictor | str | Path | Callable[[HeldOut], Guesser],
    data: str | PathLike[str],
    *,
    part: str = "test",
    split: str | PathLike[str] | None = None,
    every: int = 1,
    progress: Progress | None = None,
    measures: Measures | None = None,
) -> Evaluation:
    """Score a model on recorded fixations, as ``salviewer evaluate`` does.

    Args:
        model: from `salviewer.load_model`, a name, a model's folder or file, or a function from the opened
            data set to another source of maps.
        data: the data set's folder, in any layout that ``salviewer train`` knows.
        part: which part of the split: ``"test"``, ``"val"`` or ``"train"``. Without a split, everything is
            scored.
        split: a JSON file with the lists ``train``, ``val`` and ``test``; None for the split of the run that
            made the model, else the data set's own.
        every: score one of so many pictures of each category.
        progress: called with (done, total); an exception from it ends the evaluation.
        measures: the grid, the negatives and what else differs between published tables; None for the tables
            of this project.

    Returns:
        ``rows`` with the mean scores by category of the centre bias, the model and half of the people, and
        ``pictures`` with each picture's own; ``to_dict()`` is ready for JSON.

    Raises:
        DataError: the data set cannot be used, or has no such part.
        ModelError: the model cannot be used.
        ValueError: ``part`` or ``every`` is none of those.
    """
    from salviewer.models.loading import load_model
    from salviewer.training import evaluation
    from salviewer.training.guesses import guesser_of
    from salviewer.training.held_out import open_held_out
    from salviewer.training.original_grid import OriginalGrid, without_first
    from salviewer.training.scored_part import fitted_remark
    from salviewer.training.scoring import Measures

    if part not in ("test", "val", "train"):
        raise ValueError(f"a part is 'test', 'val' or 'train', not {part!r}")
    if every < 1:
        raise ValueError(f"one of 1 or more pictures is scored, not of {every}")
    predictor = None
    if isinstance(model, str | Path):
        predictor = load_model(model)
    elif not callable(model):
        predictor = model
    file = Path(split) if split is not None else None
    card = predictor.card if predictor is not None else None
    held = open_held_out(Path(data), file, part, card, progress)
    if predictor is not None:
        seen = evaluation.seen_by(predictor, held.dataset.samples, held.pack, progress)
        guesser = guesser_of(predictor, seen)
    else:
        assert callable(model)
        guesser = model(held)
    measures, chosen = measures or Measures(), held.chosen
    pack = without_first(held.pack, held.folder) if measures.skip_first else held.pack
    grid = OriginalGrid(held.dataset.samples) if measures.original else None
    try:
        result = evaluation.evaluate(
            guesser, pack, chosen.held, chosen.fitted, progress, every, measures=measures, grid=grid
        )
    except ValueError as error:
        raise DataError(held.folder, str(error)) from error
    known = fitted_remark(predictor.name, predictor.card, held.pack, chosen) if predictor is not None else ""
    return replace(result, note=f"{result.note}; {known}") if known else result


def train(
    data: str | PathLike[str],
    run: str | PathLike[str],
    *,
    model: str = DEFAULT_MODEL,
    progress: Callable[[str, dict[str, Any]], None] | None = None,
    **options: Any,
) -> Path:
    """Train a network on recorded fixations, as ``salviewer train`` does.

    Args:
        data: the data set's folder.
        run: a folder for everything the run writes; it is made.
        model: the network, such as ``"live_net"`` or ``"deep_convnet"``.
        progress: called with each event: its kind (``"step"``, ``"epoch"``, ``"finished"``, ...) and its
            values. An exception from it ends the run.
        **options: the other fields of `salviewer.training.order.Order`: ``start`` (a model to start from),
            ``epochs``, ``recipe``, ``device``, ``seed``, ``split``, ``resume``, ``with_val``, ``teacher``,
            ``photos``, ``checkpoint_every``.

    Returns:
        the folder of the trained model, for `salviewer.load_model`.

    Raises:
        TypeError: an option that there is not.
        DataError: the data set cannot be used, or there is a run in the folder already.
        SalviewerError: anything else that ends it; also an interrupt, whose checkpoint ``resume=True``
            continues.
    """
    from salviewer.training.events import JsonLines, Several, Watcher
    from salviewer.training.order import Order
    from salviewer.training.run import train as run_order
    from salviewer.training.run_folder import RunFolder
    from salviewer.training.trainer import Stopped

    if options.get("split") is not None:
        options["split"] = Path(options["split"])
    for name in ("start", "teacher", "photos", "recipe"):
        if name in options:
            options[name] = str(options[name])
    order = Order(Path(data), model, Path(run), **options)

    def watcher_for(folder: RunFolder) -> Watcher:
        kept = JsonLines(folder.open_events())
        return Several(kept, _Events(progress)) if progress is not None else kept

    try:
        return run_order(order, watcher_for)
    except Stopped as stop:
        raise SalviewerError(f"the run was interrupted; resume=True continues it in {run}") from stop


class _Events:
    """A watcher that hands events to a function."""

    def __init__(self, progress: Callable[[str, dict[str, Any]], None]) -> None:
        self._progress = progress

    def tell(self, kind: str, **details: Any) -> None:
        self._progress(kind, details)
