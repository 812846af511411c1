"""Run stages at the same time, in order, in bounded memory."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from typing import Any

DEPTH = 2
"""Items that wait before each stage."""

_POLL = 0.5  # seconds; on Windows, Ctrl-C cannot interrupt an endless wait


class _EndedError(Exception):
    """The queue is complete or was dropped."""


class _Queue:
    """A bounded queue that can be closed from both sides."""

    def __init__(self, depth: int) -> None:
        self._things: deque[Any] = deque()
        self._depth = depth
        self._wake = threading.Condition()
        self._complete = False
        self._dropped = False

    def put(self, thing: Any) -> None:
        with self._wake:
            while len(self._things) >= self._depth and not self._dropped:
                self._wake.wait(_POLL)
            if self._dropped:
                raise _EndedError
            self._things.append(thing)
            self._wake.notify_all()

    def take(self) -> Any:
        with self._wake:
            while not self._things and not self._complete and not self._dropped:
                self._wake.wait(_POLL)
            if self._dropped or not self._things:
                raise _EndedError
            thing = self._things.popleft()
            self._wake.notify_all()
            return thing

    def complete(self) -> None:
        """Mark the end of the items."""
        with self._wake:
            self._complete = True
            self._wake.notify_all()

    def drop(self) -> None:
        """Discard the content and refuse more."""
        with self._wake:
            self._dropped = True
            self._things.clear()
            self._wake.notify_all()


def run_stages(
    items: Iterable[Any], stages: Sequence[Callable[[Any], Any]], depth: int = DEPTH
) -> Generator[Any, None, None]:
    """Pass every item through all stages, each in a thread of its own, and yield the results in order.

    `items` is iterated in a thread too, and closed there if it is a generator. The first exception of any
    stage ends all stages and is raised here. If the loop over this generator ends early, by an exception or
    Ctrl-C, every stage finishes its current item before control returns.

    Args:
        items: the input.
        stages: functions of one argument, at least one.
        depth: number of items that wait before each stage.
    """
    queues = [_Queue(depth) for _ in range(len(stages) + 1)]
    failures: list[BaseException] = []

    def guarded(work: Callable[[], None], out: _Queue) -> None:
        try:
            work()
            out.complete()
        except _EndedError:
            out.complete()
        except BaseException as error:
            failures.append(error)
            for queue in queues:
                queue.drop()

    def feed() -> None:
        source = iter(items)
        try:
            for item in source:
                queues[0].put(item)
        finally:
            close = getattr(source, "close", None)
            if close is not None:
                close()

    def run(stage: Callable[[Any], Any], taken: _Queue, given: _Queue) -> None:
        while True:
            given.put(stage(taken.take()))

    threads = [threading.Thread(target=guarded, args=(feed, queues[0]), name="read", daemon=True)]
    for stage, taken, given in zip(stages, queues, queues[1:], strict=False):
        work = (lambda s, t, g: lambda: run(s, t, g))(stage, taken, given)
        threads.append(threading.Thread(target=guarded, args=(work, given), name=stage.__name__, daemon=True))
    for thread in threads:
        thread.start()
    try:
        while True:
            try:
                thing = queues[-1].take()
            except _EndedError:
                break
            yield thing
    finally:
        for queue in queues:
            queue.drop()
        for thread in threads:
            thread.join()
    if failures:
        raise failures[0]
