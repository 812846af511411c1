"""Runs a job on a cluster: listing, workers and markers, as one dataset of Ray Data."""

from __future__ import annotations

import pickle
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from salviewer.cluster import parts, versions
from salviewer.cluster.clips import SEGMENTS
from salviewer.cluster.errors import ClusterError, StoreError
from salviewer.cluster.job import Job
from salviewer.cluster.ledger import Ledger
from salviewer.cluster.ray_library import node_affinity, small_blocks
from salviewer.cluster.sources import shards
from salviewer.cluster.units import Shard
from salviewer.cluster.worker import Worker
from salviewer.errors import SalviewerError

PROCESSORS = 4
"""Processors of one worker: its threads share one interpreter, which more would not keep busy."""

SINGLE = 200
"""Shards that are sent one by one, so that all workers soon have work."""
PACKED = 8
"""Shards of each row after them: Ray takes some milliseconds for a row, whatever it holds."""

_EVERY = 1.0  # seconds between two questions for the number of names listed


@dataclass(slots=True)
class Progress:
    """Progress of a run.

    Attributes:
        done, failed, again: pictures of this run; those of "again" failed for a reason that may pass.
        before: pictures that an earlier run did.
        listed: pictures found so far; all of them once `complete`.
        nodes: how many there were at the beginning.
        seconds: since the workers were asked for.
        sentences: of the failures since the last time this was given.
    """

    done: int = 0
    failed: int = 0
    again: int = 0
    before: int = 0
    listed: int = 0
    complete: bool = False
    nodes: int = 0
    seconds: float = 0.0
    sentences: list[str] = field(default_factory=list)


def run(library: Any, job: Job) -> Iterator[Progress]:
    """Do a job; yield how far it is after every shard.

    When the loop over this ends early, what is done stays, and another run does the rest.

    Raises:
        ClusterError: the nodes differ, or none can do it.
        SalviewerError: the sources cannot be listed, or nothing can be written to the target.
    """
    expected = versions.identity(job.model.ref)
    paths = tuple(source for source in job.sources if "://" not in source)
    nodes = versions.check(library, expected, paths)
    begun = time.monotonic()
    progress = Progress(nodes=nodes)
    node = library.get_runtime_context().get_node_id()
    here = node_affinity()(node, soft=True)
    ledger = library.remote(Ledger).options(num_cpus=0, scheduling_strategy=here).remote()
    size, resources = workers(library, job.model.device)
    with small_blocks(library):
        data = library.data
        listing = data.from_items([{"part": 0}]).map_batches(
            list_shards,
            fn_args=(job, ledger),
            batch_size=1,
            num_cpus=0,
            label_selector={"ray.io/node-id": node},
        )

        def work(rows: Any) -> Iterator[Progress]:
            worked = rows.map_batches(
                Worker,
                fn_constructor_args=(job, ledger, expected),
                batch_size=1,
                compute=data.ActorPoolStrategy(size=size, max_tasks_in_flight_per_actor=2),
                **resources,
            )
            due = 0.0
            for batch in worked.iter_batches(batch_size=None, prefetch_batches=0):
                errors = [_add(progress, each) for row in batch["results"] for each in pickle.loads(row)]
                now = time.monotonic()
                progress.seconds = now - begun
                if now >= due:
                    _ask(library, ledger, progress)
                    due = now + _EVERY
                yield progress
                progress.sentences = []
                if error := next(filter(None, errors), ""):
                    raise ClusterError(
                        f"{error}; nothing more was begun, and the same command goes on from here"
                    )

        try:
            yield from work(listing)
            if joins := library.get(ledger.progress.remote()).get("joins"):
                yield from work(data.from_items([{"shard": packed} for packed in joins]))
        except library.exceptions.RayError as error:
            raise explained(error) from error
    stale = _ask(library, ledger, progress)
    progress.seconds = time.monotonic() - begun
    for name in stale:
        for folder in (job.measurements, job.failures):
            with suppress(StoreError):
                folder.below(name).remove()
    yield progress


def _add(progress: Progress, done: dict[str, Any]) -> str:
    """Count a shard; return why it ended as a whole, or ""."""
    progress.done += done[parts.DONE]
    progress.failed += done[parts.FAILED]
    progress.again += done[parts.AGAIN]
    progress.sentences += done["sentences"]
    return str(done["error"])


def _ask(library: Any, ledger: Any, progress: Progress) -> list[str]:
    found = library.get(ledger.progress.remote())
    progress.listed, progress.before = found["pictures"], found["before"]
    progress.complete = found["complete"]
    if found["error"]:
        raise ClusterError(found["error"])
    return list(found["stale"])


def workers(library: Any, device: str) -> tuple[int, dict[str, Any]]:
    """Return how many workers there are, and what each takes."""
    nodes = [node["Resources"] for node in library.nodes() if node["Alive"]]
    cards = int(sum(node.get("GPU", 0) for node in nodes))
    if cards and device in ("auto", "cuda"):
        least = min(int(node["CPU"] // node["GPU"]) for node in nodes if node.get("GPU") and node.get("CPU"))
        return cards, {"num_gpus": 1, "num_cpus": max(1, min(PROCESSORS, least))}
    processors = [int(node.get("CPU", 0)) for node in nodes if node.get("CPU", 0) >= 1]
    if not processors:
        raise ClusterError("the cluster has no processors to give")
    each = min(PROCESSORS, *processors)
    return sum(count // each for count in processors), {"num_cpus": each}


def list_shards(batch: dict[str, Any], job: Job, ledger: Any) -> Iterator[dict[str, Any]]:
    """List the shards that are still to be done; runs on a worker, which passes each on at once."""
    import ray

    listed: dict[str, Any] = {"pictures": 0, "before": 0}
    try:
        found = parts.found(job, job.measurements.names())
        complete = {part.shard for part in found.values() if part.complete}
        partly = {part.shard for part in found.values() if not part.complete}
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
            if shard.kind == "join" and shard.id not in complete:
                joins += row_of([shard.resuming(shard.id in partly)])["shard"]
                todo = [each for each in waiting if f"{each.id}.npz" not in maps]
                yield from (row_of([each]) for each in todo)
                waiting = []
                listed["pictures"] += 1
                continue
            waiting = []
            listed["pictures"] += shard.pictures
            if shard.id in complete:
                listed["before"] += shard.pictures
            else:
                packed.append(shard.resuming(shard.id in partly or rows >= SINGLE))
                if len(packed) >= (1 if rows < SINGLE else PACKED):
                    yield row_of(packed)
                    packed = []
                    rows += 1
            if time.monotonic() >= due:
                ledger.listed.remote(**listed)
                due = time.monotonic() + _EVERY
        if packed:
            yield row_of(packed)
        stale = [name for name, part in found.items() if part.shard not in seen]
        stale += [name for name, part in found.items() if not part.complete and part.shard in complete]
        listed |= {"complete": True, "stale": stale, "joins": joins}
    except SalviewerError as error:
        listed["error"] = str(error)
    ray.get(ledger.listed.remote(**listed))


def row_of(some: Sequence[Shard]) -> dict[str, Any]:
    """Return the row that travels to a worker."""
    return {"shard": [pickle.dumps(list(some))]}


def explained(error: Exception) -> ClusterError:
    """Return what a user can make of an error of Ray: the sentence of the cause, where it is one of ours."""
    cause: BaseException | None = error
    while cause is not None:
        inner = getattr(cause, "cause", None) or cause.__cause__
        if isinstance(cause, ClusterError):
            return cause
        cause = inner if inner is not cause else None
    lines = [line for line in str(error).strip().splitlines() if line.strip()]
    return ClusterError(f"the cluster failed ({lines[-1].strip() if lines else type(error).__name__})")
