"""``salviewer train`` as a user runs it: in its own process, killed, resumed, interrupted and shared."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from salviewer.models.checkpoints import read_model
from salviewer.models.loading import load_model
from salviewer.training.datasets import open_dataset
from salviewer.training.evaluation import SIZE, evaluate
from salviewer.training.pack import open_pack

ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}


def command(data: Path, run: Path, recipe: Path, *more: str, model: str = "live_net") -> list[str]:
    return [
        *("-m", "salviewer", "train", "--data", str(data), "--model", model, "--recipe", str(recipe)),
        *("--run", str(run), "--seed", "7", "--device", "cpu", "--events", "jsonl", *more),
    ]


def train(*arguments: Any, **options: Any) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, *command(*arguments, **options)]
    return subprocess.run(line, capture_output=True, text=True, env=environment(), timeout=150, check=False)


def environment() -> dict[str, str]:
    return ENVIRONMENT | {"SALVIEWER_CACHE": os.environ["SALVIEWER_CACHE"]}


def events(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def whole(discs: Path, tmp_path_factory: pytest.TempPathFactory, tiny_recipe: Path) -> Path:
    """A finished run's folder; what it said on standard output lies in it as ``said``."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    done = train(discs, folder, tiny_recipe)
    assert done.returncode == 0, done.stderr
    (folder / "said").write_text(done.stdout)
    return folder


def test_a_run_tells_its_story_and_leaves_a_model(whole: Path) -> None:
    run = whole
    told = events((run / "said").read_text())
    kinds = [event["event"] for event in told]
    assert kinds[-1] == "finished"
    for kind in ("started", "step", "epoch", "checkpoint"):
        assert kind in kinds
    started = next(event for event in told if event["event"] == "started")
    assert (started["train"], started["held"], started["watched"]) == (14, 2, "test")
    epochs = [event for event in told if event["event"] == "epoch"]
    assert [event["epoch"] for event in epochs] == [1, 2]
    for event in epochs:
        assert {"NSS", "CC", "KL"} == event["metrics"].keys()
        assert np.isfinite([event["train_loss"], event["test_loss"]]).all()
        assert Image.open(event["triplet"]).width > 300
    kept = events((run / "events.jsonl").read_text())
    assert [{**event, "time": 0} for event in kept] == [{**event, "time": 0} for event in told]
    assert json.loads((run / "recipe.json").read_text())["name"] == "tiny"
    split = json.loads((run / "split.json").read_text())
    assert len(split["train"]) == 14
    assert "seed 7" in split["origin"]
    card = load_model(run / "model", "cpu").card
    assert card.curves["train_loss"] == [event["train_loss"] for event in epochs]
    assert (card.seed, card.epochs, card.recipe["name"]) == (7, 2, "tiny")
    for name in ("curves.png", "samples.png"):
        assert Image.open(run / name).height > 100
    assert json.loads((run / "metrics.json").read_text())["last"]["epoch"] == 2


def test_kill_in_the_middle_and_resume_ends_bit_for_bit(
    discs: Path, tmp_path: Path, tiny_recipe: Path, whole: Path
) -> None:
    run = tmp_path / "broken"
    line = [sys.executable, *command(discs, run, tiny_recipe, "--checkpoint-every", "0")]
    process = subprocess.Popen(line, stdout=subprocess.PIPE, text=True, env=environment())
    assert process.stdout
    for text in process.stdout:
        event = json.loads(text)
        if event["event"] == "checkpoint" and event["step"] == 4:  # in the second epoch of three steps
            process.send_signal(signal.SIGKILL)
            break
    process.communicate(timeout=30)
    assert process.returncode == -signal.SIGKILL
    assert not (run / "model").exists()
    refused = train(discs, run, tiny_recipe)
    assert refused.returncode == 1
    assert "add --resume" in refused.stderr
    other = train(discs, run, tiny_recipe, "--resume", "--epochs", "9")
    assert "belongs to another run" in other.stderr
    done = train(discs, run, tiny_recipe, "--resume")
    assert done.returncode == 0, done.stderr
    assert events(done.stdout)[0]["event"] in ("started", "packing")
    a, b = (torch.load(folder / "checkpoint.pt", weights_only=True) for folder in (whole, run))
    assert a["step"] == b["step"] == 6
    assert a["history"].replace(str(whole), "") == b["history"].replace(str(run), "")
    for part in ("network", "averaged"):
        assert all(torch.equal(a[part][name], b[part][name]) for name in a[part])
    first, second = (read_model(folder / "model")[0] for folder in (whole, run))
    assert first.sha256 == second.sha256


def test_interrupt_keeps_a_checkpoint(discs: Path, tmp_path: Path, tiny_recipe: Path) -> None:
    line = [sys.executable, *command(discs, tmp_path / "run", tiny_recipe, "--epochs", "500")]
    process = subprocess.Popen(
        line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
    )
    assert process.stdout
    for text in process.stdout:
        if json.loads(text)["event"] == "step":
            process.send_signal(signal.SIGINT)
            break
    rest, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors == ""
    told = events(rest)
    assert [event["event"] for event in told][-2:] == ["checkpoint", "stopped"]
    state = torch.load(tmp_path / "run" / "checkpoint.pt", weights_only=True)
    assert state["step"] == told[-2]["step"] >= 1


def test_two_processes_train_one_network(discs: Path, tmp_path: Path, tiny_recipe: Path, whole: Path) -> None:
    """``torchrun`` on the same command: half batches add up to whole ones, batch statistics apart."""
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
    line = [*torchrun, *command(discs, tmp_path / "two", tiny_recipe)[1:]]
    done = subprocess.run(line, capture_output=True, text=True, env=environment(), timeout=150, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    told = events(done.stdout)
    assert [event["event"] for event in told].count("finished") == 1
    alone = json.loads((whole / "metrics.json").read_text())["curves"]["train_loss"]
    together = json.loads((tmp_path / "two" / "metrics.json").read_text())["curves"]["train_loss"]
    assert together == pytest.approx(alone, rel=0.2)
    uneven = train(discs, tmp_path / "x", tiny_recipe, "--epochs", "0")
    assert uneven.returncode == 1
    assert "epochs is 0, outside 1 to 10000" in uneven.stderr


def test_pan2016_trains_the_deep_convnet(discs: Path, tmp_path: Path, tiny_pan: Path) -> None:
    done = train(discs, tmp_path / "run", tiny_pan, model="deep_convnet")
    assert done.returncode == 0, done.stderr
    predictor = load_model(tmp_path / "run" / "model", "cpu")
    assert predictor.card.output == "intensity"
    assert predictor.predict(np.zeros((20, 30, 3), np.uint8)).density.shape == (236, 316)


def test_teacher_photos_and_hints(discs: Path, tmp_path: Path, tiny_pan: Path, whole: Path) -> None:
    recipe = json.loads(tiny_pan.read_text()) | {
        "optimiser": "adamw", "lr": 1e-4, "loss": "probabilistic", "init": "log_density", "train_batch": 4,
        "teacher": str(whole / "model"), "teacher_share": 0.5, "hint_weight": 1.0, "ema": 0.9,
        "photos": str(discs / "trainSet" / "Stimuli" / "Indoor"),
    }  # fmt: skip
    (tmp_path / "taught.json").write_text(json.dumps(recipe))
    done = train(discs, tmp_path / "run", tmp_path / "taught.json", model="deep_convnet")
    assert done.returncode == 0, done.stderr
    started = next(event for event in events(done.stdout) if event["event"] == "started")
    assert (started["train"], started["photos"]) == (14, 8)
    card = load_model(tmp_path / "run" / "model", "cpu").card
    assert card.output == "logits"
    assert "8 unlabelled photographs" in card.started_from


def test_loss_that_is_no_number_stops_with_a_sentence(discs: Path, tmp_path: Path, tiny_pan: Path) -> None:
    recipe = json.loads(tiny_pan.read_text()) | {"lr": 10.0, "momentum": 0.99, "epochs": 40}
    tiny_pan.write_text(json.dumps(recipe))
    done = train(discs, tmp_path / "run", tiny_pan, model="deep_convnet")
    assert done.returncode == 1
    assert "no longer a number" in done.stderr
    assert "Traceback" not in done.stderr
    assert events(done.stdout)[-1]["event"] == "failed"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--data", "/nowhere"], "/nowhere: there is no such folder"),
        (["--recipe", "quick"], "no recipe 'quick'"),
        (["--device", "cuda:9"], "'cuda:9' is not present"),
        (["--start", "nothing"], "nothing: there is no model of that name"),
        (["--run", "/proc/run"], "/proc/run: the run's folder cannot be made"),
        (["--split", "/nowhere.json"], "the split cannot be read"),
        (["--resume"], "no checkpoint to resume from"),
    ],
)
def test_mistakes_get_one_sentence(
    discs: Path, tmp_path: Path, tiny_recipe: Path, arguments: list[str], sentence: str,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    from salviewer.cli import main

    assert main([*command(discs, tmp_path / "run", tiny_recipe)[2:], *arguments]) == 1
    errors = capfd.readouterr().err
    assert sentence in errors
    assert len(errors.strip().splitlines()) == 1


def test_evaluate_prints_a_table_and_writes_json(discs: Path, tmp_path: Path, whole: Path) -> None:
    split = {
        "train": [f"Indoor/{n:03d}" for n in range(1, 5)],
        "test": ["Indoor/005", "Indoor/006", "Outdoor/001"],
    }
    (tmp_path / "split.json").write_text(json.dumps(split))
    line = [
        *(
            sys.executable,
            "-m",
            "salviewer",
            "evaluate",
            "--model",
            str(whole / "model"),
            "--data",
            str(discs),
        ),
        *(
            "--split",
            str(tmp_path / "split.json"),
            "--json",
            str(tmp_path / "scores.json"),
            "--device",
            "cpu",
        ),
    ]
    done = subprocess.run(line, capture_output=True, text=True, env=environment(), timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    assert "centre bias" in done.stdout
    assert "Outdoor" in done.stdout
    scores = json.loads((tmp_path / "scores.json").read_text())
    rows = []
    for row in scores["rows"]:
        rows.append((row["category"], row["predictor"] == "centre bias", row["pictures"]))
    assert rows == [
        ("Indoor", True, 2), ("Indoor", False, 2), ("Outdoor", True, 1), ("Outdoor", False, 1),
        ("all", True, 3), ("all", False, 3),
    ]  # fmt: skip
    bias = scores["rows"][0]
    assert bias["IG"] == pytest.approx(0, abs=1e-9)
    assert {"NSS", "AUC-Judd", "sAUC", "IG", "CC", "SIM", "KL"} <= bias.keys()
    assert "of the evaluated pictures themselves for Outdoor" in scores["note"]
    assert len(scores["pictures"]) == 6


def test_one_of_several_pictures_scores_what_it_does_among_all(discs: Path, whole: Path) -> None:
    predictor = load_model(whole / "model", "cpu")
    dataset = open_dataset(discs)
    pack = open_pack(dataset.samples, SIZE)
    held = [name for name in pack.names if name != "Indoor/001"]  # 7 and 8 of a category
    told: list[tuple[int, int]] = []
    everything = {(p["name"], p["predictor"]): p for p in evaluate(predictor, pack, held, ()).pictures}
    few = evaluate(predictor, pack, held, (), lambda *step: told.append(step), every=3)
    names = [picture["name"] for picture in few.pictures if picture["predictor"] == predictor.name]
    assert names == [*(f"Indoor/{n:03d}" for n in (2, 5, 8)), *(f"Outdoor/{n:03d}" for n in (1, 4, 7))]
    assert [row.pictures for row in few.rows] == [3, 3, 3, 3, 6, 6]
    assert told[-1] == (6, 6)
    for picture in few.pictures:
        assert picture == everything[picture["name"], picture["predictor"]]
