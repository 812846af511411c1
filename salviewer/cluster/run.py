"""Runs a job on a cluster: a task lists shards, workers do them, and faults of the cluster are borne."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from salviewer.cluster import parts, versions
from salviewer.cluster.errors import ClusterError, StoreError
from salviewer.cluster.faults import Faults
from salviewer.cluster.job import Job
from salviewer.cluster.ledger import Ledger
from salviewer.cluster.pool import IN_FLIGHT, Pool
from salviewer.cluster.ray_library import node_affinity
from salviewer.cluster.worker import Worker

LISTS = "lists"  # the ledger's threads that list
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
        remarks: on the cluster itself, since then.
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
    remarks: list[str] = field(default_factory=list)

    @property
    def ended(self) -> int:
        """Pictures of this run that ended, well or not."""
        return self.done + self.failed + self.again


def run(library: Any, job: Job, expected: versions.Identity | None = None) -> Iterator[Progress]:
    """Do a job, on a node of the cluster; yield how far it is after every shard.

    When the loop over this ends early, what is done stays, and another run does the rest. Where Ray gives up
    because a node or a worker went away, the shards that remain are begun anew, as long as some get done.

    Args:
        library: the module ``ray``, connected.
        job: what is done.
        expected: what all nodes have to be like; None for as this process.

    Raises:
        ClusterError: the nodes differ, or none can do it, or the cluster fails again and again.
        SalviewerError: the sources cannot be listed, or nothing can be written to the target.
    """
    expected = expected or versions.identity(job.model.ref)
    paths = tuple(source for source in job.sources if "://" not in source)
    node = library.get_runtime_context().get_node_id()
    ledger = _ledger(library, node)
    faults = Faults(library)
    going = True
    try:
        here = {node: ledger.identity.remote(job.model.ref, paths)}  # without a process of its own
        progress = Progress(nodes=versions.check(library, expected, paths, here))
        begun = time.monotonic()
        while going:
            try:
                for ended in _remaining(library, job, ledger, expected, progress):
                    progress.seconds = time.monotonic() - begun
                    yield progress
                    progress.sentences, progress.remarks = [], []
                    if ended:
                        raise ClusterError(
                            f"{ended}; nothing more was begun, and the same command goes on from here"
                        )
                going = False
            except library.exceptions.RayError as error:
                try:
                    library.get(ledger.begin_anew.remote())
                    _ask(library, ledger, progress)
                except library.exceptions.RayError:  # from now on, what is done counts as done before
                    ledger = _ledger(library, node)
                progress.remarks.append(faults.bear(error, progress.ended))
                yield progress
                progress.sentences, progress.remarks = [], []
        stale = _ask(library, ledger, progress)
    finally:
        with suppress(Exception):  # workers that are ending keep its handle, and with it the process
            library.kill(ledger)
    progress.seconds = time.monotonic() - begun
    for name in stale:
        for folder in (job.measurements, job.failures):
            with suppress(StoreError):
                folder.below(name).remove()
    yield progress


def _ledger(library: Any, node: str) -> Any:
    """Start the ledger beside this program, and nowhere else: where it is, no other node's end is its own."""
    here = node_affinity()(node, soft=False)
    options = {"num_cpus": 0, "max_task_retries": -1, "scheduling_strategy": here}
    groups = {LISTS: 4}  # a list that nobody takes any more may wait for a while, after a fault
    return library.remote(concurrency_groups=groups, **options)(Ledger).remote()


def _remaining(
    library: Any, job: Job, ledger: Any, expected: versions.Identity, progress: Progress
) -> Iterator[str]:
    """Do the shards that are left; yield, now and then, why some failed as a whole, or ""."""
    pool = Pool(library, Worker, (job, ledger, expected), job.model.device)
    streamed = {
        "concurrency_group": LISTS,
        "num_returns": "streaming",
        "max_task_retries": 0,  # another time it could list other shards in the places of those that are done
        "_generator_backpressure_num_objects": 2 * IN_FLIGHT * pool.size,
    }
    due = 0.0
    try:
        for method, given in ((ledger.list_shards, (job,)), (ledger.list_joins, ())):
            for ended in pool.do(method.options(**streamed).remote(*given)):
                if ended or time.monotonic() >= due:
                    _ask(library, ledger, progress)
                    due = time.monotonic() + _EVERY
                yield ended
            if job.video is None:
                break
    finally:
        pool.close()


def _ask(library: Any, ledger: Any, progress: Progress) -> list[str]:
    """Bring counts and sentences up to date; return the names of stale markers."""
    found = library.get(ledger.progress.remote())
    progress.done, progress.failed, progress.again = (
        found["counts"][status] for status in (parts.DONE, parts.FAILED, parts.AGAIN)
    )
    progress.listed, progress.before = found["pictures"], found["before"]
    progress.complete = found["complete"]
    progress.sentences += found["sentences"]
    if found["error"]:
        raise ClusterError(found["error"])
    return list(found["stale"])
