"""``salviewer watch``: report where people would look in a camera, stream or video, one line per frame."""

from __future__ import annotations

import argparse
import json
from contextlib import ExitStack, closing, suppress
from pathlib import Path

from salviewer import api
from salviewer.cli import look, sources, video
from salviewer.cli.options import UsageError, add_engine_arguments, count, number, ranged
from salviewer.cli.report import counted, one_line, remark, sentence
from salviewer.cli.stopping import stop_at_interrupt
from salviewer.core.areas import Area
from salviewer.core.hotspots import RADIUS, HotspotSettings
from salviewer.media.project import Project, load_project
from salviewer.media.saving import remove_leftovers
from salviewer.media.tables import check_table, save_table
from salviewer.models.catalog import DEFAULT_MODEL
from salviewer.streaming.lines import Line, end_line, line_of
from salviewer.streaming.publishing import open_publisher
from salviewer.streaming.region import RegionFollower, path_table
from salviewer.streaming.watch import Observation, WatchOrder, watch


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options; scripts rely on their names."""
    parser.add_argument(
        "source",
        metavar="SOURCE",
        help="a camera's number (0 is the first), an address (rtsp://..., http://...), a video file, a"
        " folder of numbered frames, or a part of the screen (screen:X,Y,W,H in pixels)",
    )
    parser.add_argument("--jsonl", action="store_true", help="one JSON object per line, for programs")
    add_engine_arguments(parser, DEFAULT_MODEL)
    parser.set_defaults(model=None)
    look.add_smoothing(parser)
    video.add_cue_arguments(parser)
    parser.add_argument(
        "--hotspots",
        type=ranged(lambda text: HotspotSettings(count(text)).count),
        default=3,
        metavar="N",
        help="report the first N places that get attention (default: %(default)s)",
    )
    parser.add_argument(
        "--hotspot-radius",
        type=ranged(lambda text: HotspotSettings(radius=number(text)).radius),
        default=RADIUS,
        metavar="F",
        help="radius of a hotspot, in fractions of the width, 0.005 to 0.5 (default: %(default)s)",
    )
    parser.add_argument("--project", metavar="FILE", help="a project with areas of interest to measure")
    parser.add_argument(
        "--picture",
        metavar="NAME",
        help="picture of the project whose areas to use, if several pictures have areas",
    )
    parser.add_argument("--follow", action="store_true", help="follow the most salient region")
    parser.add_argument("--path", metavar="FILE", help="with --follow: write its path, .csv, .tsv or .json")
    parser.add_argument("--frames", type=ranged(count), metavar="N", help="end after N frames")
    parser.add_argument(
        "--max-rate",
        type=ranged(sources.rate),
        metavar="R",
        help="at most R lines per second; frames between are left out",
    )
    parser.add_argument(
        "--publish",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="also send the lines of --jsonl to mqtt://HOST[:PORT][/TOPIC] (extra mqtt) or zmq://*:PORT"
        " (extra zmq); may be given several times",
    )
    sources.add_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Watch; return 0 if the source ended or Ctrl+C was pressed, 1 if it failed."""
    if options.path and not options.follow:
        raise UsageError("--path needs --follow")
    if options.path:  # written at the very end
        check_table(options.path)
    project = load_project(options.project) if options.project else Project()
    for note in project.notes:
        remark(f"{options.project}: {note}; it was left out")
    order = _order(options, project)
    predictor = api.load_model(
        options.model or project.model or DEFAULT_MODEL, options.device, options.engine, shared=True
    )
    follower = RegionFollower() if options.follow else None
    seen, begun = 0, False
    with stop_at_interrupt() as asked, ExitStack() as stack:
        publishers = [
            stack.enter_context(closing(open_publisher(address, remark))) for address in options.publish
        ]

        def say(line: Line) -> None:
            for publisher in publishers:
                publisher.send(_json(line))
            print(_json(line) if options.jsonl else _plain(line), flush=True)

        error: str | None = None
        try:
            with closing(watch(order, predictor, asked.is_set, follower)) as events:
                for event in events:
                    seen += isinstance(event, Observation)
                    line = line_of(event)
                    if line is not None:
                        begun = True
                        say(line)
        except Exception as failure:
            error = sentence(failure)
            raise
        finally:
            if follower is not None and options.path:
                remove_leftovers(Path(options.path).absolute().parent)
                save_table(options.path, path_table(follower.path))
            if begun or error is None:  # in any case, readers of lines learn that it is over
                with suppress(BrokenPipeError):
                    say(end_line(seen, asked.is_set(), error))
    return 0


def _order(options: argparse.Namespace, project: Project) -> WatchOrder:
    settings, _ = look.look(options, project)
    hotspots = HotspotSettings(options.hotspots, options.hotspot_radius)
    source = sources.choice(options.source, options, options.size)
    return WatchOrder(
        source,
        settings,
        video.cues(options),
        hotspots,
        _areas(options, project),
        options.frames,
        options.reconnect,
        options.max_rate,
    )


def _areas(options: argparse.Namespace, project: Project) -> tuple[Area, ...]:
    """Return the areas of the named picture, of the source itself, or of the only picture with areas."""
    if options.picture and not options.project:
        raise UsageError("--picture needs --project FILE")
    having = [picture for picture in project.pictures if picture.areas]
    if options.picture:
        having = [picture for picture in having if options.picture in (picture.path.name, str(picture.path))]
        if not having:
            raise UsageError(f"no picture {options.picture!r} of the project has areas")
        return having[0].areas
    own = [picture.areas for picture in having if picture.path == Path(options.source).absolute()]
    if own:
        return own[0]
    if len(having) > 1:
        names = ", ".join(picture.path.name for picture in having)
        raise UsageError(f"several pictures of the project have areas; name one with --picture: {names}")
    if options.project and not having:
        raise UsageError("no picture of the project has areas")
    return having[0].areas if having else ()


def _json(line: Line) -> str:
    return json.dumps(line, ensure_ascii=False)


def _plain(line: Line) -> str:
    match line["event"]:
        case "frame":
            spots = ", ".join(
                f"({spot['x']:.0f}, {spot['y']:.0f}) {spot['share']:.0%}" for spot in line["hotspots"]
            )
            parts = [f"{line['seconds']:9.3f} s", f"frame {line['frame']}", spots]
            parts += [f"{area['name']} {area['share']:.1%}" for area in line.get("areas", ())]
            if "region" in line:
                parts.append(f"region {line['region']['track']} at {line['region']['box']}")
            return one_line("  ".join(parts))
        case "open":
            rate = f", {line['rate']:g} frames/s" if line["rate"] else ""
            return one_line(f"{line['name']}: {line['size'][0]} x {line['size'][1]}{rate}")
        case "lost":
            again = line["retry_seconds"]
            return one_line(line["reason"] + (f"; once more in {again:g} s" if again else ""))
        case "note":
            return one_line(line["text"])
    how = ", interrupted" if line["interrupted"] else ", ended by an error" if line["error"] else ""
    return f"{counted(line['frames'], 'frame')}{how}"
