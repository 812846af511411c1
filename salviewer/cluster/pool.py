"""Workers, each given the next row when it has room: Ray places and starts them, and says which one ended."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from salviewer.cluster.errors import ClusterError
from salviewer.cluster.ray_library import environment

PROCESSORS = 4
"""Processors of one worker: its threads share one interpreter, which more would not keep busy."""

IN_FLIGHT = 2
"""Rows that a worker has at once: one in work and one that waits, so that none idles between two."""

DEATHS = 2
"""Workers that may die with no row done in between, besides one for each that the pool may have."""

ALONE = 60.0
"""Seconds without any node that could have a worker, after which none is waited for."""

_LOOK = 1.0  # seconds between two looks for such a node, while no worker runs


def workers(library: Any, device: str) -> tuple[int, dict[str, Any]]:
    """Return how many workers there can be, and the options of each for Ray.

    Raises:
        ClusterError: the nodes have no processors.
    """
    nodes = _resources(library)
    cards = int(sum(node.get("GPU", 0) for node in nodes))
    if cards and device in ("auto", "cuda"):
        least = min(int(node["CPU"] // node["GPU"]) for node in nodes if node.get("GPU") and node.get("CPU"))
        return cards, {"num_gpus": 1, "num_cpus": max(1, min(PROCESSORS, least)), **environment()}
    processors = [int(node.get("CPU", 0)) for node in nodes if node.get("CPU", 0) >= 1]
    if not processors:
        raise ClusterError("the cluster has no processors to give")
    each = min(PROCESSORS, *processors)
    return sum(count // each for count in processors), {"num_cpus": each, **environment()}


def _resources(library: Any) -> list[dict[str, float]]:
    """Return what each node that is alive has."""
    return [node["Resources"] for node in library.nodes() if node["Alive"]]


class Pool:
    """Some workers, started when there are rows for them. Where one dies, others do its rows.

    Args:
        library: the module ``ray``.
        kind: the class of a worker. ``ready()`` returns when it can begin; ``do_row(row)`` does a row.
        given: the arguments that each is made with.
        device: that they compute on.

    Attributes:
        size: how many there are at most.

    Raises:
        ClusterError: the cluster has no processors.
    """

    def __init__(self, library: Any, kind: type[Any], given: tuple[Any, ...], device: str) -> None:
        self._library, self._given = library, given
        self.size, options = workers(library, device)
        self._needs = {"CPU": options["num_cpus"], "GPU": options.get("num_gpus", 0)}  # as nodes name them
        self._kind = library.remote(kind).options(**options)
        self._gone = (library.exceptions.RayActorError, library.exceptions.OutOfMemoryError)
        self._starting: dict[Any, Any] = {}  # the answer that is awaited: the worker
        self._ready: Counter[Any] = Counter()  # workers: their rows
        self._running: dict[Any, tuple[Any, Any]] = {}  # the result that is awaited: worker and row
        self._left: list[Any] = []  # rows that no worker has, or whose worker died
        self._deaths = 0  # since a row was done
        self._seen = time.monotonic()  # when there was a node for workers

    def do(self, rows: Iterator[Any]) -> Iterator[Any]:
        """Do rows, each taken when a worker has room for it; yield what ``do_row`` returned, as they end.

        Args:
            rows: of this program, or what a task with ``num_returns="streaming"`` returns.

        Raises:
            RayError: as a worker or the task raised it, or too many workers died.
            ClusterError: no node is left.
        """
        streamed = isinstance(rows, self._library.ObjectRefGenerator)
        more = True
        while more or self._running or self._left:
            free = min(self._ready, key=self._ready.__getitem__, default=None)
            growing = len(self._ready) + len(self._starting) < self.size
            room = free is not None and self._ready[free] < (1 if growing else IN_FLIGHT)
            if room and self._left:
                self._give(free, self._left.pop(0))
                continue
            if growing and len(self._left) > len(self._starting):
                worker = self._kind.remote(*self._given)
                self._starting[worker.ready.remote()] = worker
                continue
            wanted = more and (room or growing)
            found = rows if wanted and not streamed else self._next(rows if wanted else None)
            if found is rows:
                try:
                    self._left.append(next(rows))
                except StopIteration:
                    more = False
            elif found in self._starting:
                self._started(found)
            elif found is not None:
                yield from self._ended(found)

    def close(self) -> None:
        """End all workers."""
        for worker in (*self._starting.values(), *self._ready):
            self._end(worker)

    def _next(self, rows: Any) -> Any:
        """Wait for what comes first: a result, a worker that is ready, a row; None for none."""
        watched = [*self._running, *self._starting, *([] if rows is None else [rows])]
        found, _ = self._library.wait(watched, num_returns=1, timeout=None if self._running else _LOOK)
        now = time.monotonic()
        if found or self._has_node():
            self._seen = now
        elif now - self._seen > ALONE:
            raise ClusterError("no node is left that could have a worker")
        return found[0] if found else None

    def _has_node(self) -> bool:
        return any(
            all(node.get(name, 0) >= some for name, some in self._needs.items())
            for node in _resources(self._library)
        )

    def _give(self, worker: Any, row: Any) -> None:
        self._running[worker.do_row.remote(row)] = (worker, row)
        self._ready[worker] += 1

    def _started(self, answer: Any) -> None:
        worker = self._starting.pop(answer)
        try:
            self._library.get(answer)
            self._ready[worker] = 0
        except self._gone as error:
            self._died(worker, error)

    def _ended(self, result: Any) -> Iterator[Any]:
        worker, row = self._running.pop(result)
        try:
            ended = self._library.get(result)
        except self._gone as error:
            self._left.append(row)
            if worker in self._ready:  # not so with its second row
                del self._ready[worker]
                self._died(worker, error)
            return
        self._ready[worker] -= 1
        self._deaths = 0
        yield ended

    def _died(self, worker: Any, error: Exception) -> None:
        """Bear it, unless it would come again, or the worker was only told of another actor's death."""
        self._end(worker)  # one that only cannot be reached
        self._deaths += 1
        told = isinstance(error, self._library.exceptions.RayTaskError)
        if told or getattr(error, "actor_init_failed", False) or self._deaths > self.size + DEATHS:
            raise error

    def _end(self, worker: Any) -> None:
        with suppress(Exception):
            self._library.kill(worker)
