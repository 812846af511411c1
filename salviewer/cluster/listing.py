"""Lists the shards of a run, in the process of its ledger, beside the program that started it."""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from salviewer.cluster import parts
from salviewer.cluster.job import Job
from salviewer.cluster.segments import SEGMENTS
from salviewer.cluster.sources import shards
from salviewer.cluster.units import Shard
from salviewer.errors import SalviewerError

SINGLE = 200
"""Shards that are sent one by one, so that all workers soon have work."""
PACKED = 8
"""Shards of each row after them: Ray takes some milliseconds for a row, whatever it holds."""

_EVERY = 1.0  # seconds between two reports of the number of names listed


def list_shards(job: Job, closed: set[str], begun: set[str], report: Callable[..., None]) -> Iterator[bytes]:
    """List the shards that are still to be done, as rows for workers.

    Args:
        closed, begun: shards that this run, before a fault, was done with, or began and did not end.
        report: is told how far this is, as `Ledger.listed`.
    """
    listed: dict[str, Any] = {"pictures": 0, "before": 0, "complete": False}
    try:
        found = parts.found(job, job.measurements.names())
        complete = {part.shard for part in found.values() if part.complete}
        before = complete - closed - begun
        partly = {part.shard for part in found.values() if not part.complete} | begun
        seen: set[str] = set()
        due = 0.0
        maps = set(job.target.below(SEGMENTS).names()) if job.video is not None else set()
        joins = []
        waiting: list[Shard] = []
        packed: list[Shard] = []
        rows = 0
        for shard in shards(job):
            if shard.kind == "segment":
                waiting.append(shard)
                continue
            seen.add(shard.id)
            if shard.kind == "join" and shard.id not in before and shard.id not in closed:
                joins.append(row_of([shard.resuming(shard.id in partly)]))
                todo = [each for each in waiting if f"{each.id}.npz" not in maps]
                yield from (row_of([each]) for each in todo)
                waiting = []
                listed["pictures"] += 1
                continue
            waiting = []
            listed["pictures"] += shard.pictures
            if shard.id in before:
                listed["before"] += shard.pictures
            elif shard.id not in closed:
                packed.append(shard.resuming(shard.id in partly or rows >= SINGLE))
                if len(packed) >= (1 if rows < SINGLE else PACKED):
                    yield row_of(packed)
                    packed = []
                    rows += 1
            if time.monotonic() >= due:
                report(**listed)
                due = time.monotonic() + _EVERY
        if packed:
            yield row_of(packed)
        stale = [name for name, part in found.items() if part.shard not in seen]
        stale += [name for name, part in found.items() if not part.complete and part.shard in complete]
        listed |= {"complete": True, "stale": stale, "joins": joins}
    except SalviewerError as error:
        listed["error"] = str(error)
    report(**listed)


def row_of(some: Sequence[Shard]) -> bytes:
    """Return what travels to a worker."""
    return pickle.dumps(list(some))
