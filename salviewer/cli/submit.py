"""``salviewer submit``: log densities of pictures, as the MIT/Tuebingen benchmark takes them."""

from __future__ import annotations

import argparse
from pathlib import Path

from salviewer.cli.options import UsageError, add_engine_arguments
from salviewer.cli.report import counted, remark
from salviewer.models.catalog import DEFAULT_MODEL


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options; scripts rely on their names."""
    parser.add_argument(
        "data", type=Path, metavar="DIR", help="MIT300, CAT2000's test part, or any other folder of pictures"
    )
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.hdf5", help="what to write")
    add_engine_arguments(parser, DEFAULT_MODEL)


def run(options: argparse.Namespace) -> int:
    """Predict and write; return 0 on success."""
    from rich.console import Console
    from rich.progress import Progress

    from salviewer.interop.submission import write_submission
    from salviewer.media.saving import check_target
    from salviewer.models.loading import load_model

    if options.output.suffix.lower() not in {".hdf5", ".h5"}:
        raise UsageError(f"the name of a submission ends in .hdf5, not {options.output.name}")
    check_target(options.output)
    predictor = load_model(options.model, options.device, options.engine)
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("predicting")
        count = write_submission(
            predictor,
            options.data,
            options.output,
            lambda done, total: bar.update(task, completed=done, total=total),
        )
    remark(predictor.note)
    print(f"{options.output}: log densities of {counted(count, 'picture')}")
    return 0
