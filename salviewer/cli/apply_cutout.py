"""``salviewer apply cutout``: what the map points at, without what is behind it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from salviewer.cli import apply_common
from salviewer.cli.options import count, number, ranged
from salviewer.core.applications.cutouts import Click, CutoutSettings
from salviewer.core.applications.uses import Uses
from salviewer.media.annotations import json_text
from salviewer.results.order import CUTOUT_FORMATS, Order


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    apply_common.add_arguments(parser, "cut-outs")
    add_cutout_arguments(parser, "--write", default=["png"])
    parser.add_argument(
        "--count",
        dest="cutout_count",
        type=ranged(lambda text: CutoutSettings(count(text)).count),
        default=CutoutSettings().count,
        metavar="N",
        help="cut out so many regions together, the most promising first (default: %(default)s)",
    )
    parser.add_argument(
        "--soft",
        dest="cutout_soft",
        type=ranged(lambda text: CutoutSettings(softness=number(text)).softness),
        default=CutoutSettings().softness,
        metavar="PX",
        help="width of soft edges in pixels, 0 to 20; 0 for hard ones (default: %(default)g)",
    )
    for name, belongs, text in (
        ("--belongs", True, "belongs to the thing"),
        ("--not", False, "does not belong to it"),
    ):
        parser.add_argument(
            name,
            dest="clicks",
            action="append",
            type=ranged(lambda text, belongs=belongs: _click(text, belongs)),  # type: ignore[misc]
            metavar="X,Y",
            help=f"a correction: this place, in fractions of the picture such as 0.4,0.55, {text};"
            " may be given several times",
        )


def add_cutout_arguments(
    parser: argparse._ActionsContainer, write: str, default: list[str] | None = None
) -> None:
    """Declare in what formats cut-outs are written."""
    parser.add_argument(
        write,
        dest="cutout_formats",
        choices=CUTOUT_FORMATS,
        action="append",
        help="STEM-cutout.png with transparency, STEM-mask.png, or polygons for labelme (STEM-cutout.json);"
        " may be given several times" + (f" (default: {', '.join(default)})" if default else ""),
    )


def run(options: argparse.Namespace) -> int:
    """Cut out; return 0 if every picture was done, else 1, with a line for each failure."""
    settings = CutoutSettings(options.cutout_count, options.cutout_soft, tuple(options.clicks or ()))
    formats = tuple(dict.fromkeys(options.cutout_formats or ["png"]))
    order = Order(kinds=(), uses=Uses(cutout=settings), cutout_formats=formats)
    return apply_common.run(options, order, "picture", _listing)


def _listing(done: Sequence[apply_common.Made]) -> str:
    entries = []
    for picture, applied in done:
        cutout = applied.cutout
        polygons = cutout.polygons if cutout else ()
        entries.append(
            {
                "picture": picture,
                "share": round(cutout.share, 6) if cutout else 0.0,
                "size": round(float((cutout.alpha / 255).mean()), 6) if cutout else 0.0,
                "polygons": [[list(point) for point in polygon] for polygon in polygons],
            }
        )
    return json_text(entries)


def _click(text: str, belongs: bool) -> Click:
    parts = text.split(",")
    if len(parts) != 2:
        raise ValueError(f"a place is X,Y in fractions of the picture, such as 0.4,0.55, not {text!r}")
    click = Click(number(parts[0]), number(parts[1]), belongs)
    CutoutSettings(clicks=(click,))
    return click
