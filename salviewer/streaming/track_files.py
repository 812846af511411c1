"""Tracks of a video as files: tables, JSON, and the format of the MOT challenge."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, get_args

from salviewer.media.annotations import json_text
from salviewer.media.saving import atomic_path
from salviewer.media.tables import Table, save_table
from salviewer.streaming.track_log import Tracks

TrackFormat = Literal["csv", "json", "mot"]
TRACK_FORMATS: tuple[TrackFormat, ...] = get_args(TrackFormat)
TRACK_ENDINGS: dict[TrackFormat, str] = {
    "csv": "_tracks.csv",
    "json": "_tracks.json",
    "mot": "_mot.txt",
}

_SIDES = ("left", "top", "right", "bottom")


def save_tracks(path: Path, fmt: TrackFormat, report: Tracks) -> None:
    """Write a video's tracks.

    Raises:
        ExportError: the file cannot be written.
    """
    if fmt == "csv":
        save_table(path, track_table(report))
        return
    text = mot(report) if fmt == "mot" else json_text(track_entries(report))
    with atomic_path(path) as temporary:
        temporary.write_bytes(text.encode())


def track_table(report: Tracks) -> Table:
    """Return a row per track and frame: box in fractions, confidence, share, hottest, start and end."""
    last = {point.track: point.frame for point in report.points}
    came_from = {successor: track for track, (_, successor) in report.endings.items() if successor}
    rows = []
    for point in report.points:
        events = []
        if point.begins:
            before = came_from.get(point.track)
            events.append(f"takes over from {before}" if before else "begins")
        if last[point.track] == point.frame and point.track in report.endings:
            events.append(_ended(report, point.track))
        rows.append(
            (
                point.track,
                point.frame,
                round(point.seconds, 6),
                *(round(getattr(point, side), 5) for side in _SIDES),
                round(point.confidence, 4),
                round(point.share, 6),
                int(point.hottest),
                "; ".join(events),
            )
        )
    columns = ("track", "frame", "seconds", *_SIDES, "confidence", "share", "hottest", "event")
    return Table(columns, tuple(rows))


def track_entries(report: Tracks) -> dict[str, Any]:
    """Return all tracks as JSON can store them, each with its end: "" for the end of the video."""
    tracks: dict[int, dict[str, Any]] = {}
    for point in report.points:
        track = tracks.setdefault(
            point.track,
            {"track": point.track, "ended": _ended(report, point.track), "points": []},
        )
        track["points"].append(
            {
                "frame": point.frame,
                "seconds": round(point.seconds, 6),
                "box": [round(getattr(point, side), 5) for side in _SIDES],
                "confidence": round(point.confidence, 4),
                "share": round(point.share, 6),
                "hottest": point.hottest,
            }
        )
    return {"width": report.size[0], "height": report.size[1], "tracks": list(tracks.values())}


def mot(report: Tracks) -> str:
    """Return the format of the MOT challenge: frame, id, left, top, width, height, confidence, -1, -1, -1.

    Frames are counted from 1, boxes are in pixels.
    """
    wide, high = report.size
    lines = []
    for point in report.points:
        box = (
            point.left * wide,
            point.top * high,
            (point.right - point.left) * wide,
            (point.bottom - point.top) * high,
        )
        numbers = ",".join(f"{value:.2f}" for value in box)
        lines.append(f"{point.frame + 1},{point.track},{numbers},{point.confidence:.4f},-1,-1,-1\n")
    return "".join(lines)


def _ended(report: Tracks, track: int) -> str:
    ending, successor = report.endings.get(track, ("", 0))
    return f"{ending} to {successor}" if successor else ending
