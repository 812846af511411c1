"""``salviewer evaluate``: score a model on eye-tracking data, beside the centre bias and people."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salviewer.cli.cluster import add_cluster_argument
from salviewer.cli.data import add_blur_arguments, blur_of
from salviewer.cli.options import UsageError, add_device_arguments, count, ranged
from salviewer.cli.report import remark
from salviewer.errors import DataError
from salviewer.models.catalog import DEFAULT_MODEL

if TYPE_CHECKING:
    from salviewer.models.predictor import Predictor
    from salviewer.training.evaluation import Evaluation
    from salviewer.training.guesses import Guesser
    from salviewer.training.held_out import HeldOut
    from salviewer.training.scoring import Spread


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options; scripts rely on their names."""
    parser.add_argument(
        "--model", help=f"a shipped model's name, a model folder or a checkpoint (default: {DEFAULT_MODEL})"
    )
    parser.add_argument(
        "--maps",
        type=Path,
        metavar="DIR",
        help="score the maps of any other program, named like the pictures, instead of a model's",
    )
    parser.add_argument(
        "--data",
        type=Path,
        required=True,
        action="append",
        metavar="DIR",
        help="data set in one of the layouts of `salviewer data --layouts`, or a .zip; several share a table",
    )
    parser.add_argument(
        "--split", type=Path, help="JSON file with train, val and test (default: the data set's own)"
    )
    parser.add_argument(
        "--part", choices=["test", "val", "train"], default="test", help="which part to score"
    )
    parser.add_argument(
        "--every",
        type=ranged(count),
        default=1,
        metavar="N",
        help="score every Nth picture of each category, for a quick look (default: 1, all of them)",
    )
    parser.add_argument("--json", type=Path, help="write all scores, including each picture's, to this file")
    parser.add_argument(
        "--report",
        type=Path,
        metavar="FILE.html",
        help="write a page with scores, intervals and the worst pictures",
    )
    parser.add_argument(
        "--worst",
        type=ranged(count),
        default=20,
        metavar="N",
        help="how many of the worst pictures the report shows (default: 20)",
    )
    parser.add_argument(
        "--beside",
        metavar="MODEL",
        help="also score another model on the same pictures, with the difference and its intervals",
    )
    _add_measures(parser)
    parser.add_argument("--events", choices=["jsonl"], help="progress as JSON lines on standard output")
    add_cluster_argument(parser)
    add_blur_arguments(parser)
    add_device_arguments(parser)


def _add_measures(parser: argparse.ArgumentParser) -> None:
    """Declare what differs from published table to published table."""
    parser.add_argument(
        "--grid",
        choices=["240x320", "original"],
        default="240x320",
        help="measure at 240 x 320 cells, or at each picture's own pixels (default: %(default)s)",
    )
    parser.add_argument(
        "--shuffled",
        choices=["category", "all"],
        default="category",
        help="sAUC against fixations on other pictures of the category, or of the whole set as benchmarks do"
        " (default: %(default)s)",
    )
    parser.add_argument(
        "--skip-first", action="store_true", help="leave out each viewer's first fixation, as benchmarks do"
    )
    parser.add_argument(
        "--old-metrics", action="store_true", help="add AUC-Borji and EMD, for comparison with old tables"
    )
    parser.add_argument(
        "--one-viewer", action="store_true", help="add a row: one viewer's fixations predict all others'"
    )
    parser.add_argument("--csv", type=Path, metavar="FILE.csv", help="write the scores of each picture")


def run(options: argparse.Namespace) -> int:
    """Evaluate; return 0 on success."""
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from salviewer.cli.evaluate_tables import print_tables, write_pictures
    from salviewer.core.strict_json import dumps
    from salviewer.media.saving import atomic_path, check_target, remove_leftovers
    from salviewer.models.loading import load_model
    from salviewer.training.evaluation_domains import combined, differences
    from salviewer.training.held_out import open_held_out

    _check(options)
    blur = blur_of(options)
    for target in filter(None, (options.json, options.report, options.csv)):
        check_target(target)
        remove_leftovers(target.absolute().parent)
    predictor = None
    if not options.maps:
        predictor = load_model(options.model or DEFAULT_MODEL, options.device, options.engine)
    beside = load_model(options.beside, options.device, options.engine) if options.beside else None
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:

        def progress_of(what: str) -> Callable[[int, int], None]:
            tasks: list[TaskID] = []

            def tell(done: int, total: int) -> None:
                if not tasks:
                    tasks.append(bar.add_task(what))
                bar.update(tasks[0], completed=done, total=total)
                if options.events:
                    print(json.dumps({"event": what, "step": done, "total": total}), flush=True)

            return tell

        card = predictor.card if predictor is not None else None
        sets = [
            open_held_out(data, options.split, options.part, card, progress_of("reading pictures"), blur)
            for data in options.data
        ]
        with _where(options) as spread:
            scored = [_scored(options, predictor, beside, held, progress_of, spread) for held in sets]
    guessers, results = [each for each, _ in scored], [result for _, result in scored]
    result = results[0] if len(results) == 1 else combined([held.title for held in sets], results)
    if predictor is not None:
        remark(predictor.note)
    for held in sets:
        _remark_on(options.part, [each for each in (predictor, beside) if each is not None], held)
    problems = [problem for held in sets for problem in held.problems]
    for problem in problems[:10]:
        print(problem.sentence, file=sys.stderr)
    if len(problems) > 10:
        print(f"{len(problems)} problems in all", file=sys.stderr)
    compared = differences(result, beside.name) if beside is not None else ()
    if not options.events:
        print_tables(result, compared, beside.name if beside is not None else "")
    if options.json:
        values = {
            **_about(options, predictor, sets),
            "skipped": [str(problem) for problem in problems if not problem.kept],
            "doubtful": [str(problem) for problem in problems if problem.kept],
            **result.to_dict(),
        }
        if beside is not None:
            values["beside"] = {"model": options.beside, "sha256": beside.card.sha256}
            values["differences"] = [each.to_dict() for each in compared]
        with atomic_path(options.json) as scratch:
            scratch.write_text(dumps(values, indent=1) + "\n", encoding="utf-8")
    if options.csv:
        write_pictures(options.csv, result)
    if options.report:
        _write_report(options, result, guessers[0], predictor, sets[0])
    if beside is not None and beside.note:
        remark(f"{beside.name}: {beside.note}")
    return 0


def _check(options: argparse.Namespace) -> None:
    """Refuse options that contradict each other.

    Raises:
        UsageError: the message names the options.
    """
    if options.maps and options.model:
        raise UsageError("--maps takes the place of --model; name the model with --beside")
    if options.beside and options.beside == (options.model or ("" if options.maps else DEFAULT_MODEL)):
        raise UsageError(f"--beside names {options.beside} itself")
    if len(options.data) > 1:
        for option, given in (("--split", options.split), ("--report", options.report)):
            if given:
                raise UsageError(f"{option} needs a single --data")
        titles = [data.resolve().name for data in options.data]
        if twice := next((title for title in titles if titles.count(title) > 1), ""):
            raise UsageError(f"two of the data sets have the name {twice}")


@contextmanager
def _where(options: argparse.Namespace) -> Iterator[Spread]:
    """Yield how pictures are scored: in this process, or on a cluster."""
    from salviewer.training.scoring import overlapped

    if not options.cluster:
        yield overlapped
        return
    from salviewer.cli import cluster

    names = [] if options.maps else [options.model or DEFAULT_MODEL]
    names += [options.beside] if options.beside else []
    with cluster.spread(options, names) as found:
        yield found


def _scored(
    options: argparse.Namespace,
    predictor: Predictor | None,
    beside: Predictor | None,
    held: HeldOut,
    progress_of: Callable[[str], Callable[[int, int], None]],
    spread: Spread,
) -> tuple[tuple[Guesser, ...], Evaluation]:
    """Score on one data set; return the sources of maps and their scores."""
    from salviewer.training.evaluation import evaluate, seen_by
    from salviewer.training.guesses import guesser_of, ready_made
    from salviewer.training.original_grid import OriginalGrid, without_first
    from salviewer.training.scored_part import fitted_remark
    from salviewer.training.scoring import Measures

    def asked(network: Predictor) -> Guesser:
        return guesser_of(
            network, seen_by(network, held.dataset.samples, held.pack, progress_of("reading pictures"))
        )

    if predictor is not None:
        first = asked(predictor)
    else:
        first = ready_made(options.maps, held.pack, held.chosen.held, held.title)
    others = [asked(beside)] if beside is not None else []
    chosen = held.chosen
    measures = Measures(
        options.grid == "original",
        options.shuffled == "all",
        options.skip_first,
        options.old_metrics,
        options.one_viewer,
    )
    pack = without_first(held.pack, held.folder) if measures.skip_first else held.pack
    try:
        result = evaluate(
            first,
            pack,
            chosen.held,
            chosen.fitted,
            progress_of("predicting"),
            options.every,
            beside=others,
            spread=spread,
            measures=measures,
            grid=OriginalGrid(held.dataset.samples) if measures.original else None,
        )
    except ValueError as error:
        raise DataError(held.folder, str(error)) from error
    for model in (predictor, beside):
        known = fitted_remark(model.name, model.card, held.pack, chosen) if model is not None else ""
        if known:  # below the table, and on the page
            result = replace(result, note=f"{result.note}; {known}")
    return (first, *others), result


def _remark_on(part: str, models: list[Predictor], held: HeldOut) -> None:
    """Remark on the split that was used, and on models that were fitted to scored pictures."""
    from salviewer.training.known_pictures import fitted_among
    from salviewer.training.scored_part import MODELS_OWN, fitted_remark

    if held.chosen.split == MODELS_OWN:
        remark(f"scored is the {part} part of {MODELS_OWN}")
    if held.chosen.instead:
        remark(f"{held.title} has no {part} part with ground truth: {held.chosen.instead} is scored instead")
    for model in models:
        if fitted_among(model.card, held.pack, held.chosen.held):
            remark(fitted_remark(model.name, model.card, held.pack, held.chosen))


def _about(options: argparse.Namespace, predictor: Predictor | None, sets: list[HeldOut]) -> dict[str, Any]:
    """Return what was scored and on which data, for the JSON file; lists for several data sets."""
    from salviewer.training.known_pictures import fitted_among

    data = [str(held.folder) for held in sets]
    parts = [(held.chosen.instead or options.part) if held.chosen.split else "all" for held in sets]
    splits = [held.chosen.split for held in sets]
    fitted = [
        None if predictor is None else fitted_among(predictor.card, held.pack, held.chosen.held)
        for held in sets
    ]
    several = len(sets) > 1
    return {
        "model": str(options.maps) if predictor is None else options.model or DEFAULT_MODEL,
        "sha256": "" if predictor is None else predictor.card.sha256,
        "device": "ready-made maps" if predictor is None else predictor.device_title,
        "data": data if several else data[0],
        "part": parts if several else parts[0],
        "split": splits if several else splits[0],
        "fitted_among": fitted if several else fitted[0],
        "every": options.every,
    }


def _write_report(
    options: argparse.Namespace,
    result: Evaluation,
    guessers: tuple[Guesser, ...],
    predictor: Predictor | None,
    held: HeldOut,
) -> None:
    from salviewer.media.saving import atomic_path
    from salviewer.results import words
    from salviewer.training.evaluation_page import evaluation_html
    from salviewer.training.evaluation_report import build_evaluation_report

    part = f"Part {options.part} of {held.folder}" if held.chosen.split else str(held.folder)
    how = "ready-made maps" if predictor is None else predictor.device_title
    report = build_evaluation_report(
        result, guessers[0], held.pack, held.dataset.samples, options.worst,
        f"{guessers[0].name} on {held.title}",
        f"{part}, measured on {words.day(date.today())} with {how}",
        *guessers[1:],
    )  # fmt: skip
    with atomic_path(options.report) as scratch:
        scratch.write_text(evaluation_html(report), encoding="utf-8")
