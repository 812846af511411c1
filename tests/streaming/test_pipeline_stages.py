"""Stages side by side: order, one failure for all, an early end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from salviewer.streaming.pipeline_stages import run_stages


def test_order_is_kept_and_everything_comes_out() -> None:
    assert list(run_stages(range(100), [lambda n: n + 1, lambda n: 2 * n])) == [2 * n + 2 for n in range(100)]


def test_stages_work_at_the_same_time() -> None:
    """Each stage waits for the other to have begun: one after the other they would never meet."""
    meeting = threading.Barrier(2, timeout=30)

    def meet(number: int) -> int:
        meeting.wait()
        return number

    assert list(run_stages(range(5), [lambda n: meet(n) if n else n, lambda n: meet(n) if n < 4 else n])) == [
        0, 1, 2, 3, 4,
    ]  # fmt: skip


def test_no_more_is_read_than_is_worked_on() -> None:
    read = 0

    def numbers() -> Iterator[int]:
        nonlocal read
        while True:
            read += 1
            yield read

    with closing(run_stages(numbers(), [lambda n: n], depth=2)) as out:
        for _ in range(10):
            next(out)
    assert read <= 10 + 2 * 2 + 3


@pytest.mark.parametrize("where", [0, 1, 2])
def test_the_first_failure_ends_all_and_closes_the_source(where: int) -> None:
    closed = threading.Event()

    def numbers() -> Iterator[int]:
        try:
            for number in range(1000):
                if where == 0 and number == 20:
                    raise KeyError("read")
                yield number
        finally:
            closed.set()

    def fail(stage: int, number: int) -> int:
        if stage == where and number == 20:
            raise KeyError("stage")
        return number

    got = []
    with pytest.raises(KeyError):
        for number in run_stages(numbers(), [lambda n: fail(1, n), lambda n: fail(2, n)]):
            got.append(number)
    assert got == list(range(len(got)))
    assert len(got) <= 20
    assert closed.is_set()
