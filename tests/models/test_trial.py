"""On processors with bfloat16, measurements decide whether it is used."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from salviewer import paths
from salviewer.core.resizing import resize
from salviewer.media.images import load_picture
from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.catalog import find_model
from salviewer.models.engines import runtime, trial
from salviewer.models.engines.openvino_engine import OpenVinoEngine, compile_network
from salviewer.models.engines.runtime import Precision
from salviewer.models.reading import read_arrays

SIZE = (24, 32)


class Timed:
    """What OpenVINO's compiled network is to a trial, with a rate and a map of our choosing."""

    def __init__(self, seconds: float, shown: NDArray[np.float32], precision: str) -> None:
        self.seconds, self.shown, self.precision = seconds, shown, precision
        self.inputs = ["stimulus"]
        self.runs = 0

    def get_property(self, name: str) -> str:
        return f"<Type: '{self.precision}'>"

    def create_infer_request(self) -> Timed:
        return self

    def infer(self, inputs: list[NDArray[np.uint8]]) -> list[NDArray[np.float32]]:
        self.runs += 1
        time.sleep(self.seconds)
        return [self.shown[None]]

    __call__ = infer


def density(seed: int = 1) -> NDArray[np.float32]:
    logits = np.random.default_rng(seed).normal(0, 2, SIZE).cumsum(0).cumsum(1) / 12
    exponentials = np.exp(logits - logits.max())
    return np.asarray(exponentials / exponentials.sum(), np.float32)


@pytest.fixture
def knows_half(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "capabilities", lambda: ("FP32", "BF16", "INT8"))


@pytest.mark.usefixtures("knows_half")
@pytest.mark.parametrize(
    ("plain", "half", "other", "said", "expected"),
    [
        (0.012, 0.004, density(), "bfloat16", "bf16"),
        (0.004, 0.012, density(), "bfloat16", "f32"),  # minimal filtering may be quicker
        (0.012, 0.004, density(2), "bfloat16", "f32"),  # not the same map
        (0.012, 0.004, density() * np.float32(np.nan), "bfloat16", "f32"),
        (0.012, 0.004, density(), "float32", "f32"),  # asked for, but not what it computes in
    ],
)
def test_the_quicker_one_is_used_where_the_maps_are_alike(
    plain: float, half: float, other: NDArray[np.float32], said: str, expected: Precision
) -> None:
    made = {"f32": Timed(plain, density(), "float32"), "bf16": Timed(half, other, said)}
    compiled, precision = trial.fastest(made.__getitem__, SIZE)
    assert (compiled, precision) == (made[expected], expected)


@pytest.mark.usefixtures("knows_half")
@pytest.mark.parametrize(
    ("plain", "half", "expected", "runs"), [(0.25, 0.28, "f32", (1, 1)), (0.25, 0.21, "bf16", (2, 2))]
)
def test_a_network_that_takes_long_is_hardly_timed(
    plain: float, half: float, expected: Precision, runs: tuple[int, int]
) -> None:
    """The first map waits for it: one run each shows the map, and the rate if the second has no chance."""
    made = {"f32": Timed(plain, density(), "float32"), "bf16": Timed(half, density(), "bfloat16")}
    assert trial.fastest(made.__getitem__, SIZE)[1] == expected
    assert (made["f32"].runs, made["bf16"].runs) == runs


@pytest.mark.usefixtures("knows_half")
def test_a_network_that_cannot_be_compiled_in_half_precision_is_used_in_float32() -> None:
    def make(precision: Precision) -> Any:
        if precision == "bf16":
            raise RuntimeError("no kernel")
        return Timed(0, density(), "float32")

    assert trial.fastest(make, SIZE)[1] == "f32"


def test_a_processor_without_it_compiles_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "capabilities", lambda: ("FP32", "INT8"))
    asked: list[Precision] = []
    trial.fastest(lambda precision: asked.append(precision), SIZE)
    assert asked == ["f32"]


def test_steps_in_a_map_are_distinguished_from_rounding() -> None:
    exact = density()
    assert trial.alike(exact, exact * np.random.default_rng(0).normal(1, 0.004, SIZE).astype(np.float32))
    logits = np.log(exact)
    coarse = np.exp(np.round(logits * 4) / 4)  # logits with two binary digits
    assert not trial.alike(exact, np.asarray(coarse / coarse.sum(), np.float32))


@pytest.mark.parametrize("name", ["live_net", "deep_convnet"])
def test_both_graphs_of_a_network_compute_the_same(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "OFF", 0.05)  # what half precision costs; more would be another network
    card, weights = read_arrays(find_model(name))
    row = ARCHITECTURES[name]
    stimulus = trial.picture(row.input_size)
    plain, half = (
        compile_network(row, weights, card.output, precision)([stimulus])[0][0]
        for precision in ("f32", "bf16")
    )
    assert trial.alike(plain, half)


@pytest.mark.skipif("BF16" not in runtime.capabilities(), reason="a processor without bfloat16")
def test_live_net_loses_little_in_half_precision() -> None:
    card, weights = read_arrays(find_model("live_net"))
    row = ARCHITECTURES["live_net"]
    plain, half = (compile_network(row, weights, card.output, precision) for precision in ("f32", "bf16"))
    poster = load_picture(paths.resources() / "samples" / "poster.png").pixels
    shown = np.asarray(resize(poster, row.input_size), np.uint8)[None]
    for stimulus in (trial.picture(row.input_size), shown):
        exact, rounded = (compiled([stimulus])[0][0] for compiled in (plain, half))
        assert np.abs(exact - rounded).max() < 0.02 * exact.max()  # 0.04 with logits as they come
        places = [np.array(np.unravel_index(some.argmax(), some.shape)) for some in (exact, rounded)]
        assert np.linalg.norm(places[0] - places[1]) < 5


@pytest.mark.usefixtures("knows_half")
@pytest.mark.parametrize("chosen", ["f32", "bf16"])
def test_the_choice_is_kept_for_work_beside_others_and_alone(
    chosen: Precision, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv("SALVIEWER_CACHE", str(tmp_path))
    monkeypatch.setattr(trial, "fastest", lambda make, size: (make(chosen), chosen))
    card, weights = read_arrays(find_model("live_net"))
    row = ARCHITECTURES["live_net"]
    first = OpenVinoEngine(row, weights, card.output)
    monkeypatch.setattr(trial, "fastest", lambda make, size: pytest.fail("tried again"))
    again = OpenVinoEngine(row, weights, card.output)
    beside = OpenVinoEngine(row, weights, card.output, shared=True)
    assert first.title == again.title == beside.title
    different = {runtime.threads(shared) for shared in (False, True)}  # one on a processor of one core
    assert len(list(tmp_path.rglob("*.compiled"))) == len(different)
