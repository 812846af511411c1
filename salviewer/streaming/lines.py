"""Build the lines of ``salviewer watch --jsonl`` as dictionaries; docs/watch.schema.json has all fields."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from salviewer.core.following import Tracked
from salviewer.core.hotspots import Hotspot
from salviewer.streaming.feed import FeedState
from salviewer.streaming.watch import Observation, Remark

Line = dict[str, Any]


def line_of(event: Observation | FeedState | Remark) -> Line | None:
    """Return the line for an event; None if it has none."""
    if isinstance(event, Observation):
        return _observed(event)
    if isinstance(event, Remark):
        return _now("note") | {"text": event.text}
    match event.kind:
        case "open" if event.info is not None:
            info = event.info
            known = {"name": info.name, "kind": info.kind, "size": list(info.size), "rate": info.rate}
            return _now("open") | known | {"frames": info.count}
        case "lost":
            return _now("lost") | {"reason": event.text, "retry_seconds": event.retry}
        case "ended" | "note" if event.text:
            return _now("note") | {"text": event.text}
    return None


def end_line(frames: int, interrupted: bool, error: str | None = None) -> Line:
    """Return the last line.

    Args:
        frames: number of observed frames.
        interrupted: whether the user or the system ended it.
        error: the error that ended it, a sentence; None if nothing failed.
    """
    return _now("end") | {"frames": frames, "interrupted": interrupted, "error": error}


def _now(event: str) -> Line:
    return {"event": event, "time": _iso(datetime.now(UTC)), "monotonic": round(time.monotonic(), 6)}


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


def _observed(seen: Observation) -> Line:
    line: Line = {
        "event": "frame",
        "time": _iso(seen.wall),
        "monotonic": round(seen.monotonic, 6),
        "frame": seen.frame,
        "seconds": round(seen.seconds, 4),
        "connection": seen.connection,
        "source_seconds": None if seen.source_seconds is None else round(seen.source_seconds, 6),
        "source_clock": seen.source_clock or None,
        "source_time": (
            None if seen.source_utc is None else _iso(datetime.fromtimestamp(seen.source_utc, UTC))
        ),
        "size": list(seen.size),
        "hotspots": [_spot(spot, seen.size) for spot in seen.hotspots],
    }
    if seen.captured is not None:
        line["captured"] = _iso(seen.captured)
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
        line["region"] = _region(seen.tracked, seen.size)
    line["latency_ms"] = round(seen.latency, 1)
    return line


def _spot(spot: Hotspot, size: tuple[int, int]) -> Line:
    width, height = size
    pixels = [round(spot.x, 1), round(spot.y, 1)]
    return {
        "number": spot.number,
        "x": pixels[0],
        "y": pixels[1],
        "pixels": pixels,
        "fractions": [round(spot.x / width, 5), round(spot.y / height, 5)],
        "share": round(spot.share, 5),
        "peak": round(spot.peak, 5),
    }


def _region(tracked: Tracked, size: tuple[int, int]) -> Line:
    width, height = size
    box = (tracked.box.left, tracked.box.top, tracked.box.right, tracked.box.bottom)
    fractions = [round(side, 5) for side in box]
    return {
        "track": tracked.track,
        "box": fractions,
        "pixels": [round(side * full, 1) for side, full in zip(box, (width, height) * 2, strict=True)],
        "fractions": fractions,
        "confidence": round(tracked.confidence, 3),
    }
