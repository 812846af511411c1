"""Odd arguments of every command: one sentence, no traceback, nothing written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from salviewer.cli import main
from tests.training.conftest import make_sample

BIG = "9" * 30
LONG = "x" * 5000
PICTURE = "data/trainSet/Stimuli/Indoor/000.jpg"
FRAMES = "data/trainSet/Stimuli/Indoor"

BY_COMMAND: dict[tuple[str, ...], dict[str, Sequence[str]]] = {
    ("train", "--data=data", "--model=live_net", "--run=run"): {
        "epochs": ["-1", "0", "nan", "1.5", "", BIG],
        "seed": ["-1", "x", "1e9", BIG],
        "device": ["foo", "", "cuda:99", f"cuda:{BIG}"],
        "checkpoint-every": ["nan", "-1", "inf", "x", "1e400"],
        "threads": ["-1", "0", BIG, "x", "100000000"],
        "estimate": ["-5", "0", BIG, "x"],
        "data": ["file", "dir", "nowhere", "empty", LONG],
        "run": ["file", "file/run", "/proc/run", LONG],
        "recipe": ["dir", "nowhere", "file", "empty", LONG],
        "split": ["dir", "nowhere", "file", "empty"],
        "start": ["dir", "nowhere", "file", "empty", "deep_convnet"],
        "teacher": ["nonsense", " + ", "dir"],
        "photos": ["nowhere", "dir"],
    },
    ("train", "--resume"): {"run": ["nowhere", "file", "dir"]},
    ("evaluate", "--data=data"): {
        "model": ["dir", "file", "nowhere", ""],
        "maps": ["file", "nowhere", "dir"],
        "every": ["0", "-1", "nan", BIG],
        "worst": ["0", "-2", BIG],
        "device": ["foo", "cuda:99"],
        "json": ["dir", "nowhere/x.json", "/proc/x.json", LONG],
        "report": ["dir", "nowhere/x.html"],
        "beside": ["nowhere", "dir"],
        "split": ["dir", "nowhere", "file"],
    },
    ("evaluate",): {"data": ["file", "dir", "nowhere", ""]},
    ("predict", PICTURE, "-o", "out"): {
        "sigma": ["nan", "-1", "x", "inf", "1e400", ""],
        "threshold": ["nan", "pnan", "p-1", "2"],
        "hotspots": ["nan", "-1", "0", "nan%", "-5%", BIG],
        "size": ["nan", "0", "-5", "nan%", "0%", "1e9%", BIG],
        "quality": ["nan", "0", "-1"],
        "model": ["nowhere", "dir", "file"],
        "project": ["dir", "nowhere", "file"],
        "half-life": ["nan", "-1", "inf"],
        "frames": ["0", "-1"],
        "timeout": ["nan", "0"],
    },
    ("predict", PICTURE): {"output": ["file", "file/x", LONG, "", "/proc/out"]},
    ("watch", FRAMES): {
        "frames": ["0", "nan", BIG],
        "max-rate": ["nan", "0", "inf"],
        "hotspots": ["0", "-1", "nan", BIG],
        "publish": ["nonsense", "zmq://*:99999999", "mqtt://host:99999/x"],
        "size": ["0x0", "99999x99999", "640x480", "x", BIG],
        "rate": ["nan", "-1"],
        "reconnect": ["1"],
        "project": ["dir", "nowhere"],
        "detector": ["nowhere.py"],
        "model": ["dir"],
    },
    ("watch", FRAMES, "--follow"): {"path": ["dir", "nowhere/x.csv", "x.txt", "file/x.csv"]},
    ("compare", PICTURE, PICTURE): {
        "output": ["dir", "x.txt", "nowhere/x.png", PICTURE],
        "sigma": ["nan"],
        "opacity": ["9"],
    },
    ("bench", "--quick"): {"json": ["dir", "nowhere/x", ""], "device": ["foo"]},
    ("doctor",): {"nonsense": ["1"]},
    ("view",): {"device": ["foo"], "engine": ["foo"]},
}
ODD = [
    [*command, f"--{option}={value}"]
    for command, options in BY_COMMAND.items()
    for option, values in options.items()
    for value in values
]
ODD += [["watch", source] for source in ("nowhere", "dir", "file", "empty", "camera:x", "rtsp://", LONG)]
ODD += [["compare", PICTURE], ["compare", PICTURE, "nowhere"], ["compare", PICTURE, "dir"]]
ODD += [["predict", "nowhere", "-o", "out"], ["predict", LONG, "-o", "out"], ["bench", "nowhere"], ["traim"]]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data set of four pictures, and what is none."""
    root = tmp_path_factory.mktemp("odd")
    random = np.random.default_rng(1)
    for number in range(4):
        make_sample(root / "data", "Indoor", f"{number:03d}", random)
    (root / "file").write_text("x")
    (root / "empty").touch()
    (root / "dir").mkdir()
    return root


@pytest.mark.parametrize("arguments", ODD, ids=lambda words: " ".join(words)[-60:])
def test_one_sentence_and_nothing_written(
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
) -> None:
    monkeypatch.chdir(place)
    monkeypatch.setenv("SALVIEWER_CACHE", str(tmp_path / "cache"))
    before = {path: path.stat().st_mtime_ns for path in place.rglob("*") if path.is_file()}
    try:
        code: object = main(arguments)
    except SystemExit as ended:
        code = ended.code
    lines = capsys.readouterr().err.splitlines()
    after = {path: path.stat().st_mtime_ns for path in place.rglob("*") if path.is_file()}
    assert code in (1, 2), lines
    assert code == 2 or len(lines) == 1, lines  # argparse puts the usage before its sentence
    assert lines[-1].startswith("salviewer") and (len(lines[-1]) < 500 or LONG in lines[-1])
    assert "something unexpected" not in lines[-1] and "Traceback" not in "".join(lines)
    assert after == before
