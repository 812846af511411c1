"""pysaliency: our networks as its models, its models in our tables, and files that its readers open."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from scipy.special import logsumexp

from salviewer.cli import main
from salviewer.errors import SalviewerError
from salviewer.interop import pysaliency as interop
from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.card import ModelCard
from salviewer.models.checkpoints import write_model
from salviewer.models.loading import load_model
from salviewer.models.predictor import Predictor
from salviewer.training.calls import evaluate
from tests.training.layouts import COUNT, SCENES, plain_table


@pytest.fixture(scope="module")
def pysaliency() -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        stub: Any = types.ModuleType("pkg_resources")
        stub.resource_string = stub.resource_listdir = stub.resource_filename = None
        if "pkg_resources" not in sys.modules:
            patch.setitem(sys.modules, "pkg_resources", stub)
        if not hasattr(np, "trapz"):
            patch.setattr(np, "trapz", np.trapezoid, raising=False)
        yield pytest.importorskip("pysaliency")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(6)
    path = tmp_path_factory.mktemp("models") / "random"
    write_model(path, ModelCard("live_net", "Random", "logits"), ARCHITECTURES["live_net"].build())
    return path


@pytest.fixture(scope="module")
def network(folder: Path) -> Predictor:
    return load_model(folder, "cpu")


def test_a_network_is_a_model_of_pysaliency(pysaliency: Any, network: Predictor) -> None:
    model = interop.as_model(network)
    assert isinstance(model, pysaliency.Model)
    stimuli = pysaliency.Stimuli([scene.pixels for scene in SCENES])
    logs = model.log_density(stimuli[0])
    assert logs.shape == (60, 80) and logsumexp(logs) == pytest.approx(0, abs=1e-9)
    expected = network.predict(SCENES[0].pixels).resize().log_density()
    np.testing.assert_array_equal(logs, expected)


def test_a_model_of_pysaliency_is_scored_as_ours_are(
    pysaliency: Any, network: Predictor, tmp_path: Path
) -> None:
    plain_table(tmp_path)
    ours = evaluate(network, tmp_path)
    theirs = interop.evaluate(interop.as_model(network), tmp_path, name="by way of pysaliency")
    assert theirs.model == "by way of pysaliency"
    rows = {row.predictor: row.scores for row in (*ours.rows, *theirs.rows)}
    for metric in ("NSS", "AUC-Judd", "IG", "CC"):
        assert rows["by way of pysaliency"][metric] == pytest.approx(rows[ours.model][metric], abs=0.02)

    class Bright(pysaliency.SaliencyMapModel):  # type: ignore[misc]
        def _saliency_map(self, stimulus: Any) -> Any:
            return np.asarray(stimulus, float).mean(axis=2) - 90

    bright = interop.evaluate(Bright(), tmp_path)
    assert {row.predictor: row.scores["NSS"] for row in bright.rows}["Bright"] > 1


def test_a_submission_opens_in_pysaliency(
    pysaliency: Any, folder: Path, network: Predictor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, scene in enumerate(SCENES):
        scene.picture(tmp_path / "testSet" / "Stimuli" / ("Action", "Art")[number % 2] / f"{number:03d}.png")
    target = tmp_path / "made.hdf5"
    assert main(["submit", str(tmp_path), "-o", str(target), f"--model={folder}", "--device=cpu"]) == 0
    assert f"log densities of {COUNT} pictures" in capsys.readouterr().out
    files = sorted((tmp_path / "testSet").rglob("*.png"))
    stimuli = pysaliency.FileStimuli([str(path) for path in files])
    model = pysaliency.HDF5Model(stimuli, str(target))
    for number in range(COUNT):
        logs = model.log_density(stimuli[number])
        expected = network.predict(np.asarray(stimuli.stimuli[number])).resize().log_density()
        np.testing.assert_allclose(logs, expected, atol=1e-4)
        assert logsumexp(logs) == pytest.approx(0, abs=1e-4)


def test_without_pysaliency_it_is_named(monkeypatch: pytest.MonkeyPatch, network: Predictor) -> None:
    monkeypatch.setitem(sys.modules, "pysaliency", None)
    with pytest.raises(SalviewerError, match="pip install pysaliency"):
        interop.as_model(network)
