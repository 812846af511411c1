"""`salviewer.train` and `salviewer.evaluate`, from Python."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import salviewer


def test_a_network_is_trained_and_scored_from_python(discs: Path, tmp_path: Path, tiny_recipe: Path) -> None:
    events: list[str] = []
    folder = salviewer.train(
        discs, tmp_path / "run", model="live_net", recipe=tiny_recipe, epochs=1, device="cpu", seed=3,
        progress=lambda kind, values: events.append(kind),
    )  # fmt: skip
    assert events[-1] == "finished" and "epoch" in events
    model = salviewer.load_model(folder, device="cpu")
    steps: list[tuple[int, int]] = []
    result = salviewer.evaluate(model, discs, progress=lambda done, total: steps.append((done, total)))
    assert steps[-1][0] == steps[-1][1] > 0
    rows = {(row.category, row.predictor): row.scores for row in result.rows}
    assert {"NSS", "IG", "KL"} <= rows["all", model.name].keys()
    held = set(json.loads((tmp_path / "run" / "split.json").read_text())["test"])
    assert {item["name"] for item in result.pictures} == held
    with pytest.raises(salviewer.SalviewerError, match="there is a run in it already"):
        salviewer.train(discs, tmp_path / "run", recipe=tiny_recipe)


def test_mistakes_are_named(discs: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a part is 'test', 'val' or 'train', not 'all'"):
        salviewer.evaluate("live_net", discs, part="all")
    with pytest.raises(salviewer.SalviewerError, match="there is no such folder"):
        salviewer.evaluate("live_net", tmp_path / "none")
    with pytest.raises(TypeError, match="epoch"):
        salviewer.train(discs, tmp_path / "other", epoch=3)
