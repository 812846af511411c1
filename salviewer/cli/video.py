"""Write videos, for ``salviewer predict``."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from salviewer import api
from salviewer.addresses import is_address, is_screen, stem_of
from salviewer.cli import ordering, sources
from salviewer.cli.options import UsageError, count, number, ranged
from salviewer.cli.report import Report, counted
from salviewer.cli.stopping import stop_at_interrupt
from salviewer.core.applications.tracks import MOST_TRACKS, TrackSettings
from salviewer.core.cues import HALF_LIFE, CueSettings
from salviewer.core.fusion import FusionWeights
from salviewer.media.map_formats import MAP_FORMATS
from salviewer.media.project import Project
from salviewer.media.tables import TABLE_FORMATS
from salviewer.media.text import missing_note
from salviewer.media.video.codecs import CODECS, QUALITY, VIDEO_EXPORT_SUFFIXES
from salviewer.media.video.opening import SourceChoice
from salviewer.media.video_suffixes import is_video
from salviewer.models.catalog import DEFAULT_MODEL
from salviewer.results.naming import FILE_SUFFIXES, make_folder
from salviewer.results.order import Size, kinds
from salviewer.streaming.detector import FUNCTION
from salviewer.streaming.track_files import TRACK_ENDINGS, TRACK_FORMATS
from salviewer.streaming.video_export import VideoOrder, VideoProgress, VideoReport, export_video

if TYPE_CHECKING:
    from salviewer.core.scene import Scene
    from salviewer.models.predictor import Predictor


DETECTOR_WEIGHT = 0.5
"""Weight of objects if a detector is given without a weight."""


def add_cue_arguments(parser: argparse._ActionsContainer) -> None:
    """Declare options for combining maps: ``--half-life``, ``--motion``, ``--regions``, ``--detector``."""
    parser.add_argument(
        "--half-life",
        type=ranged(lambda text: CueSettings(half_life=number(text)).half_life),
        default=HALF_LIFE,
        metavar="MS",
        help="half-life of the smoothing over time, in milliseconds; 0 for none (default: %(default)g)",
    )
    parser.add_argument(
        "--motion",
        type=ranged(lambda text: FusionWeights(motion=number(text)).motion),
        default=0.0,
        metavar="W",
        help="weight of independently moving things, 0 to 1; the network's is 1 (default: %(default)g)",
    )
    parser.add_argument(
        "--regions",
        type=ranged(lambda text: FusionWeights(regions=number(text)).regions),
        default=0.0,
        metavar="W",
        help="weight of object proposals, 0 to 1 (default: %(default)g)",
    )
    parser.add_argument(
        "--detector",
        default="",
        metavar="FILE.py[:FUNCTION]",
        help="use as object proposals the boxes (x, y, width, height[, weight]), in pixels, that this"
        f" function ({FUNCTION}, if none is named) returns for a frame, uint8 (h, w, 3) sRGB; the file is"
        f" executed; with --regions 0 their weight is {DETECTOR_WEIGHT:g}",
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options for videos."""
    group = parser.add_argument_group(
        "videos",
        "Videos, addresses of streams, or a folder of frames with -o FILE, which ends in"
        f" {', '.join(VIDEO_EXPORT_SUFFIXES)}.",
    )
    group.add_argument(
        "--codec",
        choices=CODECS,
        default=CODECS[0],
        help="auto: H.264 where the system has an encoder, else VP9 (default: %(default)s)",
    )
    group.add_argument(
        "--video-quality",
        type=ranged(_quality),
        default=QUALITY,
        metavar="Q",
        help="1 to 100 (default: %(default)s)",
    )
    group.add_argument("--no-sound", action="store_true", help="leave out the sound")
    group.add_argument(
        "--frames", type=ranged(count), metavar="N", help="write only the first N frames; a stream ends then"
    )
    group.add_argument(
        "--save-tracks",
        choices=TRACK_FORMATS,
        action="append",
        help="also follow the hottest region, as `salviewer apply track` does: "
        + ", ".join(f"STEM{ending}" for ending in TRACK_ENDINGS.values())
        + "; may be given several times",
    )
    group.add_argument(
        "--track-count",
        type=ranged(lambda text: TrackSettings(count(text)).count),
        default=TrackSettings().count,
        metavar="N",
        help=f"regions that --save-tracks follows at once, up to {MOST_TRACKS} (default: %(default)s)",
    )
    sources.add_arguments(group, size=False)
    add_cue_arguments(group)


def cues(options: argparse.Namespace) -> CueSettings:
    """Return the values of the options of `add_cue_arguments`."""
    regions = options.regions or (DETECTOR_WEIGHT if options.detector else 0.0)
    weights = FusionWeights(motion=options.motion, regions=regions)
    return CueSettings(weights, options.half_life, options.detector)


def wanted(options: argparse.Namespace, pages: Collection[str] = ()) -> bool:
    """Return whether the paths are videos.

    Args:
        pages: addresses that are no streams.

    Raises:
        UsageError: some are and some are not.
    """
    to_video = Path(options.output).suffix.lower() in VIDEO_EXPORT_SUFFIXES
    found = [path for path in options.paths if path not in pages]
    videos = [path for path in found if is_video(path) or is_address(path)]
    if options.frames:  # of a part of the screen; without it, a still is taken
        videos += [path for path in found if is_screen(path)]
    if to_video and len(options.paths) == 1:
        return True
    if videos and len(videos) < len(options.paths):
        raise UsageError("give pictures and videos in separate commands")
    return bool(videos)


def wanted_on_cluster(options: argparse.Namespace) -> bool:
    """Return whether the paths and addresses are files of videos.

    Raises:
        UsageError: some are and some are not.
    """
    videos = [path for path in options.paths if is_video(path.partition("?")[0])]
    if videos and len(videos) < len(options.paths):
        raise UsageError("give pictures and videos in separate commands")
    return bool(videos)


def cluster_order(options: argparse.Namespace) -> VideoOrder:
    """Return how each video is written, for any source; of the names only the endings count.

    Raises:
        UsageError: an option does not apply.
    """
    if options.save_tracks:
        raise UsageError("--save-tracks is not for --cluster")
    return _orders(argparse.Namespace(**vars(options) | {"paths": ["video"], "output": "."}))[0]


def run(options: argparse.Namespace) -> int:
    """Write the videos; return 0 if all were written, else 1, with a line for each failure."""
    orders = _orders(options)
    report = Report("video")
    predictor = api.load_model(options.model or DEFAULT_MODEL, options.device, options.engine, shared=True)
    for order in orders:
        try:
            done = _write(order, predictor)
        except Exception as error:  # any error costs only this video
            report.failed(error, order.source.shown)
            continue
        tracks = [path for _, path in order.tracks]
        written = ", ".join(str(path) for path in (order.target, order.maps, *tracks) if path)
        rate = f"{done.frames / max(done.seconds, 1e-3):.1f} frames/s"
        details = [
            counted(done.frames, "frame"),
            f"{done.seconds:.1f} s, {rate}",
            done.encoder,
            *done.notes,
            missing_note(),
        ]
        report.done(f"{order.source.shown} -> {written} ({'; '.join(filter(None, details))})")
        if done.error is not None:
            report.failed(done.error, order.source.shown)
    return report.close(f"with {predictor.name} on {predictor.device_title}")


def _write(order: VideoOrder, predictor: Predictor) -> VideoReport:
    with progress_bar() as show:
        if not order.source.live:
            return export_video(order, predictor, show)
        with stop_at_interrupt() as asked:
            return export_video(order, predictor, show, asked.is_set)


@contextmanager
def progress_bar() -> Iterator[Callable[[VideoProgress], None]]:
    """Show progress with the time left, on a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda progress: None
        return
    columns = (TextColumn("Frames"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, redirect_stdout=False) as bar:
        task = bar.add_task("Frames", total=None)
        yield lambda progress: bar.update(task, completed=progress.done, total=progress.total)


_FOR_PICTURES = (
    "--project",
    "--crop",
    "--save-regions",
    "--save-cutout",
    "--save-words",
    "--summary",
    "--skip-done",
    "--keep-existing",
    "--report",
    "--draw-areas",
)

_KEPT_AS = {
    "--crop": "crops",
    "--save-regions": "region_formats",
    "--save-cutout": "cutout_formats",
    "--save-words": "word_formats",
}


def _refuse_for_pictures(options: argparse.Namespace) -> None:
    """Refuse options that do not apply to a video, instead of ignoring them."""
    for name in _FOR_PICTURES:
        if getattr(options, _KEPT_AS.get(name, name.removeprefix("--").replace("-", "_"))):
            raise UsageError(f"{name} is for pictures, not for videos")
    if options.quality is not None:
        raise UsageError("--quality is for pictures; that of a video is --video-quality")
    if options.size != Size():
        raise UsageError("--size is for pictures; a video keeps its size")
    if options.tables != TABLE_FORMATS[0]:
        raise UsageError("--tables is for pictures; of a video, `salviewer watch --jsonl` tells the numbers")


def _orders(options: argparse.Namespace) -> list[VideoOrder]:
    _refuse_for_pictures(options)
    if options.hotspots is not None and not options.draw_hotspots:
        raise UsageError(
            "of a video, `salviewer watch --jsonl` tells the hotspots; --draw-hotspots draws them"
        )
    output = Path(options.output)
    named = output.suffix.lower() in VIDEO_EXPORT_SUFFIXES
    if named and len(options.paths) > 1:
        raise UsageError(f"{output} is one file and cannot take several videos; give a folder after -o")
    fmt = options.format
    if fmt not in (None, "png"):
        raise UsageError("frames of a video are written as a video or with --format png")
    if not named and output.suffix.lower() in FILE_SUFFIXES and not output.is_dir():
        raise UsageError(
            f'{output}: "{output.suffix}" is not a format in which this program writes videos; choose'
            f" {', '.join(VIDEO_EXPORT_SUFFIXES)}, or a folder"
        )
    if not named:
        make_folder(output)
    plan = VideoOrder(
        SourceChoice(""),
        None,
        scene=_scene(options),
        cues=cues(options),
        codec=options.codec,
        quality=options.video_quality,
        sound=not options.no_sound,
        frames=options.frames,
        retry=options.reconnect,
        track=TrackSettings(options.track_count),
    )
    formats = tuple(dict.fromkeys(options.save_tracks or ()))
    orders = []
    for path in options.paths:
        stem = stem_of(path) if is_address(path) or is_screen(path) else Path(path).stem or "stream"
        target = output if named else output / (stem if fmt == "png" else f"{stem}.mp4")
        beside = target.parent / target.stem
        maps = _maps(options.save_map, beside)
        tracks = tuple((each, beside.with_name(beside.name + TRACK_ENDINGS[each])) for each in formats)
        source = sources.choice(path, options)
        orders.append(replace(plan, source=source, target=target, maps=maps, tracks=tracks))
    names = [order.target for order in orders]
    if len(set(names)) < len(names):
        raise UsageError("two of the videos have the same name; give them in separate commands")
    return orders


def _scene(options: argparse.Namespace) -> Scene:
    views = tuple(dict.fromkeys(options.view or kinds()[:1]))
    if len(views) > 1:
        raise UsageError("a video is written in one view; run once for each")
    if views[0] == "picture":
        raise UsageError("--view picture of a video would be a copy of it")
    if options.draw_hotspots and options.hotspots is None:
        raise UsageError("--draw-hotspots needs --hotspots N")
    scene = ordering.scene_of(options, Project(), views[0])
    if options.draw_hotspots:
        scene = replace(scene, hotspots=replace(options.hotspots, radius=options.hotspot_radius))
    return scene


def _maps(save_map: str | list[str] | None, beside: Path) -> Path | None:
    kinds = [save_map] if isinstance(save_map, str) else list(save_map or ())
    if not kinds:
        return None
    ending = MAP_FORMATS[kinds[0]].video_ending
    if len(kinds) > 1 or not ending:
        raise UsageError("--save-map of a video is npy, which writes an NPZ, or png16, a folder")
    return beside.with_name(beside.name + ending)


def _quality(text: str) -> int:
    value = count(text)
    if value > 100:
        raise ValueError(f"quality is 1 to 100, not {value}")
    return value
