"""The overlapped batch: bounded, ordered, and stoppable."""

import threading
import time
from collections import Counter

import pytest

from salviewer.results.pipeline_stages import PREFETCH, WRITERS, overlapped


def test_all_items_pass_and_failures_stay_alone():
    def read(item):
        if item % 5 == 0:
            raise ValueError(f"read {item}")
        return item

    def make(item, content):
        if item % 7 == 0:
            raise ValueError(f"make {item}")
        return content

    def write(item, made):
        if item % 11 == 0:
            raise ValueError(f"write {item}")
        return made * 2

    outcomes = list(overlapped(range(1, 40), read, make, write))
    assert sorted(item for item, _, _ in outcomes) == list(range(1, 40))
    for item, written, error in outcomes:
        expected = next(
            (f"{what} {item}" for what, n in (("read", 5), ("make", 7), ("write", 11)) if item % n == 0), ""
        )
        assert str(error or "") == expected
        assert written == (None if expected else 2 * item)


def test_little_is_held_at_a_time():
    held: Counter[str] = Counter()
    most: Counter[str] = Counter()
    lock = threading.Lock()

    def change(what, by):
        with lock:
            held[what] += by
            most[what] = max(most[what], held[what])

    def read(item):
        change("read", 1)
        return item

    def make(item, content):
        change("made", 1)
        change("read", -1)
        return content

    def write(item, made):
        time.sleep(0.01)
        change("made", -1)

    assert len(list(overlapped(range(30), read, make, write))) == 30
    assert most["read"] <= PREFETCH and most["made"] <= WRITERS + 1


def test_reading_and_writing_happen_beside_making():
    def slow(*_):
        time.sleep(0.05)

    begin = time.perf_counter()
    list(overlapped(range(10), slow, slow, slow))
    assert time.perf_counter() - begin < 10 * 3 * 0.05 * 0.75


def test_leaving_early_finishes_what_is_being_written_and_drops_the_rest():
    begun, written = [], []

    def write(item, made):
        begun.append(item)
        time.sleep(0.05)
        written.append(item)

    def make(item, content):
        if item == 4:
            raise KeyboardInterrupt
        return content

    with pytest.raises(KeyboardInterrupt):
        list(overlapped(range(1000), lambda item: item, make, write))
    assert begun == written or sorted(begun) == sorted(written)
    assert len(written) <= 5 and threading.active_count() < 5
