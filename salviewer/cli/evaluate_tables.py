"""Print the tables of ``salviewer evaluate``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table

    from salviewer.training.evaluation import Evaluation
    from salviewer.training.evaluation_domains import Difference

_HOW_FAR = "95 % intervals of the means, by the bootstrap over pictures"
_DIFFERENCE = "mean difference and its 95 % interval, by the bootstrap over pictures drawn for both alike"


def print_tables(result: Evaluation, compared: Sequence[Difference], beside: str) -> None:
    """Print the means, their intervals, and the differences from ``beside``, if any."""
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
    # A pipe has no width, and a table cut to 80 columns would lose its numbers.
    console = Console() if sys.stdout.isatty() else Console(width=120)
    console.print(table)
    console.print(_intervals(result))
    if compared:
        console.print(_differences(result.model, beside, compared))


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
                known = row if row is not None and metric in row.scores else None
                cells.append(_spread(known.scores[metric], known.intervals[metric]) if known else "")
            table.add_row(escape(category) if metric == metrics[0] else "", metric, *cells)
        table.add_section()
    return table


def _differences(model: str, beside: str, compared: Sequence[Difference]) -> Table:
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    from salviewer.training.evaluation import METRICS

    table = Table(box=box.SIMPLE, caption=f"{_DIFFERENCE}; * does not hold 0", caption_justify="left")
    for title in ("category", "pictures", "metric", f"{model} less {beside}"):
        table.add_column(escape(title), justify="right" if title == "pictures" else "left")
    for each in compared:
        for number, metric in enumerate(metric for metric in METRICS if metric in each.scores):
            low, high = each.intervals[metric]
            sure = " *" if low > 0 or high < 0 else ""
            first = (escape(each.category), str(each.pictures)) if number == 0 else ("", "")
            cell = _spread(each.scores[metric], each.intervals[metric], 3)
            table.add_row(*first, metric, f"{cell}{sure}")
        table.add_section()
    return table


def _spread(mean: float, ends: Sequence[float], digits: int = 2) -> str:
    """Format a mean with its interval, without a minus sign before a zero."""
    shown = [f"{round(value, digits) + 0.0:.{digits}f}" for value in (mean, *ends)]
    return f"{shown[0]} ({shown[1]}, {shown[2]})"


def write_pictures(path: Path, result: Evaluation) -> None:
    """Write the scores of each picture as a table: name, predictor, and a column a metric.

    Raises:
        ExportError: the file cannot be written.
    """
    import csv

    from salviewer.media.saving import atomic_path
    from salviewer.training.evaluation import METRICS

    shown = [metric for metric in METRICS if any(metric in item for item in result.pictures)]
    more = [name for name in ("data", "category") if any(name in item for item in result.pictures)]
    with atomic_path(path) as scratch, scratch.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["name", "predictor", *more, *shown])
        for item in result.pictures:
            values = [f"{item[metric]:.9g}" if metric in item else "" for metric in shown]
            table.writerow([item["name"], item["predictor"], *(item.get(name, "") for name in more), *values])
