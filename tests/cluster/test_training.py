"""The script of docs/training-hosts.md trains on two nodes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from salviewer.training.recipe import load_recipe
from tests.cluster.conftest import Nodes
from tests.training.conftest import make_sample

pytestmark = pytest.mark.cluster

PAGE = Path(__file__).parents[2] / "docs" / "training-hosts.md"


def test_two_nodes_train_one_network(nodes: Nodes, tmp_path: Path) -> None:
    match = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert match is not None
    (tmp_path / "train_on_ray.py").write_text(match[1], encoding="utf-8")
    random = np.random.default_rng(5)
    for number in range(8):
        make_sample(tmp_path / "data", "Indoor", f"{number + 1:03d}", random)
    recipe = replace(
        load_recipe("modern", "live_net"),
        name="tiny", epochs=1, train_batch=4, test_batch=4, init="published",
        input_size=(64, 96), output_size=(64, 96),
    )  # fmt: skip
    (tmp_path / "tiny.json").write_text(json.dumps(recipe.to_dict()))
    run = tmp_path / "run"
    words = ["train", "--data", tmp_path / "data", "--model", "live_net", "--recipe", tmp_path / "tiny.json"]
    words += ["--run", run, "--device", "cpu", "--events", "none"]
    command = [sys.executable, tmp_path / "train_on_ray.py", nodes.address, *words]
    ended = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=170)
    assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-2000:]
    assert ended.stdout.count("ended with 0") == 2
    assert list(run.rglob("weights.safetensors"))
