"""The work on a clip, or on a segment of one."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from salviewer.cluster import clips
from salviewer.cluster.errors import StoreError
from salviewer.cluster.failing import failure
from salviewer.cluster.job import Job
from salviewer.cluster.measured import failed_row
from salviewer.cluster.parts import DONE, Row
from salviewer.cluster.segments import Segment, local_copy, place_of
from salviewer.cluster.stores import Place
from salviewer.cluster.units import Shard, whole
from salviewer.errors import SalviewerError
from salviewer.media.video.opening import SourceChoice
from salviewer.results.naming import make_folder
from salviewer.streaming.predicts import Predicts
from salviewer.streaming.video_export import VideoOrder, export_video


def write_segment(job: Job, shard: Shard, network: Predicts) -> None:
    """Predict a segment and keep its maps; one that fails is left to the shard that joins.

    Raises:
        ExportError: the maps cannot be written.
    """
    segment = Segment(shard.first, shard.count)
    with suppress(StoreError), local_copy(Place(shard.units[0].address)) as path, _scratch() as folder:
        try:
            found = clips.maps_of(_order(job, path), segment, network, folder)
        except SalviewerError:
            return
        place_of(job.target, shard.id).write(found.read_bytes())


def clip_row(job: Job, shard: Shard, network: Predicts) -> Row:
    """Write a clip, from the maps of its segments where they are all there; return its row."""
    unit = shard.units[0]
    try:
        with local_copy(Place(unit.address)) as path, _folder(job) as folder:
            files = {what: folder / name for what, name in unit.files}
            for parent in {file.parent for file in files.values()}:
                make_folder(parent)
            order = replace(_order(job, path), target=files["video"], maps=files.get("maps"))
            source: Predicts = network
            with suppress(StoreError):
                if places := _places(job, shard):
                    order = clips.joined(order, places)
                    source = clips.ReadyMaps(places, network)
            report = export_video(order, source)
            if job.target.local is None:
                for _, name in unit.files:
                    job.target.below(name).write((folder / name).read_bytes())
    except Exception as error:  # whatever it is, it costs this clip alone
        return failure(unit, error)
    note = "; ".join(filter(None, (f"{report.frames} frames", report.encoder, *report.notes)))
    names = [name for _, name in unit.files]
    return failed_row(unit.shown, DONE, "") | {"note": note, "files": names, "model": network.name}


def remove_segments(job: Job, shard: Shard) -> None:
    """Remove the maps of a clip's segments, which are in its results now."""
    for place in _places(job, shard):
        with suppress(StoreError):
            place.remove()


def _places(job: Job, shard: Shard) -> list[Place]:
    found = []
    for first, count in shard.segments:
        part = whole(shard.units, job.settings, "segment", "", 0, first, count)
        found.append(place_of(job.target, part.id))
    return found


def _order(job: Job, path: Path) -> VideoOrder:
    assert job.video is not None
    return replace(job.video, source=SourceChoice(str(path)))


@contextmanager
def _folder(job: Job) -> Iterator[Path]:
    """Yield the target, or where results wait for it."""
    if (local := job.target.local) is not None:
        yield local
        return
    with _scratch() as scratch:
        yield scratch


@contextmanager
def _scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="salviewer-", ignore_cleanup_errors=True) as scratch:
        yield Path(scratch)
