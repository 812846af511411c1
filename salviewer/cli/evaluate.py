"""``salviewer evaluate``: score a model on eye-tracking data, next to the centre bias and people."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from salviewer.cli.options import UsageError, add_device_arguments, count, ranged
from salviewer.cli.report import remark
from salviewer.errors import DataError
from salviewer.models.catalog import DEFAULT_MODEL

if TYPE_CHECKING:
    from rich.table import Table

    from salviewer.training.evaluation import Evaluation

_HOW_FAR = "95 % intervals of the means, by the bootstrap over pictures"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options; scripts rely on their names."""
    parser.add_argument(
        "--model", default=DEFAULT_MODEL, help="a shipped model's name, a model folder or a checkpoint"
    )
    parser.add_argument(
        "--data", type=Path, required=True, help="data set: CAT2000's layout, or images/ and maps/"
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
        help="score one in N pictures of each category, for a quick look (default: 1, all of them)",
    )
    parser.add_argument("--json", type=Path, help="write all scores to this file, including each picture's")
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
        "--beside", metavar="MODEL", help="another model, for the report to show beside this one"
    )
    parser.add_argument("--events", choices=["jsonl"], help="progress as JSON lines on standard output")
    add_device_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Evaluate; return 0 on success."""
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from salviewer.core.strict_json import dumps
    from salviewer.media.saving import atomic_path
    from salviewer.models.loading import load_model
    from salviewer.results import words
    from salviewer.training.datasets import open_dataset
    from salviewer.training.evaluation import SIZE, evaluate, seen_by
    from salviewer.training.evaluation_page import evaluation_html
    from salviewer.training.evaluation_report import build_evaluation_report
    from salviewer.training.known_pictures import fitted_among
    from salviewer.training.pack import open_pack
    from salviewer.training.scored_part import MODELS_OWN, fitted_remark, scored_part
    from salviewer.training.splits import read_split

    if options.beside and not options.report:
        raise UsageError("--beside needs --report FILE.html")
    predictor = load_model(options.model, options.device, options.engine)
    beside = load_model(options.beside, options.device, options.engine) if options.beside else None
    dataset = open_dataset(options.data)
    if options.split:
        read_split(options.split, dataset)  # before the pictures are read, which may take long
    samples = dataset.samples
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:

        def told(what: str) -> Callable[[int, int], None]:
            tasks: list[TaskID] = []

            def tell(done: int, total: int) -> None:
                if not tasks:
                    tasks.append(bar.add_task(what))
                bar.update(tasks[0], completed=done, total=total)
                if options.events:
                    print(json.dumps({"event": what, "step": done, "total": total}), flush=True)

            return tell

        pack = open_pack(samples, SIZE, told("reading pictures"))
        chosen = scored_part(dataset, pack, predictor.card, options.split, options.part)
        seen = seen_by(predictor, samples, pack, told("reading pictures"))
        try:
            result = evaluate(
                predictor, pack, chosen.held, chosen.fitted, told("predicting"), options.every, seen
            )
        except ValueError as error:
            raise DataError(options.data, str(error)) from error
    remark(predictor.note)
    if chosen.split == MODELS_OWN:
        remark(f"scored is the {options.part} part of {MODELS_OWN}")
    for model in (predictor, *([beside] if beside is not None else [])):
        known = fitted_remark(model.name, model.card, pack, chosen)
        if fitted_among(model.card, pack, chosen.held):
            remark(known)
        if known:  # below the table, and in the page
            result = replace(result, note=f"{result.note}; {known}")
    skipped = [*dataset.problems, *pack.problems]
    for problem in skipped[:10]:
        print(problem.sentence, file=sys.stderr)
    if len(skipped) > 10:
        print(f"{len(skipped)} problems in all", file=sys.stderr)
    if not options.events:
        _print(result)
    if options.json:
        values = {
            "model": options.model, "sha256": predictor.card.sha256, "device": predictor.device_title,
            "data": str(options.data), "part": options.part if chosen.split else "all", "split": chosen.split,
            "fitted_among": fitted_among(predictor.card, pack, chosen.held),
            "every": options.every, "skipped": [str(problem) for problem in skipped if not problem.kept],
            "doubtful": [str(problem) for problem in skipped if problem.kept], **result.to_dict(),
        }  # fmt: skip
        with atomic_path(options.json) as scratch:
            scratch.write_text(dumps(values, indent=1) + "\n", encoding="utf-8")
    if options.report:
        part = f"Part {options.part} of {options.data}" if chosen.split else str(options.data)
        report = build_evaluation_report(
            result, predictor, pack, samples, options.worst,
            f"{predictor.name} on {options.data.resolve().name}",
            f"{part}, measured on {words.day(date.today())} with {predictor.device_title}",
            beside,
        )  # fmt: skip
        with atomic_path(options.report) as scratch:
            scratch.write_text(evaluation_html(report), encoding="utf-8")
    if beside is not None and beside.note:
        remark(f"{beside.name}: {beside.note}")
    return 0


def _print(result: Evaluation) -> None:
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from salviewer.training.evaluation import METRICS

    shown = [metric for metric in METRICS if any(metric in row.scores for row in result.rows)]
    table = Table(box=box.SIMPLE, caption=result.note, caption_justify="left")
    for title in ("category", "predictor", "pictures"):
        table.add_column(title, justify="right" if title == "pictures" else "left")
    for metric in shown:
        table.add_column(metric, justify="right")
    for row in result.rows:
        scores = [f"{row.scores[metric]:.3f}" if metric in row.scores else "" for metric in shown]
        table.add_row(escape(row.category), escape(row.predictor), str(row.pictures), *scores)
    # A pipe has no width of its own, and a table cut to 80 columns would lose its numbers.
    console = Console() if sys.stdout.isatty() else Console(width=120)
    console.print(table)
    console.print(_intervals(result))


def _intervals(result: Evaluation) -> Table:
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    from salviewer.training.evaluation import METRICS

    predictors = list(dict.fromkeys(row.predictor for row in result.rows))
    table = Table(box=box.SIMPLE, caption=_HOW_FAR, caption_justify="left")
    for title in ("category", "metric", *predictors):
        table.add_column(escape(title))
    for category in dict.fromkeys(row.category for row in result.rows):
        own = {row.predictor: row for row in result.rows if row.category == category}
        metrics = [metric for metric in METRICS if any(metric in row.scores for row in own.values())]
        for metric in metrics:
            cells = []
            for predictor in predictors:
                row = own.get(predictor)
                if row is None or metric not in row.scores:
                    cells.append("")
                else:
                    mean, low, high = (
                        round(value, 2) + 0.0 for value in (row.scores[metric], *row.intervals[metric])
                    )
                    cells.append(f"{mean:.2f} ({low:.2f}, {high:.2f})")
            table.add_row(escape(category) if metric == metrics[0] else "", metric, *cells)
        table.add_section()
    return table
