"""What may happen to a run while it trains, one by one, with the real loop in this process."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from salviewer.errors import DataError, SalviewerError
from salviewer.training import control, lock
from salviewer.training.order import Order, to_resume
from salviewer.training.parent_watch import ends_with_parent, parent_gone, watch_parent
from salviewer.training.run import train
from salviewer.training.run_setup import prepare
from salviewer.training.run_state import RunState
from salviewer.training.runs import list_runs, look, read_events
from salviewer.training.survey import survey
from salviewer.training.trainer import Stopped
from tests.training.conftest import same_end
from tests.training.processes import Done, Process

React = Callable[[str, dict[str, Any]], None]


class Reacting:
    """A watcher that writes the events as the command line does, and does something about them."""

    def __init__(self, root: Path, react: React) -> None:
        self._root, self._react = root, react

    def tell(self, kind: str, **details: Any) -> None:
        with (self._root / "events.jsonl").open("a") as stream:
            stream.write(json.dumps({"event": kind, "time": 0.0, **details}) + "\n")
        self._react(kind, details)


def nothing(kind: str, details: dict[str, Any]) -> None:
    """Watch only."""


def go(order: Order, react: React = nothing) -> Path:
    return train(order, lambda folder: Reacting(folder.root, react))


@pytest.fixture
def order(discs: Path, tiny_recipe: Path, tmp_path: Path) -> Order:
    """Two epochs of three steps, with a checkpoint after each step."""
    return Order(
        discs, "live_net", tmp_path / "run", str(tiny_recipe), device="cpu", seed=7, checkpoint_every=0
    )


@pytest.fixture
def small_order(order: Order, small_network: str) -> Order:
    return replace(order, model=small_network)


def stop_at(root: Path, step: int) -> React:
    def react(kind: str, details: dict[str, Any]) -> None:
        if kind == "checkpoint" and details["step"] == step:
            control.ask(root, "stop")

    return react


def weights(root: Path) -> dict[str, Any]:
    state: dict[str, Any] = torch.load(root / "checkpoint.pt", weights_only=True)
    return state


def test_stopped_and_resumed_from_its_folder_alone_ends_like_an_unbroken_run(
    order: Order, tmp_path: Path, whole: Path
) -> None:
    with pytest.raises(Stopped):
        go(order, stop_at(order.run, 2))
    assert look(order.run).state == "stopped" and look(order.run).resumable
    moved = order.run.rename(tmp_path / "moved")  # the folder holds whatever a resume needs
    go(to_resume(moved))
    assert [(run.root, run.state) for run in list_runs(tmp_path)] == [(moved, "finished")]
    same_end(moved, whole)


def test_a_disk_that_fills_up_keeps_the_checkpoint_before(order: Order) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    kept: list[bytes] = []

    def fill(kind: str, details: dict[str, Any]) -> None:
        if kind == "checkpoint" and details["step"] == 2:
            kept.append((order.run / "checkpoint.pt").read_bytes())
            resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, before[1]))

    try:
        with pytest.raises(DataError, match=r"checkpoint\.pt: it could not be written"):
            go(order, fill)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert (order.run / "checkpoint.pt").read_bytes() == kept[0]
    assert not list(order.run.glob(".*"))
    assert look(order.run).state == "failed"
    go(to_resume(order.run))
    assert weights(order.run)["step"] == 6


def test_files_deleted_while_it_reads_and_while_it_trains(
    small_order: Order, discs: Path, tmp_path: Path
) -> None:
    data = Path(shutil.copytree(discs, tmp_path / "data"))
    stimuli = sorted((data / "trainSet/Stimuli").rglob("*.jpg"))

    def delete(kind: str, details: dict[str, Any]) -> None:
        if kind == "packing" and details["step"] == 1:
            stimuli[-1].unlink()
        if kind == "checkpoint" and details["step"] == 1:
            name = json.loads((small_order.run / "split.json").read_text())["train"][0]
            (data / "trainSet/Stimuli" / f"{name}.jpg").unlink()
            control.ask(small_order.run, "stop")

    with pytest.raises(Stopped):
        go(replace(small_order, data=data), delete)
    problems = json.loads((small_order.run / "problems.json").read_text())
    assert len(problems) == 1 and problems[0].startswith("Outdoor/008: ")
    assert weights(small_order.run)["step"] == 2  # a file that is gone after it was read is not missed
    with pytest.raises(SalviewerError, match="the data are no longer those of the run"):
        go(to_resume(small_order.run))
    assert weights(small_order.run)["step"] == 2


def test_pause_holds_the_steps_and_continues(small_order: Order) -> None:
    kinds: list[str] = []

    def pause(kind: str, details: dict[str, Any]) -> None:
        kinds.append(kind)
        if kind == "checkpoint" and details["step"] == 1 and "paused" not in kinds:
            control.ask(small_order.run, "pause")
        if kind == "paused":
            threading.Timer(0.5, control.ask, (small_order.run, "")).start()

    go(small_order, pause)
    place = kinds.index("paused")
    assert kinds[place + 1] == "continued" and kinds[-1] == "finished"
    assert kinds[place - 1] == "checkpoint"  # what a kill during the pause would leave


def test_a_run_that_is_tied_ends_with_its_process(small_order: Order) -> None:
    """Here one that sleeps stands for the window, whose end by force `tests/e2e` shows."""
    window = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])

    def kill_window(kind: str, details: dict[str, Any]) -> None:
        if kind == "checkpoint" and details["step"] == 1:
            watch_parent(small_order.run, window.pid)
            assert ends_with_parent(small_order.run) and not parent_gone(small_order.run)
        if kind == "checkpoint" and details["step"] == 2:
            window.kill()
            window.wait()

    with pytest.raises(Stopped):
        go(small_order, kill_window)
    assert (
        weights(small_order.run)["step"] == 3
        and look(small_order.run).state == "stopped"
        and look(small_order.run).ends_with_parent
    )
    go(to_resume(small_order.run))  # what is gone is of no concern to one that begins afterwards
    assert weights(small_order.run)["step"] == 6 and not look(small_order.run).ends_with_parent


def test_one_process_a_folder(order: Order, tmp_path: Path) -> None:
    refused: list[Done] = []

    def another(kind: str, details: dict[str, Any]) -> None:
        if kind == "checkpoint" and details["step"] == 1:
            worker = lock.holder(order.run)
            assert worker is not None and worker.alive and worker.here
            refused.append(Process(to_resume(order.run).arguments(), tmp_path).end())

    go(order, another)
    assert refused[0].returncode == 1
    assert "another training is at work in this folder (process" in refused[0].stderr
    assert len(refused[0].stderr.splitlines()) == 1
    kinds = [event["event"] for event in read_events(order.run)[0]]
    assert kinds.count("started") == 1 and "failed" not in kinds
    assert lock.holder(order.run) is None


@pytest.fixture
def closed() -> Iterator[Path]:
    """A folder of somebody else's, and in it ``secret``, into which we may not even look."""
    base = Path(tempfile.mkdtemp())
    (base / "secret" / "images").mkdir(parents=True)
    (base / "secret").chmod(0)
    base.chmod(0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield base
    finally:
        if root:
            os.seteuid(0)
        base.chmod(0o755)
        (base / "secret").chmod(0o755)
        shutil.rmtree(base)


def test_no_permission_is_a_sentence(closed: Path) -> None:
    order = Order(closed, "deep_convnet", closed / "run")
    for what in (
        lambda: go(order),
        lambda: go(replace(order, run=closed)),
        lambda: prepare(order, order.chosen_recipe()),
        lambda: go(replace(order, recipe=str(closed / "secret" / "recipe.json"))),
        lambda: survey(closed / "secret"),
        lambda: survey(closed / "secret" / "images"),
    ):
        with pytest.raises(DataError, match="Permission denied") as caught:
            what()
        assert str(caught.value).startswith(str(closed)) and "\n" not in str(caught.value)


def test_a_folder_that_cannot_be_written(order: Order, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(DataError, match="the run's folder cannot be made"):
        go(replace(order, run=tmp_path / "file" / "run"))


def test_photographs_alone_are_labelled_by_the_teacher(
    small_order: Order, discs: Path, tmp_path: Path
) -> None:
    recipe = json.loads(Path(small_order.recipe).read_text()) | {"teacher": "live_net", "epochs": 1}
    (tmp_path / "taught.json").write_text(json.dumps(recipe))
    photographs = replace(
        small_order, data=discs / "trainSet/Stimuli/Indoor", recipe=str(tmp_path / "taught.json")
    )
    model = go(photographs)
    card = json.loads((model / "card.json").read_text())
    assert card["data"]["layout"] == "photographs"
    assert "alone, on 7 unlabelled photographs" in card["started_from"]
    events, _ = read_events(photographs.run)
    assert RunState().after(events).taught, "what it is measured on comes from the teacher"
    (tmp_path / "taught.json").write_text(json.dumps(recipe | {"confidence": 1.0}))
    with pytest.raises(SalviewerError, match="the teacher is not sure enough of any photograph"):
        go(replace(photographs, run=tmp_path / "unsure"))
    (tmp_path / "taught.json").write_text(json.dumps(recipe | {"teacher": ""}))
    with pytest.raises(DataError, match="it is no data set"):
        go(replace(photographs, run=tmp_path / "untaught"))
