"""Small data sets in CAT2000's layout: bright discs on noise, looked at where the disc is; a run on one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from PIL import Image
from scipy.io import savemat

import salviewer
from salviewer.models.checkpoints import read_model
from salviewer.training.recipe import PAN2016, load_recipe
from tests.training import small_network as small_networks

SIZE = (96, 128)


@pytest.fixture(scope="session")
def discs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two categories of eight pictures, with maps and fixations."""
    root = tmp_path_factory.mktemp("discs")
    random = np.random.default_rng(5)
    for category in ("Indoor", "Outdoor"):
        for number in range(8):
            make_sample(root, category, f"{number + 1:03d}", random)
    return root


@pytest.fixture(scope="session")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four pictures, of which a split leaves three: for the Deep ConvNet, whose every step takes a second."""
    root = tmp_path_factory.mktemp("few")
    random = np.random.default_rng(6)
    for number in range(4):
        make_sample(root, "Indoor", f"{number + 1:03d}", random)
    return root


def make_sample(root: Path, category: str, stem: str, random: np.random.Generator) -> None:
    height, width = SIZE
    row, column = random.uniform(0.2, 0.8, 2) * SIZE
    picture = random.integers(0, 90, (height, width, 3), dtype=np.uint8)
    cv2.circle(picture, (round(column), round(row)), 9, (250, 210, 160), -1)
    places = np.rint(random.normal((row, column), 4, (40, 2))).astype(int).clip(0, np.array(SIZE) - 1)
    locations = np.zeros(SIZE, np.uint8)
    locations[places[:, 0], places[:, 1]] = 1
    density = cv2.GaussianBlur(locations.astype(np.float32), (0, 0), 5)
    base = root / "trainSet"
    for folder in ("Stimuli", "FIXATIONMAPS", "FIXATIONLOCS"):
        (base / folder / category).mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture).save(base / "Stimuli" / category / f"{stem}.jpg", quality=95)
    levels = np.rint(255 * density / density.max()).astype(np.uint8)
    Image.fromarray(levels).save(base / "FIXATIONMAPS" / category / f"{stem}.png")
    savemat(base / "FIXATIONLOCS" / category / f"{stem}.mat", {"fixLocs": locations})


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SALVIEWER_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def tiny_recipe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``modern`` for live_net on small pictures, from scratch and in float32."""
    recipe = replace(
        load_recipe("modern", "live_net"),
        name="tiny", epochs=2, train_batch=4, test_batch=4, init="published",
        input_size=(64, 96), output_size=(64, 96), ema=0.9,
    )  # fmt: skip
    path = tmp_path_factory.mktemp("recipe") / "tiny.json"
    path.write_text(json.dumps(recipe.to_dict()))
    return path


@pytest.fixture
def small_network() -> Iterator[str]:
    """The name of a network of three layers, known in this process alone."""
    with small_networks.known() as name:
        yield name


def train_words(data: Path, run: Path, recipe: Path, *more: str, model: str = "live_net") -> list[str]:
    """The words behind ``salviewer`` that train with seed 7 on the CPU."""
    return [
        *("train", "--data", str(data), "--model", model, "--recipe", str(recipe)),
        *("--run", str(run), "--seed", "7", "--device", "cpu", "--events", "jsonl", *more),
    ]


def same_end(run: Path, whole: Path) -> None:
    """Both ended with the same bits."""
    a, b = (torch.load(folder / "checkpoint.pt", weights_only=True) for folder in (whole, run))
    assert a["step"] == b["step"] == 6
    assert a["history"].replace(str(whole), "") == b["history"].replace(str(run), "")
    for part in ("network", "averaged"):
        assert a[part].keys() == b[part].keys()
        assert all(torch.equal(a[part][name], b[part][name]) for name in a[part])
    first, second = (read_model(folder / "model")[0] for folder in (whole, run))
    assert first.sha256 == second.sha256


_FROZEN = """#!{python}
import sys
from pathlib import Path
sys.frozen, sys.executable = True, __file__
from scripts.bundling.pruning import UNUSED
sys.modules.update(dict.fromkeys(UNUSED))  # an import of what the bundle lacks fails
sys.modules["torch._dynamo"] = None  # and of torch's compiler, which takes seconds
from salviewer import cli, launch
if sys.argv[1] != "window":
    raise SystemExit(cli.main())
launch.start(sys.argv[3:], Path(sys.argv[2]))
"""
"""Stands for the frozen program, which starts itself to train; as a window it is gone at once."""


@pytest.fixture(scope="session")
def whole(discs: Path, tmp_path_factory: pytest.TempPathFactory, tiny_recipe: Path) -> Path:
    """A finished run, as the frozen program's window has it made; in its folder lies what that ``said``."""
    scratch = tmp_path_factory.mktemp("whole")
    folder, program, log = scratch / "run", scratch / "salviewer-frozen", scratch / "said"
    program.write_text(_FROZEN.format(python=sys.executable))
    program.chmod(0o755)
    words = [str(program), "window", str(log), *train_words(discs, folder, tiny_recipe)]
    path = [str(Path(salviewer.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    subprocess.run(
        words, check=True, timeout=60, env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, path))}
    )
    ended = follow_to_the_end(log)
    assert ended["event"] == "finished", log.read_text()
    return Path(shutil.move(log, folder)).parent


def follow_to_the_end(log: Path) -> dict[str, Any]:
    """The last event that a trainer writes to its log."""
    until = time.monotonic() + 150
    while time.monotonic() < until:
        lines = log.read_text().splitlines()
        event = json.loads(lines[-1]) if lines and lines[-1].endswith("}") else {}
        if event.get("event") in ("finished", "failed", "stopped"):
            return dict(event)
        time.sleep(0.05)
    raise AssertionError(log.read_text())


@pytest.fixture
def tiny_pan(tmp_path: Path) -> Path:
    """``pan2016`` on small pictures."""
    recipe = replace(PAN2016, epochs=1, input_size=(48, 64), output_size=(44, 60))
    path = tmp_path / "tiny-pan.json"
    path.write_text(json.dumps(recipe.to_dict()))
    return path
