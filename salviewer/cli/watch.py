"""``salviewer watch``: where people would look in a camera, stream or video, one line per frame."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from salviewer import api
from salviewer.cli import look, video
from salviewer.cli.options import UsageError, add_engine_arguments, count, number, ranged
from salviewer.cli.report import one_line, remark
from salviewer.cli.stopping import stop_at_interrupt
from salviewer.core.areas import Area
from salviewer.core.hotspots import RADIUS, HotspotSettings
from salviewer.media.project import Project, load_project
from salviewer.media.tables import save_table
from salviewer.media.video.opening import SourceChoice
from salviewer.models.catalog import DEFAULT_MODEL
from salviewer.streaming.feed import FeedState
from salviewer.streaming.region import RegionFollower, path_table
from salviewer.streaming.watch import Observation, Remark, WatchOrder, watch


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options; scripts rely on their names."""
    parser.add_argument(
        "source",
        metavar="SOURCE",
        help="a camera's number (0 is the first), an address (rtsp://..., http://...), a video file or a"
        " folder of numbered frames",
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
        help="the first N places that attention goes to (default: %(default)s)",
    )
    parser.add_argument(
        "--hotspot-radius",
        type=ranged(lambda text: HotspotSettings(radius=number(text)).radius),
        default=RADIUS,
        metavar="F",
        help="of each, in fractions of the width, 0.005 to 0.5 (default: %(default)s)",
    )
    parser.add_argument("--project", metavar="FILE", help="a project, whose areas of interest are measured")
    parser.add_argument(
        "--picture",
        metavar="NAME",
        help="of the project, whose areas are meant, if several pictures have some",
    )
    parser.add_argument("--follow", action="store_true", help="follow the most salient region")
    parser.add_argument("--path", metavar="FILE", help="with --follow: write its path, .csv, .tsv or .json")
    parser.add_argument("--frames", type=ranged(count), metavar="N", help="end after N frames")
    parser.add_argument(
        "--reconnect",
        type=ranged(_seconds),
        metavar="S",
        help="reopen a lost camera or stream after S seconds, then 2S ... up to 30",
    )
    parser.add_argument(
        "--size", type=ranged(_size), metavar="WxH", help="size of a camera's picture, e.g. 1280x720"
    )
    parser.add_argument(
        "--rate", type=ranged(_rate), metavar="R", help="frames per second, of a camera or a folder"
    )


def run(options: argparse.Namespace) -> int:
    """Watch; return 0 if the source ended or Ctrl+C was pressed, 1 if it failed."""
    if options.path and not options.follow:
        raise UsageError("--path needs --follow")
    project = load_project(options.project) if options.project else Project()
    for note in project.notes:
        remark(f"{options.project}: {note}; it was left out")
    order = _order(options, project)
    predictor = api.load_model(
        options.model or project.model or DEFAULT_MODEL, options.device, options.engine, shared=True
    )
    follower = RegionFollower() if options.follow else None
    say: Callable[[dict[str, Any]], str] = _json if options.jsonl else _plain
    seen = 0
    with stop_at_interrupt() as asked:
        try:
            with closing(watch(order, predictor, asked.is_set, follower)) as events:
                for event in events:
                    line = _line(event)
                    seen += isinstance(event, Observation)
                    if line is not None:
                        print(say(line), flush=True)
        finally:
            if follower is not None and options.path:
                save_table(options.path, path_table(follower.path))
        last = {"event": "end", "frames": seen, "interrupted": asked.is_set()}
        print(say(last), flush=True)
    return 0


def _order(options: argparse.Namespace, project: Project) -> WatchOrder:
    settings, _ = look.look(options, project)
    hotspots = HotspotSettings(options.hotspots, options.hotspot_radius)
    source = SourceChoice(options.source, options.size, options.rate)
    if options.reconnect is not None and not source.live:
        raise UsageError("--reconnect is for cameras and streams")
    return WatchOrder(
        source,
        settings,
        video.cues(options),
        hotspots,
        _areas(options, project),
        options.frames,
        options.reconnect,
    )


def _areas(options: argparse.Namespace, project: Project) -> tuple[Area, ...]:
    """Return the areas of the named picture, of the source itself, or of the only picture that has any."""
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


def _line(event: Observation | FeedState | Remark) -> dict[str, Any] | None:
    if isinstance(event, Observation):
        return _observed(event)
    return {"event": "note", "text": event.text} if isinstance(event, Remark) else _happened(event)


def _observed(seen: Observation) -> dict[str, Any]:
    line: dict[str, Any] = {
        "event": "frame",
        "frame": seen.frame,
        "seconds": round(seen.seconds, 4),
        "size": list(seen.size),
        "hotspots": [
            {
                "number": spot.number,
                "x": round(spot.x, 1),
                "y": round(spot.y, 1),
                "share": round(spot.share, 5),
                "peak": round(spot.peak, 5),
            }
            for spot in seen.hotspots
        ],
    }
    if seen.captured is not None:
        line["captured"] = seen.captured.isoformat(timespec="milliseconds")
        line["dropped"] = seen.dropped
    if seen.areas:
        line["areas"] = [
            {
                "name": score.area.name,
                "id": score.area.id,
                "share": round(score.share, 5),
                "density": round(score.density, 4),
                "rank": score.rank,
            }
            for score in seen.areas
        ]
    if seen.tracked is not None:
        box = seen.tracked.box
        line["region"] = {
            "track": seen.tracked.track,
            "box": [round(side, 4) for side in (box.left, box.top, box.right, box.bottom)],
            "confidence": round(seen.tracked.confidence, 3),
        }
    line["latency_ms"] = round(seen.latency, 1)
    return line


def _happened(state: FeedState) -> dict[str, Any] | None:
    match state.kind:
        case "open" if state.info is not None:
            info = state.info
            known = {"name": info.name, "kind": info.kind, "size": list(info.size), "rate": info.rate}
            return {"event": "open", **known, "frames": info.count}
        case "lost":
            return {"event": "lost", "reason": state.text, "retry_seconds": state.retry}
        case "ended" if state.text:
            return {"event": "note", "text": state.text}
    return None


def _json(line: dict[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=False)


def _plain(line: dict[str, Any]) -> str:
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
    return f"{line['frames']} frames" + (", interrupted" if line["interrupted"] else "")


def _seconds(text: str) -> float:
    return _within(text, 0.01, 3600, "a pause is 0.01 to 3600 seconds")


def _rate(text: str) -> float:
    return _within(text, 0.01, 1000, "a rate is 0.01 to 1000 frames per second")


def _within(text: str, least: float, most: float, told: str) -> float:
    value = number(text)
    if not least <= value <= most:
        raise ValueError(f"{told}, not {value:g}")
    return value


def _size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{2,5})x(\d{2,5})", text)
    if match is None:
        raise ValueError(f"a size is WIDTHxHEIGHT, such as 1280x720, not {text!r}")
    return int(match[1]), int(match[2])
