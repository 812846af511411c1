"""Where a clip is cut into segments: at key frames, with nothing decoded."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from salviewer.cluster.stores import Place
from salviewer.errors import SourceError
from salviewer.media.video.libav import load_av

SEGMENTS = "salviewer-segments"
"""Folder below the target, for maps of segments; empty at the end."""

LEAST = 600
"""Frames of a segment, at least."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Some frames of a clip, from a key frame on.

    Attributes:
        first, count: which frames.
    """

    first: int
    count: int


@contextmanager
def local_copy(place: Place) -> Iterator[Path]:
    """Yield the path of a file on this machine: its own, or that of a copy for as long as the block lasts.

    Raises:
        StoreError: the store does not give it.
    """
    if (path := place.local) is not None:
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="salviewer-", ignore_cleanup_errors=True) as scratch:
        path = Path(scratch) / place.name
        place.fetch(path)
        yield path


def segments_of(path: Path, least: int = LEAST) -> list[Segment]:
    """Cut a clip at key frames; a short one, or one without key frames, stays whole. Decodes nothing.

    Raises:
        SourceError: it cannot be read.
    """
    av = load_av()
    times: list[int] = []
    keys: list[int] = []
    try:
        with av.open(str(path), metadata_errors="replace") as container:
            for packet in container.demux(container.streams.video[0]):
                if packet.size and packet.pts is not None and not packet.is_discard:
                    times.append(packet.pts)
                    if packet.is_keyframe:
                        keys.append(packet.pts)
    except (av.error.FFmpegError, OSError, IndexError) as error:
        raise SourceError(path, f"it cannot be read ({error})") from error
    order = np.sort(np.asarray(times, np.int64))
    starts = [0]
    for index in np.searchsorted(order, sorted(keys)).tolist():
        if index - starts[-1] >= least and len(order) - index >= least // 2:
            starts.append(index)
    ends = [*starts[1:], len(order)]
    return [Segment(first, end - first) for first, end in zip(starts, ends, strict=True)]


def place_of(target: Place, shard: str) -> Place:
    """Return where the maps of a segment are kept, by its shard's id."""
    return target.below(f"{SEGMENTS}/{shard}.npz")
