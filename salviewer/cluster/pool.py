"""Workers, each given the next row when it has room: Ray places and starts them, and says which one ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

IN_FLIGHT = 2
"""Rows that a worker has at once: one in work and one that waits, so that none idles between two."""


class Pool:
    """Some workers, started when there are rows for them. Where one dies, others do its rows.

    Args:
        library: the module ``ray``.
        start: starts an actor like `worker.Worker`, and returns its handle.
        size: how many at most.
    """

    def __init__(self, library: Any, start: Callable[[], Any], size: int) -> None:
        self._library, self._start, self._size = library, start, size
        gone = library.exceptions
        self._gone = (gone.RayActorError, gone.OutOfMemoryError)
        self._starting: dict[Any, Any] = {}  # the answer that is awaited: the worker
        self._ready: Counter[Any] = Counter()  # workers: their rows
        self._running: dict[Any, tuple[Any, Any]] = {}  # the result that is awaited: worker and row
        self._left: list[Any] = []  # rows that no worker has, or whose worker died

    def do(self, rows: Any) -> Iterator[str]:
        """Do rows, each taken when a worker has room for it; yield what `Worker.do_all` returned of each.

        Args:
            rows: what a task with ``num_returns="streaming"`` returns.

        Raises:
            RayError: as a worker or the task raised it, or a worker died as it began.
        """
        more = True
        while more or self._running or self._left:
            free = min(self._ready, key=self._ready.__getitem__, default=None)
            growing = len(self._ready) + len(self._starting) < self._size
            room = free is not None and self._ready[free] < (1 if growing else IN_FLIGHT)
            if room and self._left:
                self._give(free, self._left.pop(0))
                continue
            if growing and len(self._left) > len(self._starting):
                worker = self._start()
                self._starting[worker.ready.remote()] = worker
                continue
            watched = [*self._running, *self._starting, *([rows] if more and (room or growing) else [])]
            found = self._library.wait(watched, num_returns=1)[0][0]
            if found is rows:
                try:
                    self._left.append(next(rows))
                except StopIteration:
                    more = False
            elif found in self._starting:
                self._ready[self._starting.pop(found)] = 0
                self._library.get(found)
            else:
                yield from self._ended(found)

    def close(self) -> None:
        """End all workers."""
        for worker in (*self._starting.values(), *self._ready):
            with suppress(Exception):
                self._library.kill(worker)

    def _give(self, worker: Any, row: Any) -> None:
        self._running[worker.do_all.remote(row)] = (worker, row)
        self._ready[worker] += 1

    def _ended(self, result: Any) -> Iterator[str]:
        worker, row = self._running.pop(result)
        try:
            ended = self._library.get(result)
        except self._gone as error:
            if isinstance(error, self._library.exceptions.RayTaskError):  # told by it, of another actor
                raise
            self._left.append(row)
            if worker in self._ready:  # not so with its second row
                del self._ready[worker]
                with suppress(Exception):  # one that only cannot be reached
                    self._library.kill(worker)
            return
        self._ready[worker] -= 1
        yield ended
