"""``salviewer train`` as a user runs it: in its own process, killed, resumed, interrupted and shared."""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from salviewer.cli import main
from salviewer.models.checkpoints import read_model
from salviewer.models.loading import load_model
from salviewer.training.datasets import open_dataset
from salviewer.training.evaluation import SIZE, evaluate
from salviewer.training.pack import open_pack
from salviewer.training.runs import look
from tests.training.conftest import same_end, train_words
from tests.training.processes import Process

Start = Callable[..., Process]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts ``salviewer train`` as `train_words` has it."""
    scratch = tmp_path / "said"
    scratch.mkdir()
    started: list[Process] = []

    def begin(*arguments: Any, environment: Mapping[str, str] = {}, **options: Any) -> Process:
        started.append(Process(train_words(*arguments, **options), scratch, environment))
        return started[-1]

    yield begin
    for process in started:
        process.kill()


def events(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_run_reports_its_events_and_leaves_a_model(whole: Path) -> None:
    run = whole
    written = events((run / "said").read_text())
    kinds = [event["event"] for event in written]
    assert kinds[-1] == "finished"
    for kind in ("started", "step", "epoch", "checkpoint"):
        assert kind in kinds
    started = next(event for event in written if event["event"] == "started")
    assert (started["train"], started["held"], started["watched"]) == (14, 2, "test")
    epochs = [event for event in written if event["event"] == "epoch"]
    assert [event["epoch"] for event in epochs] == [1, 2]
    for event in epochs:
        assert {"NSS", "CC", "KL"} == event["metrics"].keys()
        assert np.isfinite([event["train_loss"], event["test_loss"]]).all()
        assert Image.open(event["triplet"]).width > 300
    kept = events((run / "events.jsonl").read_text())
    assert [{**event, "time": 0} for event in kept] == [{**event, "time": 0} for event in written]
    assert json.loads((run / "recipe.json").read_text())["name"] == "tiny"
    split = json.loads((run / "split.json").read_text())
    assert len(split["train"]) == 14
    assert "seed 7" in split["origin"]
    card = load_model(run / "model", "cpu").card
    assert card.curves["train_loss"] == [event["train_loss"] for event in epochs]
    assert (card.seed, card.epochs, card.recipe["name"]) == (7, 2, "tiny")
    learnt = load_model(run / "model", "cpu").predict(np.zeros((48, 64, 3), np.uint8))
    assert learnt.density.shape == card.input_size == (64, 96)
    for name in ("curves.png", "samples.png"):
        assert Image.open(run / name).height > 100
    assert json.loads((run / "metrics.json").read_text())["last"]["epoch"] == 2


def test_killed_at_every_step_and_resumed_ends_bit_for_bit(
    discs: Path, tmp_path: Path, tiny_recipe: Path, whole: Path, start: Start
) -> None:
    """After each checkpoint, before the first, within a step, and while an epoch's end is watched."""
    run = tmp_path / "broken"
    kills = [("started", 0), *(("checkpoint", step) for step in range(1, 6)), ("epoch", 2)]
    reached, resume = 0, False
    for kind, number in kills:
        process = start(discs, run, tiny_recipe, "--checkpoint-every", "0", *(["--resume"] if resume else []))
        for event in process.events():
            if event["event"] == "started":
                assert event["step"] == reached  # nothing before the last checkpoint is lost
            if event["event"] == "checkpoint":
                reached, resume = event["step"], True
            if event["event"] == kind and event.get("step", event.get("epoch", 0)) >= number:
                process.send(signal.SIGKILL)
                break
        assert process.end().returncode == -signal.SIGKILL
        if resume:  # it may have come further before the signal reached it, and its files are whole
            reached = torch.load(run / "checkpoint.pt", weights_only=True)["step"]
        assert not (run / "model").exists()
    assert start(discs, run, tiny_recipe, "--resume").end().returncode == 0
    same_end(run, whole)


def test_a_run_is_not_overwritten_and_not_continued_as_another(
    discs: Path, tiny_recipe: Path, whole: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    kept = (whole / "checkpoint.pt").read_bytes()
    events_before = (whole / "events.jsonl").read_bytes()
    for more, sentence in (
        ((), "add --resume"),
        (("--resume", "--seed", "9"), "belongs to another run"),
        (("--resume", "--epochs", "1"), "has trained 2 epochs already, more than 1"),
    ):
        assert main(train_words(discs, whole, tiny_recipe, *more)) == 1
        assert sentence in capfd.readouterr().err
    assert (whole / "checkpoint.pt").read_bytes() == kept
    (whole / "events.jsonl").write_bytes(events_before)


def test_interrupt_keeps_a_checkpoint(discs: Path, tmp_path: Path, tiny_recipe: Path, start: Start) -> None:
    process = start(discs, tmp_path / "run", tiny_recipe, "--epochs", "500")
    for event in process.events():
        if event["event"] == "step":
            process.send(signal.SIGINT)
            break
    done = process.end()
    assert (done.returncode, done.stderr) == (130, "")
    written = events(done.stdout)
    assert [event["event"] for event in written][-2:] == ["checkpoint", "stopped"]
    state = torch.load(tmp_path / "run" / "checkpoint.pt", weights_only=True)
    assert state["step"] == written[-2]["step"] >= 1


def test_two_processes_train_one_network(
    discs: Path, tmp_path: Path, tiny_recipe: Path, whole: Path, start: Start
) -> None:
    """Half batches add up to whole ones, batch statistics apart; `torchrun` itself: tests/app."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    place = {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port}
    two = [
        start(discs, tmp_path / "two", tiny_recipe, environment=place | {"RANK": rank, "LOCAL_RANK": rank})
        for rank in ("0", "1")
    ]
    done = [process.end() for process in two]
    assert [process.returncode for process in done] == [0, 0], done
    assert done[1].stdout == ""
    assert [event["event"] for event in events(done[0].stdout)].count("finished") == 1
    alone = json.loads((whole / "metrics.json").read_text())["curves"]["train_loss"]
    together = json.loads((tmp_path / "two" / "metrics.json").read_text())["curves"]["train_loss"]
    assert together == pytest.approx(alone, rel=0.2)


def test_pan2016_trains_the_deep_convnet(few: Path, tmp_path: Path, tiny_pan: Path, start: Start) -> None:
    done = start(few, tmp_path / "run", tiny_pan, model="deep_convnet").end()
    assert done.returncode == 0, done.stderr
    card, weights = read_model(tmp_path / "run" / "model")
    assert card.output == "intensity" and card.recipe["momentum"] == 0.9
    assert all(value.isfinite().all() for value in weights.values())


def test_teacher_photos_and_hints(
    few: Path, tmp_path: Path, tiny_pan: Path, whole: Path, start: Start
) -> None:
    recipe = json.loads(tiny_pan.read_text()) | {
        "optimiser": "adamw", "lr": 1e-4, "loss": "probabilistic", "init": "log_density", "train_batch": 4,
        "teacher": str(whole / "model"), "teacher_share": 0.5, "hint_weight": 1.0, "ema": 0.9,
        "photos": str(few / "trainSet" / "Stimuli" / "Indoor"),
    }  # fmt: skip
    (tmp_path / "taught.json").write_text(json.dumps(recipe))
    done = start(few, tmp_path / "run", tmp_path / "taught.json", model="deep_convnet").end()
    assert done.returncode == 0, done.stderr
    started = next(event for event in events(done.stdout) if event["event"] == "started")
    assert (started["train"], started["photos"]) == (3, 4)
    card = read_model(tmp_path / "run" / "model")[0]
    assert card.output == "logits"
    assert "4 unlabelled photographs" in card.started_from


def test_loss_that_is_no_number_stops_with_a_sentence_and_keeps_the_last_good_checkpoint(
    discs: Path, tmp_path: Path, tiny_recipe: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    recipe = json.loads(tiny_recipe.read_text())
    recipe |= {"optimiser": "sgd", "lr": 10.0, "momentum": 0.99, "clip_gradient": 0, "epochs": 40, "ema": 0}
    (tmp_path / "wild.json").write_text(json.dumps(recipe))
    run = tmp_path / "run"
    assert main(train_words(discs, run, tmp_path / "wild.json", "--checkpoint-every", "0")) == 1
    said = capfd.readouterr()
    assert "no longer a number at step" in said.err and "a lower learning rate than 10" in said.err
    assert len(said.err.strip().splitlines()) == 1
    assert events(said.out)[-1]["event"] == "failed" and look(run).state == "failed"
    state = torch.load(run / "checkpoint.pt", weights_only=True)
    assert state["step"] >= 1
    assert all(value.isfinite().all() for value in state["network"].values())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--data", "/nowhere"], "/nowhere: there is no such folder"),
        (["--recipe", "quick"], "no recipe 'quick'"),
        (["--device", "cuda:9"], "'cuda:9' is not present"),
        (["--start", "nothing"], "nothing: there is no model of that name"),
        (["--run", "/proc/run"], "/proc/run: the run's folder cannot be made"),
        (["--split", "/nowhere.json"], "the split cannot be read"),
        (["--resume"], "there is no run in this folder to resume"),
    ],
)
def test_mistakes_get_one_sentence(
    discs: Path, tmp_path: Path, tiny_recipe: Path, arguments: list[str], sentence: str,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    assert main([*train_words(discs, tmp_path / "run", tiny_recipe), *arguments]) == 1
    errors = capfd.readouterr().err
    assert sentence in errors
    assert len(errors.strip().splitlines()) == 1


def test_evaluate_prints_a_table_and_writes_json(
    discs: Path, tmp_path: Path, whole: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    split = {
        "train": [f"Indoor/{n:03d}" for n in range(1, 5)],
        "test": ["Indoor/005", "Indoor/006", "Outdoor/001"],
    }
    (tmp_path / "split.json").write_text(json.dumps(split))
    words = ["evaluate", f"--model={whole / 'model'}", f"--data={discs}", "--device=cpu"]
    words += [f"--split={tmp_path / 'split.json'}", f"--json={tmp_path / 'scores.json'}"]
    assert main(words) == 0
    table = capfd.readouterr().out
    assert "centre bias" in table
    assert "Outdoor" in table
    scores = json.loads((tmp_path / "scores.json").read_text())
    rows = []
    for row in scores["rows"]:
        rows.append((row["category"], row["predictor"], row["pictures"]))
        assert row["intervals"].keys() == row.keys() - {"category", "predictor", "pictures", "intervals"}
        assert all(low <= row[metric] <= high for metric, (low, high) in row["intervals"].items())
    predictors = ("centre bias", str(whole / "model"), "half of the fixations")
    expected = (("Indoor", 2), ("Outdoor", 1), ("all", 3))
    assert rows == [(category, name, count) for category, count in expected for name in predictors]
    bias = scores["rows"][0]
    assert bias["IG"] == pytest.approx(0, abs=1e-9)
    assert {"NSS", "AUC-Judd", "sAUC", "IG", "CC", "SIM", "KL"} <= bias.keys()
    assert "of the evaluated pictures themselves for Outdoor" in scores["note"]
    assert len(scores["pictures"]) == 9


def test_one_of_several_pictures_scores_what_it_does_among_all(discs: Path, whole: Path) -> None:
    predictor = load_model(whole / "model", "cpu")
    dataset = open_dataset(discs)
    pack = open_pack(dataset.samples, SIZE)
    held = [name for name in pack.names if name != "Indoor/001"]  # 7 and 8 of a category
    steps: list[tuple[int, int]] = []
    everything = {(p["name"], p["predictor"]): p for p in evaluate(predictor, pack, held, ()).pictures}
    few = evaluate(predictor, pack, held, (), lambda *step: steps.append(step), every=3)
    names = [picture["name"] for picture in few.pictures if picture["predictor"] == predictor.name]
    assert names == [*(f"Indoor/{n:03d}" for n in (2, 5, 8)), *(f"Outdoor/{n:03d}" for n in (1, 4, 7))]
    assert [row.pictures for row in few.rows] == [3, 3, 3, 3, 3, 3, 6, 6, 6]
    assert steps[-1] == (6, 6)
    for picture in few.pictures:
        assert picture == everything[picture["name"], picture["predictor"]]
