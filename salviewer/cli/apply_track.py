"""``salviewer apply track``: regions followed through videos, and videos reframed after attention."""

from __future__ import annotations

import argparse
from pathlib import Path

from salviewer import api
from salviewer.cli.options import UsageError, add_engine_arguments, count, number, ranged
from salviewer.cli.report import Report, counted
from salviewer.cli.video import progress_bar
from salviewer.core.applications.crops import CropRequest
from salviewer.core.applications.drawing import contact_sheet
from salviewer.core.applications.reframe import ReframeSettings
from salviewer.core.applications.tracks import TrackSettings
from salviewer.core.cues import HALF_LIFE, CueSettings
from salviewer.media.saving import save_picture
from salviewer.media.video.codecs import CODECS, QUALITY
from salviewer.media.video.opening import SourceChoice
from salviewer.models.catalog import DEFAULT_MODEL
from salviewer.results.naming import make_folder
from salviewer.streaming.track_files import TRACK_ENDINGS, TRACK_FORMATS, save_tracks
from salviewer.streaming.tracking import TrackOrder, TrackReport, track_video


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("paths", nargs="+", metavar="VIDEO", help="video files, or folders of frames")
    parser.add_argument("-o", "--output", required=True, metavar="OUT", help="folder for the results")
    parser.add_argument(
        "--write",
        choices=TRACK_FORMATS,
        action="append",
        help="tracks of each video: STEM_tracks.csv or .json, or STEM_mot.txt for MOT's tools; may"
        " be given several times (default: csv)",
    )
    parser.add_argument(
        "--count",
        type=ranged(lambda text: TrackSettings(count(text)).count),
        default=TrackSettings().count,
        metavar="N",
        help="regions followed at once, up to 10 (default: %(default)s)",
    )
    parser.add_argument(
        "--hand-over",
        type=ranged(lambda text: TrackSettings(patience=number(text)).patience),
        metavar="S",
        help="follow another region when it has had clearly more attention for S seconds (default: go on with"
        " the same, and say so)",
    )
    parser.add_argument(
        "--reframe",
        action="append",
        type=ranged(_aspect),
        metavar="A",
        help="also write STEM-9x16.mp4 and so on: a window of this aspect that follows attention;"
        " may be given several times",
    )
    parser.add_argument(
        "--speed",
        type=ranged(lambda text: ReframeSettings(speed=number(text)).speed),
        default=ReframeSettings().speed,
        metavar="F",
        help="the most that this window moves, in pictures a second (default: %(default)g)",
    )
    parser.add_argument("--codec", choices=CODECS, default=CODECS[0], help="default: %(default)s")
    parser.add_argument("--no-sound", action="store_true", help="leave out the sound")
    parser.add_argument("--frames", type=ranged(count), metavar="N", help="the first N frames")
    parser.add_argument(
        "--half-life",
        type=ranged(lambda text: CueSettings(half_life=number(text)).half_life),
        default=HALF_LIFE,
        metavar="MS",
        help="of the smoothing of maps over time, in milliseconds; 0 for none (default: %(default)g)",
    )
    parser.add_argument(
        "--sheet",
        type=Path,
        metavar="FILE",
        help="also write a contact sheet: each track where it has most attention",
    )
    add_engine_arguments(parser, DEFAULT_MODEL)


def run(options: argparse.Namespace) -> int:
    """Follow; return 0 if every video was done, else 1, with a line for each failure."""
    folder = Path(options.output)
    stems = [Path(path).stem for path in options.paths]
    if len(set(stems)) < len(stems):
        raise UsageError("two of the videos have the same name; give them in separate commands")
    formats = tuple(dict.fromkeys(options.write or TRACK_FORMATS[:1]))
    follow = TrackSettings(options.count, options.hand_over is not None, options.hand_over or 0.0)
    report = Report("video")
    predictor = api.load_model(options.model, options.device, options.engine, shared=True)
    make_folder(folder)
    tiles = []
    for path, stem in zip(options.paths, stems, strict=True):
        reframes = [ReframeSettings(aspect, options.speed) for aspect in dict.fromkeys(options.reframe or ())]
        order = TrackOrder(
            SourceChoice(path),
            follow,
            tuple((each, folder / f"{stem}-{each.name}.mp4") for each in reframes),
            CueSettings(half_life=options.half_life),
            options.codec,
            QUALITY,
            not options.no_sound,
            options.frames,
        )
        try:
            with progress_bar() as show:
                found = track_video(order, predictor, show)
            for fmt in formats:
                save_tracks(folder / (stem + TRACK_ENDINGS[fmt]), fmt, found)
        except Exception as error:  # whatever it is, it costs this video alone
            report.failed(error, order.source.shown)
            continue
        tiles += [
            (pixels, f"{stem}  {track}: {point.seconds:.1f} s  {100 * point.share:.0f} %")
            for track, (point, pixels) in sorted(found.best.items())
        ]
        names = [str(folder / (stem + TRACK_ENDINGS[fmt])) for fmt in formats]
        names += [str(target) for _, target in order.reframes]
        report.done(f"{order.source.shown} -> {', '.join(names)} ({'; '.join(_summary(found, order))})")
    if options.sheet is not None and tiles:
        save_picture(options.sheet, contact_sheet(tiles))
    return report.close(f"with {predictor.name} on {predictor.device_title}")


def _summary(found: TrackReport, order: TrackOrder) -> list[str]:
    """Say in clauses what was found."""
    tracks = {point.track for point in found.points}
    lines = [counted(len(found.seconds), "frame"), counted(len(tracks), "track")]
    if not tracks:
        lines.append("the maps are plain: there is no region to follow")
    cold = sum(not point.hottest for point in found.points)
    if cold:
        lines.append(f"not the hottest in {100 * cold / len(found.points):.0f} % of its frames")
    lines += [
        f"{CropRequest(each.aspect)} keeps {100 * path.kept.mean():.0f} % of attention"
        for (each, _), path in zip(order.reframes, found.reframed, strict=True)
    ]
    return [*lines, f"{found.took:.1f} s", *found.notes]


def _aspect(text: str) -> tuple[float, float]:
    request = CropRequest.parse(text)
    if request.aspect is None:
        raise ValueError(f"a video is reframed to an aspect such as 9:16, not {text!r}")
    return request.aspect
