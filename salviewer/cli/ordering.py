"""Options for what ``salviewer predict`` writes for each picture."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import cast, get_args

from salviewer.cli import look
from salviewer.cli.apply_common import add_find_arguments, looked_for
from salviewer.cli.apply_crop import add_crop_arguments, requests
from salviewer.cli.apply_cutout import add_cutout_arguments
from salviewer.cli.apply_describe import add_word_arguments
from salviewer.cli.apply_regions import add_region_arguments
from salviewer.cli.options import LONGEST_COUNT, UsageError, number, quoted, ranged
from salviewer.core.applications.cutouts import CutoutSettings
from salviewer.core.applications.regions import RegionSettings
from salviewer.core.applications.uses import Uses
from salviewer.core.applications.words import WordSettings
from salviewer.core.area_labels import LABELS
from salviewer.core.hotspots import MOST_HOTSPOTS, RADIUS, HotspotSettings
from salviewer.core.scene import Arrangement, Scene
from salviewer.core.views import VIEWS
from salviewer.media.map_formats import MAP_FORMATS
from salviewer.media.project import Project
from salviewer.media.tables import TABLE_FORMATS
from salviewer.results.order import PICTURE_FORMATS, Order, PictureFormat, Size, kinds


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--view",
        choices=kinds(),
        action="append",
        help="what to write; give it several times for several views, written as STEM-VIEW"
        f" (default: {kinds()[0]})",
    )
    look.add_arguments(parser)
    parser.add_argument(
        "--outline",
        action="store_true",
        help="draw the border of the part that --threshold shows, in any view",
    )
    parser.add_argument(
        "--arrangement",
        choices=get_args(Arrangement),
        default="single",
        help="the view alone, beside the bare picture, or right of a divider (default: %(default)s)",
    )
    parser.add_argument(
        "--divider",
        type=ranged(_fraction),
        metavar="F",
        help="with --arrangement swipe: the divider's place, in fractions of the width (default: 0.5)",
    )
    parser.add_argument("--format", choices=PICTURE_FORMATS, help="format of the pictures (default: png)")
    parser.add_argument(
        "--quality",
        type=ranged(lambda text: Order(quality=round(number(text))).quality),
        metavar="Q",
        help=f"quality of JPEG and WebP, 1 to 100 (default: {Order().quality})",
    )
    parser.add_argument(
        "--size",
        type=ranged(Size.parse),
        default=Size(),
        metavar="SIZE",
        help="size of the pictures: 50%%, or 1200 for a width in pixels (default: the picture's own)",
    )
    parser.add_argument(
        "--save-map",
        choices=tuple(MAP_FORMATS),
        action="append",
        help="also write the map, at the network's resolution: "
        + ", ".join(f"STEM{fmt.ending} ({fmt.title})" for fmt in MAP_FORMATS.values())
        + "; may be given several times",
    )
    parser.add_argument(
        "--hotspots",
        type=ranged(_wanted),
        metavar="N",
        help="write STEM_hotspots.csv: the first N places that get attention; or, with 80%%, as many as"
        " hold that share of it",
    )
    parser.add_argument(
        "--hotspot-radius",
        type=ranged(lambda text: HotspotSettings(radius=number(text)).radius),
        default=RADIUS,
        metavar="F",
        help="radius of a hotspot, in fractions of the width, 0.005 to 0.5 (default: %(default)s)",
    )
    parser.add_argument(
        "--draw-hotspots", action="store_true", help="also draw them, numbered, with the gaze path"
    )
    parser.add_argument(
        "--gaze-path",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="whether to draw the gaze path between them",
    )
    parser.add_argument(
        "--draw-areas", action="store_true", help="also draw a project's areas, with names and shares"
    )
    parser.add_argument(
        "--area-labels",
        choices=LABELS,
        default="both",
        help="what --draw-areas writes beside each area: nothing, its name, its share of attention, or both"
        " (default: %(default)s)",
    )
    parser.add_argument(
        "--tables", choices=TABLE_FORMATS, default="csv", help="format of the tables (default: %(default)s)"
    )
    parser.add_argument(
        "--report",
        choices=["html"],
        action="append",
        help="write STEM-report.html: one page with pictures, settings and tables",
    )
    add_use_arguments(parser.add_argument_group("uses", "Also write what `salviewer apply` makes."))


def add_use_arguments(group: argparse._ActionsContainer) -> None:
    """Declare an option for each use of a map."""
    add_crop_arguments(group, "--crop")
    add_region_arguments(group, "--save-regions", "--region-count")
    add_cutout_arguments(group, "--save-cutout")
    add_word_arguments(group, "--save-words")
    add_find_arguments(group)


def order(
    options: argparse.Namespace, project: Project, target: Path | None, *, pages: bool = False
) -> Order:
    """Return what to write, by the options.

    Args:
        project: its display settings apply where no option overrides them; its areas, if any, are scored.
        target: the requested picture file, whose suffix decides the format; None for a folder.
        pages: whether there are web pages, whose areas are written.

    Raises:
        UsageError: options contradict each other.
    """
    hotspots: HotspotSettings | None = options.hotspots
    if options.draw_hotspots and hotspots is None:
        raise UsageError("--draw-hotspots needs --hotspots N")
    if options.draw_areas and not (project.pictures or pages):
        raise UsageError("--draw-areas needs --project FILE or the address of a web page")
    if options.area_labels != "both" and not options.draw_areas:
        raise UsageError("--area-labels needs --draw-areas")
    chosen = tuple(dict.fromkeys(options.view or kinds()[:1]))
    scene = scene_of(options, project, *chosen)
    picture_format = _format(options.format, target)
    if options.quality is not None and picture_format not in ("jpg", "webp"):
        raise UsageError(f"--quality is for jpg and webp, and {picture_format} is written")
    if hotspots is not None:
        hotspots = replace(hotspots, radius=options.hotspot_radius)
    regions = RegionSettings(options.region_count) if options.region_formats else None
    cutout = CutoutSettings() if options.cutout_formats else None
    words = WordSettings() if options.word_formats else None
    return Order(
        scene=replace(scene, hotspots=hotspots if options.draw_hotspots else None),
        kinds=chosen,
        plain=True,
        picture_format=picture_format,
        quality=Order().quality if options.quality is None else options.quality,
        size=options.size,
        maps=tuple(dict.fromkeys(options.save_map or ())),
        hotspots=hotspots,
        areas=bool(project.pictures),
        area_file=pages,
        table_format=options.tables,
        reports=tuple(dict.fromkeys(options.report or ())),
        uses=Uses(requests(options), regions, cutout, words, looked_for(options)),
        region_formats=tuple(dict.fromkeys(options.region_formats or ())),
        cutout_formats=tuple(dict.fromkeys(options.cutout_formats or ())),
        word_formats=tuple(dict.fromkeys(options.word_formats or ())),
    )


def scene_of(options: argparse.Namespace, project: Project, *chosen: str) -> Scene:
    """Return a scene with the first of these views, without hotspots.

    Raises:
        UsageError: options contradict each other.
    """
    if options.divider is not None and options.arrangement != "swipe":
        raise UsageError("--divider needs --arrangement swipe")
    views = [kind for kind in chosen if kind != "picture"]
    for name in views:
        if VIEWS[name].arranged and options.arrangement != "single":
            raise UsageError(f"--view {name} has an arrangement of its own, not {options.arrangement}")
    settings, style = look.look(options, project)
    return Scene(
        view=(views or list(VIEWS))[0],
        settings=settings,
        style=style,
        outline=options.outline,
        labels=options.area_labels,
        path=options.gaze_path,
        arrangement=options.arrangement,
        divider=0.5 if options.divider is None else options.divider,
    )


def _format(wanted: str | None, target: Path | None) -> PictureFormat:
    suffix = target.suffix.lower().removeprefix(".") if target else wanted or PICTURE_FORMATS[0]
    named = {"jpeg": "jpg", "tif": "tiff"}.get(suffix, suffix)
    if target and wanted not in (None, named):
        raise UsageError(f"--format {wanted} and the name {target.name} disagree")
    return cast("PictureFormat", named)


def _fraction(text: str) -> float:
    value = number(text)
    if not 0 <= value <= 1:
        raise ValueError(f"a divider is between 0 and 1, not {text}")
    return value


def _wanted(text: str) -> HotspotSettings:
    if text.endswith("%"):
        return HotspotSettings(MOST_HOTSPOTS, share=number(text[:-1]) / 100)
    try:
        count = int(text[:LONGEST_COUNT])
    except ValueError:
        raise ValueError(
            f"hotspots are a number such as 5 or a share such as 80%, not {quoted(text)}"
        ) from None
    return HotspotSettings(count)
