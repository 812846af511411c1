"""Scores on two nodes are those of one machine, whatever dies."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from tests.cluster.conftest import Ended, Nodes, actors, until

pytestmark = pytest.mark.cluster


@pytest.fixture
def data(photos: Path, tmp_path: Path) -> Path:
    """A data set of 30 pictures with maps."""
    folder = tmp_path / "data"
    for name in ("images", "maps"):
        (folder / name).mkdir(parents=True)
    for number, path in enumerate(sorted(photos.glob("*.jpg"))[:30]):
        Image.open(path).save(folder / "images" / path.name)
        y, x = np.mgrid[:120, :160]
        spot = np.exp(-((x - 4 * number - 20) ** 2 + (y - 60) ** 2) / 600)
        Image.fromarray((255 * spot).astype(np.uint8)).save(folder / "maps" / f"{path.stem}.png")
    return folder


def test_the_same_scores(salviewer: Callable[..., Ended], small: Path, data: Path, tmp_path: Path) -> None:
    given = ("evaluate", "--data", data, "--part", "test", "--beside", "live_net", "--json")
    alone = salviewer(*given, tmp_path / "alone.json", cluster=False)
    ended = salviewer(*given, tmp_path / "cluster.json")
    assert (alone.code, ended.code) == (0, 0)
    assert ended.out == alone.out
    assert json.loads((tmp_path / "cluster.json").read_text()) == json.loads(
        (tmp_path / "alone.json").read_text()
    )


Start = Callable[..., "subprocess.Popen[str]"]


def test_a_node_goes_with_its_pictures_and_they_are_scored_elsewhere(
    start: Start, salviewer: Callable[..., Ended], nodes: Nodes, data: Path, tmp_path: Path
) -> None:
    """The other nodes have no room for its worker."""
    given = ("evaluate", "--data", data, "--part", "test", "--json")
    alone = salviewer(*given, tmp_path / "alone.json", cluster=False)
    third = nodes.more()
    raylet = third.all_processes["raylet"][0].process.pid
    process = start(*given, tmp_path / "cluster.json")
    stopped: list[psutil.Process] = []

    def has_pictures() -> bool:
        """Stop the third node's worker when it scores, and before it the others as they begin."""
        for actor in actors("Scorer"):
            with suppress(psutil.Error):
                there = actor.ppid() == raylet
                if actor in stopped or (there and not title(actor).endswith("do_row")):
                    continue
                actor.suspend()
                if there and not title(actor).endswith("do_row"):  # in between, the pictures were done
                    actor.resume()
                    continue
                stopped.append(actor)
                if there:
                    return True
        return False

    try:
        until(has_pictures, process)
    finally:
        nodes.less(third)
        for actor in stopped:
            with suppress(psutil.Error):  # a power cut leaves nothing that could answer
                (actor.kill if actor == stopped[-1] else actor.resume)()
    try:
        out, err = process.communicate(timeout=100)
    finally:
        process.kill()
    assert len(stopped) == 3
    assert (process.returncode, out) == (0, alone.out), err
    assert json.loads((tmp_path / "cluster.json").read_text()) == json.loads(
        (tmp_path / "alone.json").read_text()
    )


def title(process: psutil.Process) -> str:
    """What Ray says that an actor does."""
    return "".join(process.cmdline()).strip()


def test_where_every_worker_dies_a_sentence_says_so(start: Start, data: Path, tmp_path: Path) -> None:
    process = start("evaluate", "--data", data, "--part", "test")
    killed = set()
    while process.poll() is None:
        for actor in actors("Scorer"):
            with suppress(psutil.Error):
                actor.kill()
                killed.add(actor.pid)
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
    out, err = process.communicate()
    assert (process.returncode, out) == (1, "")
    assert len(killed) >= 4
    assert err.startswith("salviewer: workers died again and again, with nothing done in between (")
    assert len(err.splitlines()) == 1
