"""The worker, the cache and the pyramid, which workers and canvas use."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from salviewer.app.workers import priority, pyramid
from salviewer.app.workers.cache import RecentCache
from salviewer.app.workers.latest_only import LatestOnlyWorker, Outcome


@pytest.fixture
def worker(qtbot: QtBot) -> Iterator[LatestOnlyWorker]:
    worker = LatestOnlyWorker("pictures")
    yield worker
    worker.close()
    assert worker.join(5)


def test_the_newest_waiting_job_wins_and_outcomes_come_in_this_thread(
    qtbot: QtBot, worker: LatestOnlyWorker
) -> None:
    gate, begun = threading.Event(), threading.Event()
    ran: list[int] = []
    arrived: list[tuple[Outcome, int]] = []
    worker.finished.connect(lambda outcome: arrived.append((outcome, threading.get_ident())))

    def first() -> int:
        begun.set()
        gate.wait(5)
        return 0

    worker.submit(0, first)
    assert begun.wait(5)
    for ticket in (1, 2, 3):
        worker.submit(ticket, lambda ticket=ticket: ran.append(ticket))  # type: ignore[misc]
    gate.set()
    qtbot.waitUntil(lambda: len(arrived) == 2)
    assert ran == [3]
    assert [outcome.ticket for outcome, _ in arrived] == [0, 3]
    assert {thread for _, thread in arrived} == {threading.get_ident()}


def test_an_exception_becomes_an_outcome_and_the_lane_lives_on(
    qtbot: QtBot, worker: LatestOnlyWorker
) -> None:
    with qtbot.waitSignal(worker.finished) as failed:
        worker.submit(1, lambda: 1 / 0)
    assert isinstance(failed.args[0].error, ZeroDivisionError)
    with qtbot.waitSignal(worker.finished) as fine:
        worker.submit(2, lambda: "still here")
    assert fine.args[0].value == "still here"


def test_a_worker_is_busy_until_its_outcome_has_arrived(qtbot: QtBot, worker: LatestOnlyWorker) -> None:
    """Else whoever waits until it is not busy may still see the outcome before it."""
    worker.submit(1, lambda: "done")
    qtbot.waitUntil(lambda: worker._thread is not None)
    begun = threading.Event()
    worker.submit(2, begun.set, urgency=1)  # its turn comes after the first outcome was sent
    assert begun.wait(5)
    worker.close()
    assert worker.join(5)
    assert worker.busy
    qtbot.waitUntil(lambda: not worker.busy)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere priorities are of whole processes")
def test_a_worker_and_the_threads_it_starts_give_way_to_the_window(
    qtbot: QtBot, worker: LatestOnlyWorker
) -> None:
    usual = os.getpriority(os.PRIO_PROCESS, 0)
    seen: list[int] = []

    def look() -> None:
        seen.append(os.getpriority(os.PRIO_PROCESS, 0))

    def look_twice() -> None:
        look()
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()

    with qtbot.waitSignal(worker.finished):
        worker.submit(1, look_twice)
    assert seen == [usual + priority.NICENESS] * 2
    assert os.getpriority(os.PRIO_PROCESS, 0) == usual


def test_a_forgotten_job_never_runs(qtbot: QtBot, worker: LatestOnlyWorker) -> None:
    gate, begun = threading.Event(), threading.Event()
    ran: list[int] = []
    worker.submit(1, lambda: (begun.set(), gate.wait(5)))
    assert begun.wait(5)
    worker.submit(2, lambda: ran.append(2))
    worker.forget()
    with qtbot.waitSignal(worker.finished):
        gate.set()
    qtbot.waitUntil(lambda: not worker.busy)
    assert not ran


def test_the_cache_forgets_the_least_recent_within_its_limit() -> None:
    cache: RecentCache[str, bytes] = RecentCache(10, len)
    cache.put("a", b"1234")
    cache.put("b", b"1234")
    assert cache.get("a") == b"1234"
    cache.put("c", b"1234")
    assert cache.get("b") is None and cache.get("a") is not None and cache.total == 8
    cache.put("huge", b"x" * 11)
    assert cache.get("huge") is None and cache.total == 0


def test_a_pyramid_halves_and_keeps_colours() -> None:
    pixels = np.zeros((1500, 2000, 3), np.uint8)
    pixels[:, :1000] = (200, 100, 50)
    pixels.setflags(write=False)
    levels = pyramid.build(pixels)
    assert [image.width() for image in levels.levels] == [2000, 1000, 500]
    for image in levels.levels:
        assert image.pixelColor(image.width() // 4, 3).getRgb()[:3] == (200, 100, 50)
    assert levels.level(0.5).width() == 1000
    assert levels.level(0.51).width() == 2000
    assert levels.level(4.0).width() == 2000


@pytest.mark.parametrize("shape", [(1, 1), (1, 30_000), (30_000, 2)])
def test_extreme_shapes_have_a_pyramid(shape: tuple[int, int]) -> None:
    levels = pyramid.build(np.full((*shape, 3), 9, np.uint8))
    assert levels.levels[-1].pixelColor(0, 0).getRgb()[:3] == (9, 9, 9)
