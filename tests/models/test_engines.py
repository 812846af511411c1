"""Engines give the same maps, one replaces another that fails, and OpenVINO needs no torch."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from skimage import data

from salviewer.errors import ModelError, SalviewerError
from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.availability import built_for_processors
from salviewer.models.catalog import find_model
from salviewer.models.devices import Device
from salviewer.models.engines.base import Engine, EngineError
from salviewer.models.engines.choice import Candidate, candidates, torch_engine
from salviewer.models.engines.openvino_engine import OpenVinoEngine
from salviewer.models.engines.torch_engine import TorchEngine, spare_a_core
from salviewer.models.loading import load_model, loads_torch
from salviewer.models.machine import sparing
from salviewer.models.predictor import Predictor
from salviewer.models.preprocess import resize
from salviewer.models.reading import read_arrays
from salviewer.models.timing import eager_engine

ROOT = Path(__file__).parents[2]
CPU = Device("cpu", "CPU, float32", torch.float32)
ON_THE_PROCESSOR = ("CPU, float32, OpenVINO", "CPU, bfloat16, OpenVINO")

NEAR = 1e-4
"""By how much engines may differ in float32, in parts of a map's peak."""


def stimuli(*pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.stack([np.asarray(resize(picture, (240, 320)), np.uint8) for picture in pictures])


@pytest.mark.parametrize("name", ["live_net", "deep_convnet"])
def test_engines_agree_with_the_published_network_on_photographs(name: str) -> None:
    card, weights = read_arrays(find_model(name))
    shown = stimuli(data.astronaut(), *([data.coffee(), data.chelsea()] if name == "live_net" else []))
    engine = OpenVinoEngine(ARCHITECTURES[name], weights, card.output)
    ours = engine.densities(shown)
    theirs = eager_engine(name).densities(shown)
    assert ours.shape == (len(shown), *ARCHITECTURES[name].output_size)
    assert ours.dtype == np.float32
    near, alike = (NEAR, 0.999999) if "float32" in engine.title else (0.1, 0.995)
    for a, b in zip(ours, theirs, strict=True):
        assert np.abs(a - b).max() < near * b.max()
        assert np.corrcoef(a.ravel(), b.ravel())[0, 1] > alike
    chosen = torch_engine(card, weights, "cpu").densities(shown)  # in half precision where that is fast
    for a, b in zip(chosen, theirs, strict=True):
        assert np.corrcoef(a.ravel(), b.ravel())[0, 1] > 0.995


@pytest.mark.parametrize("name", ["live_net", "deep_convnet"])
def test_weights_are_shown_pictures_at_the_size_of_their_card(name: str) -> None:
    card, weights = read_arrays(find_model(name))
    card = replace(card, input_size=(96, 152))
    maps = []
    for engine in ("openvino", "torch"):
        predictor = Predictor(name, card, candidates(card, weights, "cpu", engine))
        assert predictor.input_size == (96, 152)
        maps.append(predictor.predict(data.astronaut()).density)
        shown = np.asarray(resize(data.astronaut(), (96, 152)), np.uint8)
        assert np.array_equal(predictor.densities(shown[None])[0], maps[-1])
        larger = predictor.densities(stimuli(data.astronaut()))
        assert predictor.engine.name == engine and not predictor.note
        assert np.corrcoef(larger[0].ravel(), maps[-1].ravel())[0, 1] > 0.97
    assert maps[0].shape == maps[1].shape == ARCHITECTURES[name].output_for((96, 152))
    assert np.corrcoef(maps[0].ravel(), maps[1].ravel())[0, 1] > 0.995


@pytest.mark.parametrize(
    ("threads", "cores", "expected"), [(1, 1, 1), (2, 2, 2), (3, 3, 2), (8, 8, 7), (8, 16, 8), (4, 2, 4)]
)
def test_a_core_is_left_to_the_window(threads: int, cores: int, expected: int) -> None:
    assert sparing(threads, cores) == expected
    assert sparing(expected, cores) == expected


def test_torch_leaves_a_core_to_the_window_once(monkeypatch: pytest.MonkeyPatch) -> None:
    before = torch.get_num_threads()
    monkeypatch.setattr("salviewer.models.engines.torch_engine.usable_processors", lambda: 4)
    try:
        torch.set_num_threads(4)
        spare_a_core()
        spare_a_core()
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)


@pytest.mark.parametrize("name", ["live_net", "live_net_large", "attention_net"])
def test_openvino_computes_a_users_own_checkpoint(name: str, tmp_path: Path) -> None:
    torch.manual_seed(4)
    network = ARCHITECTURES[name].build()
    for module in network.modules():  # statistics as after training, so that their folding is put to the test
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.running_mean, -0.2, 0.2)
            torch.nn.init.uniform_(module.running_var, 0.5, 2)
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
    torch.save({"model": network.state_dict(), "output": "intensity"}, tmp_path / "mine.pt")
    ours = load_model(tmp_path / "mine.pt", "cpu", "openvino")
    assert ours.engine.name == "openvino"
    assert (ours.card.architecture, ours.card.output) == (name, "intensity")
    a, b = (
        p.predict(data.coffee()).density for p in (ours, load_model(tmp_path / "mine.pt", "cpu", "torch"))
    )
    near = NEAR if "float32" in ours.device_title else 0.1
    assert np.abs(a - b).max() < near * b.max()


@pytest.mark.parametrize("name", list(ARCHITECTURES))
def test_the_tables_have_the_networks_own_shapes(name: str) -> None:
    with torch.device("meta"):
        state = ARCHITECTURES[name].build().state_dict()
    assert ARCHITECTURES[name].shapes() == {key: tuple(value.shape) for key, value in state.items()}


@pytest.mark.parametrize("name", ["live_net", "deep_convnet"])
@pytest.mark.parametrize("size", [(32, 33), (48, 62), (51, 64)])
def test_the_tables_know_the_size_of_the_map(name: str, size: tuple[int, int]) -> None:
    network = ARCHITECTURES[name].build_empty().eval()
    with torch.inference_mode():
        shape = network(torch.zeros(1, 3, *size)).shape
    assert ARCHITECTURES[name].output_for(size) == tuple(shape[-2:])


class Failing:
    """An engine that was made ready and then cannot compute."""

    name, device, title = "torch", "cuda:0", "A graphics card, float16"

    def densities(self, stimuli: NDArray[np.uint8]) -> NDArray[np.float32]:
        raise EngineError("there is not enough memory")


def test_an_engine_that_fails_is_replaced_and_that_is_said() -> None:
    card, weights = read_arrays(find_model("live_net"))
    rest = candidates(card, weights, "cpu")
    failing: Engine = Failing()  # type: ignore[assignment]
    predictor = Predictor("live_net", card, [Candidate("torch", "cuda:0", lambda: failing), *rest])
    assert predictor.note == ""
    saliency = predictor.predict(data.coffee())
    assert saliency.device == "cpu"
    assert predictor.note == (
        "A graphics card, float16 failed (there is not enough memory);"
        f" {predictor.device_title} computes instead"
    )
    assert predictor.device_title in ON_THE_PROCESSOR
    assert np.array_equal(saliency.density, load_model("live_net", "cpu").predict(data.coffee()).density)


def test_an_engine_that_cannot_be_made_is_replaced_and_that_is_said() -> None:
    card, weights = read_arrays(find_model("live_net"))
    network = ARCHITECTURES["live_net"].build()
    absent = Device("cuda:0", "absent", torch.float16)
    missing = Candidate("torch", "cuda:0", lambda: TorchEngine(network, "logits", absent))
    if not torch.cuda.is_available():
        predictor = Predictor("live_net", card, [missing, *candidates(card, weights, "cpu", "torch")])
        assert predictor.note.startswith("PyTorch on cuda:0 cannot be used (")
        assert "; CPU, " in predictor.note and predictor.note.endswith(" computes instead")
        with pytest.raises(ModelError, match=r"live_net: the network cannot run: PyTorch on cuda:0 cannot"):
            Predictor("live_net", card, [missing])


def test_when_the_last_engine_fails_it_is_said_and_can_be_tried_again() -> None:
    card = read_arrays(find_model("live_net"))[0]
    failing: Engine = Failing()  # type: ignore[assignment]
    predictor = Predictor("live_net", card, [Candidate("torch", "cuda:0", lambda: failing)])
    for _ in range(2):
        with pytest.raises(ModelError, match="cannot run on A graphics card, float16: there is not enough"):
            predictor.predict(data.coffee())


@pytest.mark.parametrize("device", ["cuda:7", "mps", "cuda"])
def test_openvino_is_not_for_graphics_cards(device: str) -> None:
    card, weights = read_arrays(find_model("live_net"))
    with pytest.raises(SalviewerError, match="OpenVINO runs on the processor, not on"):
        candidates(card, weights, device, "openvino")


def in_a_fresh_interpreter(code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_predicting_on_the_processor_imports_no_torch(tmp_path: Path) -> None:
    done = in_a_fresh_interpreter(
        "import sys; from salviewer.cli import main\n"
        "code = main(['predict', 'resources/samples/poster.png', '-o', sys.argv[1], '--device', 'cpu'])\n"
        "assert 'torch' not in sys.modules\n"
        "assert sys.modules['openvino_telemetry'] is None\n"
        "raise SystemExit(code)".replace("sys.argv[1]", repr(str(tmp_path)))
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert any(title in done.stdout for title in ON_THE_PROCESSOR)
    assert not loads_torch("live_net", "cpu")
    assert loads_torch("live_net", "cpu", "torch") and loads_torch("mine.pt", "cpu")


def test_an_openvino_that_cannot_be_loaded_is_replaced_and_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "openvino").mkdir()
    (tmp_path / "openvino" / "__init__.py").write_text("raise ImportError('not for this processor')")
    done = in_a_fresh_interpreter(
        "from salviewer.cli import main\n"
        f"raise SystemExit(main(['predict', 'resources/samples/poster.png', '-o', {str(tmp_path)!r},"
        " '--device', 'cpu']))",
        PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}",
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith(
        "salviewer: OpenVINO on the CPU cannot be used (not for this processor); CPU, "
    )
    assert "1 overlay written" in done.stdout


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cuda: Optional[str] = None\nhip: Optional[str] = None\n", True),
        ("cuda: Optional[str] = '12.8'\nhip: Optional[str] = None\n", False),
        ("cuda: Optional[str] = None\nhip: Optional[str] = '6.3'\n", False),
        ("", False),
    ],
)
def test_what_torch_was_built_for_is_read_from_its_version(tmp_path: Path, text: str, expected: bool) -> None:
    (tmp_path / "version.py").write_text(text)
    assert built_for_processors(tmp_path / "version.py") is expected
    assert not built_for_processors(tmp_path / "missing.py")
