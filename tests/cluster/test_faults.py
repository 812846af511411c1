"""Lost nodes, killed workers, broken pictures: each picture is done or listed as failed, exactly once."""

from __future__ import annotations

import itertools
import os
import re
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from salviewer.library_variables import VARIABLES
from tests.cluster.conftest import Ended, Nodes, actors, files_in, rows_in, until
from tests.disks import small_disk

pytestmark = pytest.mark.cluster

Start = Callable[..., "subprocess.Popen[str]"]
Run = Callable[..., Ended]


def markers(target: Path) -> set[str]:
    """The shards that are done."""
    folder = target / "salviewer-measurements"
    return {path.name for path in folder.glob("part-*.parquet")} if folder.exists() else set()


@pytest.fixture
def spoilt(photos: Path, tmp_path: Path) -> Path:
    """200 of the pictures, ten of them broken: cut short, empty, no picture."""
    folder = tmp_path / "spoilt"
    folder.mkdir()
    for number, path in enumerate(sorted(photos.iterdir())[:200]):
        content = path.read_bytes()
        if number % 20 == 10:
            content = (content[: len(content) // 3], b"", b"no picture at all")[number // 20 % 3]
        (folder / path.name).write_bytes(content)
    return folder


def test_a_node_goes_a_worker_and_the_ledger_die_and_pictures_are_broken(
    start: Start, salviewer: Run, nodes: Nodes, spoilt: Path, tmp_path: Path
) -> None:
    """The ledger is what no retry brings back: all workers fail with it, and what remains is begun anew."""
    target = tmp_path / "out"
    alone = salviewer("predict", spoilt, "-o", tmp_path / "alone", cluster=False)
    third = nodes.more()
    process = start("predict", spoilt, "-o", target, "--shard", 4)
    try:
        until(lambda: len(markers(target)) >= 2, process)
    finally:
        nodes.less(third)
    before = len(markers(target))
    until(lambda: len(markers(target)) > before and len(actors("Worker")) > 0, process)
    found = actors("Worker")[0].environ()  # of a process that starts, so that no library was imported before
    assert {name: found.get(name) for name in VARIABLES} == VARIABLES
    actors("Worker")[0].kill()
    before = len(markers(target))
    until(lambda: len(markers(target)) > before, process)
    max(actors("Ledger"), key=psutil.Process.create_time).kill()  # of this run, whatever ran before
    out, err = process.communicate(timeout=300)
    assert process.returncode == 1
    counts = re.fullmatch(r"(\d+) pictures done, (\d+) done before(, (\d+) failed)? in .*\n", out)
    assert counts is not None, out
    assert int(counts[1]) + int(counts[2]) + int(counts[4] or 0) == 200 and int(counts[1]) > 0
    assert files_in(target) == files_in(tmp_path / "alone")
    rows = rows_in(target)
    assert sorted(row["picture"] for row in rows) == sorted(map(str, spoilt.iterdir()))
    failed = {row["error"] for row in rows_in(target, "salviewer-failures")}
    assert len(failed) == 10
    assert failed == {row["error"] for row in rows if row["status"] == "failed"}
    messages = {line.removeprefix("salviewer: ") for line in alone.err.splitlines()}
    assert failed == messages
    said = {line.removeprefix("salviewer: ") for line in Ended(0, out, err).complaints}
    assert said <= failed | {"a node or a worker went away; what remains is begun anew"}
    assert not said <= failed and said & failed


def test_what_was_stopped_goes_on(start: Start, salviewer: Run, photos: Path, tmp_path: Path) -> None:
    """Stopped by Ctrl+C, gone on with, stopped by SIGTERM, and gone on with to the end."""
    some = tmp_path / "some"
    some.mkdir()
    for path in sorted(photos.iterdir())[:120]:
        os.link(path, some / path.name)
    target = tmp_path / "out"

    def written() -> dict[str, int]:
        return {
            name: (target / "salviewer-measurements" / name).stat().st_mtime_ns for name in markers(target)
        }

    def heard() -> None:
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.default_int_handler if each == signal.SIGINT else signal.SIG_DFL)

    done: dict[str, int] = {}
    for number in (signal.SIGINT, signal.SIGTERM):
        process = start("predict", some, "-o", target, "--shard", 4, preexec_fn=heard)
        until(lambda: len(markers(target) - done.keys()) >= 2, process)
        process.send_signal(number)
        _, err = process.communicate(timeout=200)
        assert (process.returncode, err.splitlines()[-1]) == (130, "salviewer: interrupted")
        assert written().items() >= done.items()
        done.update(written())
        assert len(done) < 30
    ended = salviewer("predict", some, "-o", target, "--shard", 4)
    assert ended.code == 0
    assert "done before" in ended.out
    assert written().items() >= done.items()
    assert sorted(row["picture"] for row in rows_in(target)) == sorted(map(str, some.iterdir()))
    assert len(files_in(target)) == 120
    assert not list(target.glob("**/.salviewer-*"))


def test_a_picture_that_ends_its_worker_each_time_is_given_up(
    start: Start, photos: Path, tmp_path: Path
) -> None:
    """The worker is killed whenever it has the picture open, as a decoder that crashes would."""
    some = tmp_path / "some"
    some.mkdir()
    for path in sorted(photos.iterdir())[:20]:
        os.link(path, some / path.name)
    noise = np.random.default_rng(1).integers(0, 256, (3000, 3000, 3), np.uint8)
    poison = some / "008-poison.jpg"
    Image.fromarray(noise).save(poison, progressive=True)  # takes long enough to be seen open
    process = start("predict", some, "-o", tmp_path / "out", "--shard", 10)
    with killing(poison) as killed:
        _, err = process.communicate(timeout=300)
    assert process.returncode == 1
    assert len(killed) >= 2
    rows = {Path(row["picture"]).name: row for row in rows_in(tmp_path / "out")}
    assert len(rows) == 21
    assert [name for name, row in rows.items() if row["status"] != "done"] == [poison.name]
    assert "the worker died each time" in rows[poison.name]["error"]
    assert rows[poison.name]["error"] in err


def test_a_full_target_ends_the_run_and_room_goes_on(salviewer: Run, photos: Path, tmp_path: Path) -> None:
    some = tmp_path / "some"
    some.mkdir()
    for path in sorted(photos.iterdir())[:40]:
        os.link(path, some / path.name)
    with small_disk(tmp_path / "out", "400k") as target:
        ended = salviewer("predict", some, "-o", target, "--shard", 8)
        assert ended.code == 1
        assert "the disk is full" in ended.err
        assert not list(target.glob("**/.salviewer-*"))
        finished = [row for row in rows_in(target) if row["status"] == "done"]
        assert all((target / row["files"][0]).stat().st_size > 0 for row in finished)
        assert len(finished) < 40
        subprocess.run(["mount", "-o", "remount,size=20m", target], check=True)
        ended = salviewer("predict", some, "-o", target, "--shard", 8)
        assert (ended.code, ended.complaints) == (0, [])
        rows = rows_in(target)
        assert sorted(row["picture"] for row in rows) == sorted(map(str, some.iterdir()))
        assert {row["status"] for row in rows} == {"done"}
        assert len(files_in(target)) == 40
        assert rows_in(target, "salviewer-failures") == []


@contextmanager
def killing(path: Path) -> Iterator[list[int]]:
    """In the block, kill with -9 every worker that has a file open."""
    killed: list[int] = []
    over = threading.Event()

    def watch() -> None:
        for turn in itertools.count():
            if over.wait(0.05):
                return
            if turn % 5 == 0:
                found = actors("Worker")
            for process in found:
                with suppress(psutil.Error, OSError):
                    links = Path(f"/proc/{process.pid}/fd").iterdir()
                    if process.pid not in killed and path in [link.readlink() for link in links]:
                        process.kill()
                        killed.append(process.pid)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield killed
    finally:
        over.set()
        thread.join()
