"""``salviewer apply crop``: the window that keeps the most attention."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace

from salviewer.cli import apply_common
from salviewer.cli.options import UsageError, number, ranged
from salviewer.core.applications.crops import PADDING_LIMITS, CropRequest
from salviewer.core.applications.uses import Uses
from salviewer.results.applying import crop_entries
from salviewer.results.order import Order, Size


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    apply_common.add_arguments(parser, "crops")
    add_crop_arguments(parser, "--aspect", "--size")
    apply_common.size_option(parser, ranged(Size.parse))
    apply_common.add_picture_arguments(parser)
    apply_common.add_helper_arguments(parser)


def add_crop_arguments(parser: argparse._ActionsContainer, aspect: str, size: str | None = None) -> None:
    """Declare what to crop, and how."""
    parser.add_argument(
        aspect,
        dest="crops",
        action="append",
        type=ranged(CropRequest.parse),
        metavar="A",
        help="shape of a crop, such as 9:16, 1:1 or 2.39:1, or a size in pixels; may be given several times",
    )
    if size is not None:
        parser.add_argument(
            size,
            dest="crops",
            action="append",
            type=ranged(CropRequest.parse),
            metavar="WxH",
            help="size of a crop in pixels of the picture, such as 1080x1920; may be given several times",
        )
    parser.add_argument(
        "--keep",
        type=ranged(_share),
        default=1.0,
        metavar="SHARE",
        help="the smallest crop of the shape that keeps so much attention, such as 90%% (default: 100%%)",
    )
    parser.add_argument(
        "--padding",
        type=ranged(lambda text: CropRequest((1, 1), padding=number(text)).padding),
        default=0.0,
        metavar="F",
        help="margin of a crop that is kept free of what matters, in shares of its sides, up to"
        f" {PADDING_LIMITS[1]:g} (default: %(default)g)",
    )
    parser.add_argument(
        "--thirds", action="store_true", help="lay the hottest place on a crossing of the lines at a third"
    )
    parser.add_argument(
        "--cut-anything",
        action="store_true",
        help="let crops cut areas, text and objects in two (default: only where it cannot be helped)",
    )


def requests(options: argparse.Namespace) -> tuple[CropRequest, ...]:
    """Return the crops that the options ask for, each once.

    Raises:
        UsageError: an option does not fit a crop.
    """
    try:
        return tuple(
            replace(
                crop,
                keep=options.keep,
                padding=options.padding,
                thirds=options.thirds,
                whole=not options.cut_anything,
            )
            for crop in dict.fromkeys(options.crops or ())
        )
    except ValueError as error:
        raise UsageError(str(error)) from error


def run(options: argparse.Namespace) -> int:
    """Crop; return 0 if every picture was done, else 1, with a line for each failure."""
    crops = requests(options)
    if not crops:
        raise UsageError("give --aspect or --size")
    uses = Uses(crops, find=apply_common.looked_for(options))
    order = Order(kinds=(), uses=uses, use_tables=False, size=options.scale)
    order = apply_common.picture_order(options, order)
    return apply_common.run(options, order, "picture", _listing, apply_common.helpers(options))


def _listing(done: Sequence[apply_common.Made]) -> str:
    entries = [entry for picture, applied in done for entry in crop_entries(picture, applied)]
    return json.dumps(entries, ensure_ascii=False, indent=2) + "\n"


def _share(text: str) -> float:
    value = number(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    return CropRequest((1, 1), keep=value).keep
