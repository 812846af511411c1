"""Resuming by the folder alone, with more epochs, with other data; early ends, the best epoch, and NaN."""

from __future__ import annotations

import io
import itertools
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from salviewer.cli import main
from salviewer.core.strict_json import dumps
from salviewer.errors import DataError, SalviewerError
from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.card import ModelCard
from salviewer.models.checkpoints import read_model, write_model
from salviewer.models.loading import load_model
from salviewer.training.best import best_epoch, out_of_patience
from salviewer.training.events import JsonLines
from salviewer.training.order import Order, to_resume
from salviewer.training.runs import look, read_events
from salviewer.training.trainer import Stopped
from tests.training.test_survival import go, stop_at


@pytest.fixture
def order(discs: Path, tiny_recipe: Path, tmp_path: Path, small_network: str) -> Order:
    """Two epochs of three steps, with a checkpoint after each step."""
    return Order(
        discs, small_network, tmp_path / "run", str(tiny_recipe), device="cpu", seed=7, checkpoint_every=0
    )


def changed(order: Order, tmp_path: Path, **values: Any) -> Order:
    recipe = json.loads(Path(order.recipe).read_text()) | values
    path = tmp_path / "changed.json"
    path.write_text(json.dumps(recipe))
    return replace(order, recipe=str(path))


def test_the_folder_alone_says_how_to_go_on(
    order: Order, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Stopped):
        go(order, stop_at(order.run, 1))
    stopped = load_model(order.run / "model", "cpu")  # it can be used as it is
    assert stopped.card.notes == "The run was stopped after step 2 of 6." and stopped.card.epochs == 0.67
    assert stopped.predict(np.zeros((48, 64, 3), np.uint8)).density.shape == (64, 96)
    assert look(order.run).usable
    assert main(["train", "--resume", f"--run={order.run}", "--events=none"]) == 0
    assert look(order.run).state == "finished"
    with pytest.raises(SystemExit, match="2"):
        main(["train", f"--run={tmp_path / 'other'}"])
    assert main(["train", "--resume", f"--run={tmp_path / 'other'}"]) == 1
    said = capfd.readouterr().err
    assert "--data and --model must be given" in said and "there is no training run in this folder" in said


def test_more_epochs_for_a_finished_run_and_never_fewer_than_it_has(order: Order, tmp_path: Path) -> None:
    go(changed(order, tmp_path, epochs=1))
    assert read_model(order.run / "model")[0].epochs == 1
    longer = replace(to_resume(order.run), epochs=2)
    go(longer)
    state = torch.load(order.run / "checkpoint.pt", weights_only=True)
    assert state["step"] == 6 and [entry["epoch"] for entry in json.loads(state["history"])] == [1, 2]
    assert read_model(order.run / "model")[0].epochs == 2
    assert to_resume(order.run).chosen_recipe().epochs == 2
    with pytest.raises(SalviewerError, match="has trained 2 epochs already, more than 1"):
        go(replace(to_resume(order.run), epochs=1))
    with pytest.raises(SalviewerError, match="belongs to another run: its seed"):
        go(replace(to_resume(order.run), seed=8))
    with pytest.raises(SalviewerError, match="belongs to another run: its recipe"):
        go(replace(changed(order, tmp_path, lr=1e-4), resume=True))


def test_data_that_changed_are_noticed_by_content(order: Order, discs: Path, tmp_path: Path) -> None:
    data = Path(shutil.copytree(discs, tmp_path / "data"))
    with pytest.raises(Stopped):
        go(replace(order, data=data), stop_at(order.run, 1))
    train = json.loads((order.run / "split.json").read_text())["train"]
    for folder, end in (("Stimuli", "jpg"), ("FIXATIONLOCS", "mat")):
        kept = (data / "trainSet" / folder / f"{train[0]}.{end}").read_bytes()
        shutil.copy(
            data / "trainSet" / folder / f"{train[1]}.{end}", data / "trainSet" / folder / f"{train[0]}.{end}"
        )
        with pytest.raises(SalviewerError, match=rf"no longer those of the run .*: 1 changed \({train[0]}\)"):
            go(to_resume(order.run))
        (data / "trainSet" / folder / f"{train[0]}.{end}").write_bytes(kept)
    go(to_resume(order.run))  # other dates and the same content are the same data
    assert look(order.run).state == "finished"


def test_the_best_epoch_is_kept_beside_the_last(order: Order, tmp_path: Path) -> None:
    go(changed(order, tmp_path, epochs=5, lr=2.0, ema=0.0))
    finished = read_events(order.run)[0][-1]
    history = json.loads((order.run / "metrics.json").read_text())["curves"]["test_loss"]
    assert finished["best_epoch"] == int(np.argmin(history)) + 1 < 5, history
    best, last = (read_model(order.run / name)[0] for name in ("best", "model"))
    assert (best.epochs, last.epochs) == (finished["best_epoch"], 5) and best.sha256 != last.sha256


def test_a_run_ends_early_and_goes_on_when_more_is_asked_for(order: Order, tmp_path: Path) -> None:
    go(changed(order, tmp_path, epochs=9, lr=0.3, ema=0.0, patience=1))
    events = read_events(order.run)[0]
    losses = [event["test_loss"] for event in events if event["event"] == "epoch"]
    assert len(losses) < 9 and losses[-1] >= min(losses[:-1])
    assert all(later < earlier for earlier, later in itertools.pairwise(losses[:-1]))
    assert any("ended early" in event.get("message", "") for event in events)
    assert look(order.run).state == "finished"
    go(to_resume(order.run))  # nothing more to do
    assert sum(event["event"] == "epoch" for event in read_events(order.run)[0]) == len(losses)
    go(replace(to_resume(order.run), epochs=10))
    assert sum(event["event"] == "epoch" for event in read_events(order.run)[0]) > len(losses)


def test_patience_counts_from_the_best_epoch() -> None:
    history = [
        {"epoch": number, "test_loss": loss} for number, loss in enumerate([3.0, 2.0, 2.5, 2.0, 2.1], 1)
    ]
    assert best_epoch(history) == 2 and best_epoch([]) == 0
    assert [out_of_patience(history[:count], 2) for count in range(6)] == [False] * 4 + [True] * 2
    assert not out_of_patience(history, 0) and not out_of_patience(history, 2, since=4)


def test_without_a_checkpoint_none_is_promised(order: Order, tmp_path: Path) -> None:
    wild = {"optimiser": "sgd", "lr": 10.0, "momentum": 0.99, "clip_gradient": 0, "ema": 0, "train_batch": 1}
    with pytest.raises(SalviewerError, match="before the first checkpoint, and a lower"):
        go(replace(changed(order, tmp_path, **wild), model="live_net", checkpoint_every=1e9))
    assert not (order.run / "checkpoint.pt").exists() and not look(order.run).resumable


def test_a_loss_on_the_watched_pictures_that_is_no_number_ends_the_run(order: Order, tmp_path: Path) -> None:
    """A variance below 0, which only what watches uses: training itself goes on with finite losses."""
    network = ARCHITECTURES[order.model].build()
    for name, value in network.state_dict().items():
        if name.endswith("running_var"):
            value.fill_(-1000.0)
    write_model(tmp_path / "odd", ModelCard(order.model, "odd", "logits"), network)
    with pytest.raises(SalviewerError, match="on the test pictures after epoch 1; the last"):
        go(replace(order, start=str(tmp_path / "odd")))
    state = torch.load(order.run / "checkpoint.pt", weights_only=True)
    assert state["step"] == 2 and json.loads(state["history"]) == []


def test_json_holds_no_bare_nan() -> None:
    def refuse(name: str) -> float:
        raise AssertionError(name)

    stream = io.StringIO()
    JsonLines(stream).tell("epoch", test_loss=float("nan"), metrics={"NSS": [float("inf"), 1.5]})
    written = json.loads(stream.getvalue(), parse_constant=refuse)
    assert written["test_loss"] is None and written["metrics"] == {"NSS": [None, 1.5]}
    assert dumps({"a": (1, 2.5)}) == json.dumps({"a": [1, 2.5]})


def test_no_run_in_a_folder_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no training run"):
        to_resume(tmp_path)
