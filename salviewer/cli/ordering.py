"""The options of what ``salviewer predict`` writes of each picture."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import cast

from salviewer.batch.order import KINDS, MAP_FORMATS, PICTURE_FORMATS, Order, PictureFormat
from salviewer.cli import look
from salviewer.cli.options import UsageError, number, ranged
from salviewer.core.hotspots import MOST_HOTSPOTS, RADIUS, HotspotSettings
from salviewer.core.scene import Scene
from salviewer.media.project import Project
from salviewer.media.tables import TABLE_FORMATS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--view",
        choices=KINDS,
        action="append",
        help="what the pictures show; several, each given so, are written as STEM-VIEW"
        f" (default: {KINDS[0]})",
    )
    look.add_arguments(parser)
    parser.add_argument("--format", choices=PICTURE_FORMATS, help="of the pictures written (default: png)")
    parser.add_argument(
        "--save-map",
        choices=MAP_FORMATS,
        action="append",
        help="write the map too, at the network's resolution: STEM.npy or STEM_map.tiff (float32),"
        " STEM_map.png (16 bit) or STEM_map8.png; may be given several times",
    )
    parser.add_argument(
        "--hotspots",
        type=ranged(_wanted),
        metavar="N",
        help="write STEM_hotspots.csv: the first N places that attention goes to; or, with 80%%, as many as"
        " hold that share of it",
    )
    parser.add_argument(
        "--hotspot-radius",
        type=ranged(lambda text: HotspotSettings(radius=number(text)).radius),
        default=RADIUS,
        metavar="F",
        help="of each, in fractions of the width, 0.005 to 0.5 (default: %(default)s)",
    )
    parser.add_argument(
        "--draw-hotspots", action="store_true", help="draw them too, numbered, with the path of the gaze"
    )
    parser.add_argument(
        "--tables", choices=TABLE_FORMATS, default="csv", help="format of the tables (default: %(default)s)"
    )


def order(options: argparse.Namespace, project: Project, target: Path | None) -> Order:
    """What is written.

    Args:
        project: whose look is taken where no option says otherwise; one with pictures has its areas scored.
        target: the picture file that is asked for, whose suffix says the format; None for a folder.

    Raises:
        UsageError: options contradict each other.
    """
    hotspots: HotspotSettings | None = options.hotspots
    if options.draw_hotspots and hotspots is None:
        raise UsageError("--draw-hotspots needs --hotspots N")
    if hotspots is not None:
        hotspots = replace(hotspots, radius=options.hotspot_radius)
    settings, style = look.look(options, project)
    scene = Scene(settings=settings, style=style, hotspots=hotspots if options.draw_hotspots else None)
    return Order(
        scene=scene,
        kinds=tuple(dict.fromkeys(options.view or KINDS[:1])),
        plain=True,
        picture_format=_format(options.format, target),
        maps=tuple(dict.fromkeys(options.save_map or ())),
        hotspots=hotspots,
        areas=bool(project.pictures),
        table_format=options.tables,
    )


def _format(wanted: str | None, target: Path | None) -> PictureFormat:
    suffix = target.suffix.lower().removeprefix(".") if target else wanted or PICTURE_FORMATS[0]
    named = {"jpeg": "jpg", "tif": "tiff"}.get(suffix, suffix)
    if target and wanted not in (None, named):
        raise UsageError(f"--format {wanted} and the name {target.name} disagree")
    return cast("PictureFormat", named)


def _wanted(text: str) -> HotspotSettings:
    if text.endswith("%"):
        return HotspotSettings(MOST_HOTSPOTS, share=number(text[:-1]) / 100)
    try:
        count = int(text)
    except ValueError:
        raise ValueError(f"hotspots are a number such as 5 or a share such as 80%, not {text!r}") from None
    return HotspotSettings(count)
