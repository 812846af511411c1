"""``salviewer data``: what a folder of eye movements holds; and the same in another layout."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salviewer.cli.options import UsageError, number, ranged
from salviewer.cli.report import counted

if TYPE_CHECKING:
    from salviewer.training.survey import Survey


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options; scripts rely on their names."""
    parser.add_argument(
        "data", nargs="?", type=Path, metavar="DIR", help="the data set's folder, .zip or table"
    )
    parser.add_argument("--layouts", action="store_true", help="list the layouts that are recognised")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the survey to this file")
    parser.add_argument("--to", choices=["cat2000", "hdf5"], help="write it in another layout, into -o")
    parser.add_argument("-o", "--output", type=Path, metavar="DIR", help="a new folder for --to")
    parser.add_argument(
        "--columns",
        metavar="NAME=COLUMN,...",
        help="say which column of a table is what: image, x, y, subject, start, duration; kept beside it",
    )
    add_blur_arguments(parser)


def add_blur_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``--sigma-degrees``, ``--pixels-per-degree`` and ``--blur``."""
    parser.add_argument(
        "--sigma-degrees",
        type=ranged(number),
        metavar="D",
        help="blur of the densities that are made where there are fixations alone, in degrees of visual"
        " angle; needs --pixels-per-degree (default: 3 %% of the picture's width)",
    )
    parser.add_argument(
        "--pixels-per-degree", type=ranged(number), metavar="P", help="of the pictures as they were shown"
    )
    parser.add_argument(
        "--blur", type=ranged(number), default=0.0, metavar="PIXELS", help="the same blur in pixels"
    )


def blur_of(options: argparse.Namespace) -> float:
    """Return the blur that the options ask for in pixels; 0 for the default.

    Raises:
        UsageError: they contradict each other.
    """
    if (options.sigma_degrees is None) != (options.pixels_per_degree is None):
        raise UsageError("--sigma-degrees and --pixels-per-degree belong together")
    if options.sigma_degrees is not None and options.blur:
        raise UsageError("--sigma-degrees and --blur say the same thing")
    blur: float = options.blur
    if options.sigma_degrees is not None:
        blur = options.sigma_degrees * options.pixels_per_degree
    if not 0 <= blur < 10_000:
        raise UsageError(f"a blur lies in 0 to 10,000 pixels, not {blur:g}")
    return blur


def run(options: argparse.Namespace) -> int:
    """Print the survey, or convert; return 0 on success."""
    from rich.console import Console
    from rich.progress import Progress

    from salviewer.core.strict_json import dumps
    from salviewer.media.saving import atomic_path
    from salviewer.training.survey import survey

    if options.layouts:
        return _layouts()
    if options.data is None:
        raise UsageError("name the folder of the data, or ask for --layouts")
    if bool(options.to) != bool(options.output):
        raise UsageError("--to and -o belong together")
    blur = blur_of(options)
    if options.columns or options.data.suffix.lower() in (".csv", ".tsv"):
        return _table(options.data, options.columns)
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("reading pictures")

        def progress(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        if options.to:
            return _convert(options, blur, progress)
        found = survey(options.data, progress=progress, blur=blur)
    for line in lines(found):
        print(line)
    if options.json:
        with atomic_path(options.json) as scratch:
            scratch.write_text(dumps(_values(found), indent=1) + "\n", encoding="utf-8")
    return 0


def lines(found: Survey) -> list[str]:
    """Return the lines that describe a survey."""
    from salviewer.training.survey import LAYOUTS

    shown = [f"{found.root}: {LAYOUTS[found.layout]}"]
    shown += [f"  {name}: {value}" for name, value in _facts(found)]
    shown += [f"  {problem.sentence}" for problem in found.problems[:20]]
    if len(found.problems) > 20:
        shown.append(f"  and {len(found.problems) - 20} more")
    return shown


def _facts(found: Survey) -> list[tuple[str, str]]:
    named = ", ".join(f"{name} ({count})" for name, count in found.categories if name)
    (small, large), (train, val, test) = found.sizes, found.split
    sizes = f"{small[0]}x{small[1]}" + (f" to {large[0]}x{large[1]}" if large != small else "")
    whose = "the data's own" if found.own_split else "drawn from each category"
    truth = counted(found.fixations, "fixation") if found.fixations else "maps alone"
    if found.viewers:
        truth += f" of up to {counted(found.viewers, 'viewer')} a picture"
    rows = [
        *found.taken,
        ("usable", counted(found.pictures, "picture")),
        ("categories", named or "none"),
        ("sizes", f"{sizes} pixels"),
        ("ground truth", truth if found.labelled else "none"),
        ("split", f"{train} to train on, {val} to choose by, {test} to test on; {whose}"),
    ]
    skipped = sum(not problem.kept for problem in found.problems)
    doubtful = len(found.problems) - skipped
    return (
        rows
        + [("left out", f"{skipped}")] * bool(skipped)
        + [("doubtful", f"{doubtful}, used")] * bool(doubtful)
    )


def _values(found: Survey) -> dict[str, Any]:
    return {
        "data": str(found.root),
        "layout": found.layout,
        "taken": dict(found.taken),
        "pictures": found.pictures,
        "categories": dict(found.categories),
        "sizes": [list(size) for size in found.sizes],
        "fixations": found.fixations,
        "viewers": found.viewers,
        "split": dict(zip(("train", "val", "test"), found.split, strict=True)),
        "own_split": found.own_split,
        "skipped": [str(problem) for problem in found.problems if not problem.kept],
        "doubtful": [str(problem) for problem in found.problems if problem.kept],
    }


def _layouts() -> int:
    from salviewer.media.data.readers import READERS

    for reader in READERS.values():
        print(f"{reader.title}: {reader.looked_for or 'pictures alone'}")
    return 0


def _table(path: Path, text: str | None) -> int:
    """Show the head of a table and which column is what; keep what the options say about it."""
    from salviewer.errors import DataError
    from salviewer.media.data.tables import Columns, is_table, preview, write_columns

    if path.is_dir():
        tables = [each for each in sorted(path.iterdir()) if each.suffix.lower() in (".csv", ".tsv")]
        if len(tables) != 1:
            raise DataError(path, f"it has {len(tables)} tables; name the one that --columns is about")
        path = tables[0]
    head = preview(path)
    columns = head.columns
    if text:
        given: dict[str, Any] = dict(part.partition("=")[::2] for part in text.split(","))
        known = {item.name for item in fields(Columns)} - {"shares", "upward"}
        if wrong := sorted(given.keys() - known):
            raise UsageError(f"a table has no {wrong[0]!r}; there are {', '.join(sorted(known))}")
        if missing := [column for column in given.values() if column not in head.names]:
            raise DataError(path, f"it has no column {missing[0]!r}; there are {', '.join(head.names)}")
        if columns is None and not {"x", "y"} <= given.keys():
            raise UsageError("say which columns are x and y")
        columns = replace(columns or Columns("", ""), **given)
        write_columns(path, columns)
    for row in (head.names, *head.rows):
        print("\t".join(row))
    if columns is None:
        print(f"{path.name}: x and y are not among its columns; say which are: --columns x=COLUMN,y=COLUMN")
        return 1
    named = {item.name: getattr(columns, item.name) for item in fields(columns)}
    print("; ".join(f"{role}: {name}" for role, name in named.items() if isinstance(name, str) and name))
    assert is_table(path)
    return 0


def _convert(options: argparse.Namespace, blur: float, progress: Any) -> int:
    from salviewer.training.converting import convert
    from salviewer.training.datasets import open_dataset

    dataset = open_dataset(options.data, blur=blur)
    problems = convert(dataset, options.to, options.output, progress)
    for problem in (*dataset.problems, *problems)[:20]:
        print(problem.sentence, file=sys.stderr)
    print(json.dumps({"written": str(options.output), "pictures": len(dataset.samples) - len(problems)}))
    return 0
