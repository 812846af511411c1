"""Files of runs and models that are damaged: one sentence for a file, one entry for a bad entry."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch

from salviewer.cli import main
from salviewer.errors import DataError, ModelError
from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.card import ModelCard, card_line, read_card
from salviewer.models.catalog import damaged_models, find_model, list_models
from salviewer.models.checkpoints import write_model
from salviewer.models.loading import load_model
from salviewer.paths import model_weights
from salviewer.training.datasets import open_dataset
from salviewer.training.lock import holder
from salviewer.training.order import Order, read_order, to_resume
from salviewer.training.pack import open_pack
from salviewer.training.parent_watch import parent_gone
from salviewer.training.recipe import load_recipe
from salviewer.training.run_history import follow
from salviewer.training.run_setup import prepare_to_go_on
from salviewer.training.splits import read_split

DAMAGED = ["", "{", "[" * 100_000, "[]", "null", "3", '"a"', '{"data": 5, "model": []}', "\x00\x01"]


@pytest.mark.parametrize("text", DAMAGED)
def test_a_damaged_file_of_a_run_is_one_sentence(discs: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "order.json").write_text(text)
    with pytest.raises(DataError, match=r"order\.json: it is damaged"):
        read_order(tmp_path)
    (tmp_path / "split.json").write_text(text)
    with pytest.raises(DataError, match=r"split\.json: "):
        read_split(tmp_path / "split.json", open_dataset(discs))
    (tmp_path / "mine.json").write_text(text)
    with pytest.raises(DataError, match=r"mine\.json: the recipe"):
        load_recipe(str(tmp_path / "mine.json"), "live_net")
    for name in ("holder.json", "tie.json"):
        (tmp_path / name).write_text(text)
    assert holder(tmp_path) is None and not parent_gone(tmp_path)


@pytest.mark.parametrize("part", ['"train": 5', '"train": "Indoor/001"', '"val": {"a": 1}'])
def test_a_split_s_parts_are_lists(discs: Path, tmp_path: Path, part: str) -> None:
    path = tmp_path / "split.json"
    path.write_text(f'{{{part}, "test": ["Indoor/001"]}}')
    with pytest.raises(DataError, match="a split is a JSON object with the lists"):
        read_split(path, open_dataset(discs))


@pytest.mark.parametrize("pid", [-3, 0, 2**70, 1e400])
def test_a_process_that_cannot_be_is_nobody(tmp_path: Path, pid: float) -> None:
    import socket

    values = {"pid": pid, "host": socket.gethostname(), "started": 0.0}
    for name in ("holder.json", "tie.json"):
        (tmp_path / name).write_text(json.dumps(values))
    assert holder(tmp_path) is None and not parent_gone(tmp_path)


def test_one_bad_entry_of_an_order_costs_itself_and_is_reported(tmp_path: Path) -> None:
    order = Order(tmp_path / "data", "live_net", tmp_path, device="cpu", seed=3)
    path = tmp_path / "order.json"
    path.write_text(json.dumps(order.to_dict() | {"epochs": "many", "checkpoint_every": float("inf")}))
    notes: list[str] = []
    assert to_resume(tmp_path, notes.append) == order
    assert notes == [
        f"{path}: epochs, checkpoint_every cannot be used, and the defaults take their place; the file is"
        " kept as order.json.damaged"
    ]
    assert (tmp_path / "order.json.damaged").read_bytes() == path.read_bytes()
    assert prepare_to_go_on(tmp_path) == order
    assert follow(tmp_path).state.notes == tuple(notes)


def test_whole_orders_and_cards_are_not_complained_of(tmp_path: Path) -> None:
    order = Order(tmp_path / "data", "live_net", tmp_path, device="cpu", split=tmp_path / "s.json", epochs=3)
    refused: list[str] = []
    assert Order.from_dict(json.loads(json.dumps(order.to_dict())), refused) == order and refused == []
    assert {entry.card.refused for entry in list_models(model_weights())} == {()}
    card = ModelCard("live_net", "Mine", "logits")
    assert ModelCard.from_dict(json.loads(json.dumps(card.to_dict()))).refused == ()


def test_damaged_events_cost_themselves_alone(tmp_path: Path) -> None:
    good = {"event": "step", "step": 3, "total": 9, "epoch": 1, "loss": 0.5}
    bad: list[Any] = [
        {**good, "step": 10**400, "loss": 10**400},
        {**good, "step": float("inf")},
        {"event": "epoch", "epoch": 1, "train_loss": 1, "test_loss": 1, "metrics": 5, "triplet": ""},
        {"event": ["x"]},
    ]
    lines = [json.dumps(event) for event in (*bad, good)] + ["[" * 100_000, '{"event": {}}']
    (tmp_path / "events.jsonl").write_text("\n".join(lines) + "\n")
    assert follow(tmp_path).state.step == 3


def _write(folder: Path, **card: Any) -> Path:
    torch.manual_seed(1)
    write_model(folder, ModelCard("live_net", "Mine", "logits"), ARCHITECTURES["live_net"].build())
    path = folder / "card.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | card))
    return folder


def test_one_bad_entry_of_a_card_costs_itself_and_is_reported(tmp_path: Path) -> None:
    folder = _write(
        tmp_path / "mine", data=5, curves={"NSS": 3}, metrics={"test": [7]}, epochs="two", notes="kept"
    )
    card = read_card(folder / "card.json")
    assert card.notes == "kept" and card.data == {} and card.epochs == 0
    assert card_line(card, "CPU") == "Mine (live_net) on CPU."
    note = "the model card's data, epochs, curves, metrics cannot be used and are left out"
    assert load_model(folder, "cpu").note == card.remark == note
    assert "refused" not in card.to_dict()


@pytest.mark.parametrize("text", ["", "[" * 100_000, "[]", '{"architecture": [], "output": "logits"}'])
def test_an_own_model_with_a_damaged_card_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("SALVIEWER_DATA_DIR", str(tmp_path))
    folder = _write(tmp_path / "models" / "mine")
    (folder / "card.json").write_text(text)
    assert [Path(error.path) for error in damaged_models()] == [folder / "card.json"]
    assert find_model("mine") == folder
    with pytest.raises(ModelError, match=r"card\.json: the model card"):
        load_model("mine", "cpu")


def test_a_damaged_pack_is_made_anew(discs: Path, tmp_path: Path) -> None:
    samples = open_dataset(discs).samples[:2]
    whole = open_pack(samples, (48, 64), folder=tmp_path)
    (place,) = (path for path in tmp_path.iterdir() if path.is_dir())
    for name in ("index.json", "stimuli.npy", "bounds.npy"):
        (place / name).write_bytes(b"{")
        again = open_pack(samples, (48, 64), folder=tmp_path)
        assert again.names == whole.names and (again.stimuli[:] == whole.stimuli[:]).all()


def test_a_damaged_checkpoint_is_one_sentence(
    discs: Path, tiny_recipe: Path, tmp_path: Path, small_network: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    arguments = ["train", f"--data={discs}", f"--model={small_network}", f"--run={run}"]
    arguments.append(f"--recipe={tiny_recipe}")
    assert main([*arguments, "--device=cpu", "--epochs=1", "--events=none"]) == 0
    state = torch.load(run / "checkpoint.pt", weights_only=True)
    shutil.copy(run / "checkpoint.pt", run / "whole.pt")
    for damaged in ([], {}, state | {"history": "{"}, state | {"network": {}}, state | {"losses": "x"}):
        torch.save(damaged, run / "checkpoint.pt")
        capsys.readouterr()
        assert main(["train", f"--run={run}", "--resume", "--epochs=2", "--events=none"]) == 1
        lines = capsys.readouterr().err.splitlines()
        assert len(lines) == 1 and "something unexpected" not in lines[0], lines
        assert "checkpoint" in lines[0] or "data are no longer" in lines[0]
    shutil.copy(run / "whole.pt", run / "checkpoint.pt")
    assert main(["train", f"--run={run}", "--resume", "--epochs=2", "--events=none"]) == 0
