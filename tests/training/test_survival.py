"""What may happen to a run while it trains, one by one, with the real loop in this process."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from salviewer.errors import DataError, SalviewerError
from salviewer.training import control, lock
from salviewer.training.order import Order, to_resume
from salviewer.training.run import train
from salviewer.training.runs import list_runs, look, read_events
from salviewer.training.trainer import Stopped
from tests.training.test_train import environment

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


def stop_at(root: Path, step: int) -> React:
    def react(kind: str, details: dict[str, Any]) -> None:
        if kind == "checkpoint" and details["step"] == step:
            control.ask(root, "stop")

    return react


def weights(root: Path) -> dict[str, Any]:
    state: dict[str, Any] = torch.load(root / "checkpoint.pt", weights_only=True)
    return state


def test_stopped_and_resumed_from_its_folder_alone_ends_like_an_unbroken_run(
    order: Order, tmp_path: Path
) -> None:
    go(order)
    other = replace(order, run=tmp_path / "other")
    with pytest.raises(Stopped):
        go(other, stop_at(other.run, 2))
    assert look(other.run).state == "stopped" and look(other.run).resumable
    moved = other.run.rename(tmp_path / "moved")  # the folder holds whatever a resume needs
    go(to_resume(moved))
    assert look(moved).state == "finished"
    whole, broken = weights(order.run), weights(moved)
    assert whole["step"] == broken["step"] == 6
    for part in ("network", "averaged"):
        assert all(torch.equal(whole[part][name], broken[part][name]) for name in whole[part])
    assert {run.root for run in list_runs(tmp_path)} == {order.run, moved}


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


def test_files_deleted_while_it_reads_and_while_it_trains(order: Order, discs: Path, tmp_path: Path) -> None:
    data = Path(shutil.copytree(discs, tmp_path / "data"))
    stimuli = sorted((data / "trainSet/Stimuli").rglob("*.jpg"))

    def delete(kind: str, details: dict[str, Any]) -> None:
        if kind == "packing" and details["step"] == 1:
            stimuli[-1].unlink()
        if kind == "checkpoint" and details["step"] == 1:
            name = json.loads((order.run / "split.json").read_text())["train"][0]
            (data / "trainSet/Stimuli" / f"{name}.jpg").unlink()
            control.ask(order.run, "stop")

    with pytest.raises(Stopped):
        go(replace(order, data=data), delete)
    problems = json.loads((order.run / "problems.json").read_text())
    assert len(problems) == 1 and problems[0].startswith("Outdoor/008: ")
    assert weights(order.run)["step"] == 2  # a file that is gone after it was read is not missed
    with pytest.raises(SalviewerError, match="the data are no longer those of the run"):
        go(to_resume(order.run))
    assert weights(order.run)["step"] == 2


def test_a_loss_that_is_no_number_keeps_the_last_good_checkpoint(order: Order, tmp_path: Path) -> None:
    recipe = json.loads(Path(order.recipe).read_text())
    recipe |= {"optimiser": "sgd", "lr": 10.0, "momentum": 0.99, "clip_gradient": 0, "epochs": 40, "ema": 0}
    (tmp_path / "wild.json").write_text(json.dumps(recipe))
    with pytest.raises(SalviewerError, match="no longer a number at step"):
        go(replace(order, recipe=str(tmp_path / "wild.json")))
    state = weights(order.run)
    assert state["step"] >= 1
    assert all(value.isfinite().all() for value in state["network"].values())
    assert "a lower learning rate than 10" in str(look(order.run).last["message"])


def test_pause_holds_the_steps_and_continues(order: Order) -> None:
    told: list[str] = []

    def pause(kind: str, details: dict[str, Any]) -> None:
        told.append(kind)
        if kind == "checkpoint" and details["step"] == 1 and "paused" not in told:
            control.ask(order.run, "pause")
        if kind == "paused":
            threading.Timer(0.5, control.ask, (order.run, "")).start()

    go(order, pause)
    place = told.index("paused")
    assert told[place + 1] == "continued" and told[-1] == "finished"
    assert told[place - 1] == "checkpoint"  # what a kill during the pause would leave


def test_one_process_a_folder(order: Order) -> None:
    refused: list[str] = []

    def another(kind: str, details: dict[str, Any]) -> None:
        if kind == "checkpoint" and details["step"] == 1:
            worker = lock.holder(order.run)
            assert worker is not None and worker.alive and worker.here
            line = [sys.executable, "-m", "salviewer", *to_resume(order.run).arguments()]
            done = subprocess.run(
                line, capture_output=True, text=True, env=environment(), timeout=100, check=False
            )
            refused.append(done.stderr)

    go(order, another)
    assert "another training is at work in this folder (process" in refused[0]
    assert len(refused[0].splitlines()) == 1
    kinds = [event["event"] for event in read_events(order.run)[0]]
    assert kinds.count("started") == 1 and "failed" not in kinds
    assert lock.holder(order.run) is None


def test_a_folder_that_cannot_be_written(order: Order, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(DataError, match="the run's folder cannot be made"):
        go(replace(order, run=tmp_path / "file" / "run"))


def test_one_checkpoint_for_one_process_and_for_several(order: Order) -> None:
    """One process, then two under torchrun, then one: the run goes on each time and ends."""
    with pytest.raises(Stopped):
        go(order, stop_at(order.run, 1))
    torchrun = [
        sys.executable,
        "-m",
        "torch.distributed.run",
        "--standalone",
        "--nproc-per-node",
        "2",
        "-m",
        "--",
    ]
    process = subprocess.Popen(
        [*torchrun, "salviewer", *to_resume(order.run).arguments(), "--events=jsonl"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment(),
    )  # fmt: skip
    assert process.stdout
    steps = []
    for text in process.stdout:
        event = json.loads(text)
        if event["event"] == "checkpoint":
            steps.append(event["step"])
            control.ask(order.run, "stop")
    assert process.wait(60) != 0 and steps
    assert look(order.run).state == "stopped"
    assert weights(order.run)["step"] == steps[-1] < 6
    go(to_resume(order.run))
    assert weights(order.run)["step"] == 6 and look(order.run).state == "finished"


def test_photographs_alone_are_labelled_by_the_teacher(order: Order, discs: Path, tmp_path: Path) -> None:
    recipe = json.loads(Path(order.recipe).read_text()) | {"teacher": "live_net", "epochs": 1}
    (tmp_path / "taught.json").write_text(json.dumps(recipe))
    photographs = replace(order, data=discs / "trainSet/Stimuli/Indoor", recipe=str(tmp_path / "taught.json"))
    model = go(photographs)
    card = json.loads((model / "card.json").read_text())
    assert card["data"]["layout"] == "photographs"
    assert "alone, on 7 unlabelled photographs" in card["started_from"]
    (tmp_path / "taught.json").write_text(json.dumps(recipe | {"confidence": 1.0}))
    with pytest.raises(SalviewerError, match="the teacher is not sure enough of any photograph"):
        go(replace(photographs, run=tmp_path / "unsure"))
    (tmp_path / "taught.json").write_text(json.dumps(recipe | {"teacher": ""}))
    with pytest.raises(DataError, match="it is no data set"):
        go(replace(photographs, run=tmp_path / "untaught"))
