"""Run decoder, network and encoder at the same time, in bounded memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
Read = TypeVar("Read")
Made = TypeVar("Made")
Written = TypeVar("Written")

PREFETCH = 2
WRITERS = 2


def overlapped(
    items: Iterable[Item],
    read: Callable[[Item], Read],
    make: Callable[[Item, Read], Made],
    write: Callable[[Item, Made], Written],
) -> Generator[tuple[Item, Written | None, Exception | None], None, None]:
    """Read, make and write every item; ``make`` runs in the calling thread, the others in their own.

    At most `PREFETCH` read items and `WRITERS` + 1 made ones are held at a time. If the loop over this
    generator ends early (Ctrl-C, for example), items being written are finished and the rest are dropped.

    Yields:
        each item once, with the result of ``write``, or the exception that one of the three raised.
        Failures may come before earlier successes.
    """
    rest = iter(items)
    reader, writer = ThreadPoolExecutor(1, "read"), ThreadPoolExecutor(WRITERS, "write")
    reads: deque[tuple[Item, Future[Read]]] = deque()
    writes: deque[tuple[Item, Future[Written]]] = deque()

    def outcome() -> tuple[Item, Written | None, Exception | None]:
        item, writing = writes.popleft()
        try:
            return item, writing.result(), None
        except Exception as error:
            return item, None, error

    try:
        while True:
            reads.extend((later, reader.submit(read, later)) for later in islice(rest, PREFETCH - len(reads)))
            if not reads:
                break
            item, reading = reads.popleft()
            try:
                content = reading.result()
                del reading
                made = make(item, content)
                del content
            except Exception as error:
                yield item, None, error
                continue
            writes.append((item, writer.submit(write, item, made)))
            del made
            while len(writes) > WRITERS:
                yield outcome()
        while writes:
            yield outcome()
    finally:
        for pool in (reader, writer):
            pool.shutdown(wait=False, cancel_futures=True)
        for pool in (reader, writer):
            pool.shutdown()
