"""``salviewer predict --explain X,Y``: where the saliency of one place comes from."""

from __future__ import annotations

import argparse
from pathlib import Path

from salviewer.cli.options import UsageError, number, ranged
from salviewer.cli.report import one_line
from salviewer.core.explained import draw_explained
from salviewer.errors import ExportError
from salviewer.media.images import load_picture
from salviewer.media.saving import save_picture
from salviewer.media.written import note_written
from salviewer.models.architectures import ARCHITECTURES
from salviewer.results.naming import names_a_file

DEFAULT = next(row.name for row in ARCHITECTURES.values() if row.attends)
"""The model that explains if none is named."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the option."""
    parser.add_argument(
        "--explain",
        type=ranged(_place),
        metavar="X,Y",
        help="write a picture of where the saliency of this place, in fractions of the picture such as"
        f" 0.4,0.55, comes from: the attention of {DEFAULT}, and beside it the gradient at the pixels",
    )


def run(options: argparse.Namespace) -> int:
    """Explain one place of one picture; return 0."""
    from salviewer.models.explanation import explain

    if options.project or len(options.paths) != 1 or Path(options.paths[0]).is_dir():
        raise UsageError("--explain takes one picture")
    target = Path(options.output)
    try:
        if not names_a_file(target):
            target = target / f"{Path(options.paths[0]).stem}-explained.png"
    except ExportError as error:
        raise UsageError(str(error)) from error
    picture = load_picture(options.paths[0])
    found = explain(options.model or DEFAULT, picture.pixels, options.explain)
    if target.parent != Path():
        target.parent.mkdir(parents=True, exist_ok=True)
    save_picture(target, draw_explained(picture.pixels, (found.rollout, found.gradient), options.explain))
    note_written(target)
    agree = f"attention and gradient agree with a correlation of {found.agreement:.2f}"
    print(one_line(f"{options.paths[0]} -> {target} ({agree})"))
    return 0


def _place(text: str) -> tuple[float, float]:
    parts = text.split(",")
    if len(parts) == 2:
        place = number(parts[0]), number(parts[1])
        if all(0 <= side <= 1 for side in place):
            return place
    raise ValueError(f"a place is X,Y in fractions of the picture, such as 0.4,0.55, not {text!r}")
