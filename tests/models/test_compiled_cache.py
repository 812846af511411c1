from __future__ import annotations

import os
import threading
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.engines import compiled_cache, openvino_engine, trial
from salviewer.models.engines.openvino_engine import OpenVinoEngine

Weights = dict[str, NDArray[np.generic]]
STIMULUS = np.random.default_rng(0).integers(0, 256, (1, 240, 320, 3), dtype=np.uint8)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SALVIEWER_CACHE", str(tmp_path))
    monkeypatch.setattr(trial, "candidates", lambda: ("f32",))  # else what comes sooner is chosen each time
    return tmp_path / "engines"


@pytest.fixture(scope="module")
def weights() -> Weights:
    torch.manual_seed(2)
    return {name: value.numpy() for name, value in ARCHITECTURES["live_net"].build().state_dict().items()}


def run(weights: Weights) -> NDArray[np.float32]:
    return OpenVinoEngine(ARCHITECTURES["live_net"], weights, "logits").densities(STIMULUS)


def files(folder: Path) -> list[Path]:
    """All but the small files that keep the precision chosen."""
    return sorted(item for item in folder.iterdir() if item.suffix != ".precision")


def test_the_second_start_takes_what_the_first_compiled(folder: Path, weights: Weights) -> None:
    first = run(weights)
    (path,) = files(folder)
    content, number = path.read_bytes(), path.stat().st_ino
    os.utime(path, (1, 1))
    assert np.array_equal(run(weights), first)
    assert files(folder) == [path]
    assert (path.read_bytes(), path.stat().st_ino) == (content, number)  # not written again
    assert path.stat().st_mtime > 1  # but marked as used


def test_a_large_network_is_stored_after_its_first_map_and_taken_from_the_cache(
    folder: Path, weights: Weights, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What compiling left in memory is freed; where nothing can be stored, the compiled network is used."""
    first = run(weights)
    for path in folder.iterdir():
        path.unlink()
    monkeypatch.setattr(openvino_engine, "LARGE", 1000)
    engine = OpenVinoEngine(ARCHITECTURES["live_net"], weights, "logits")
    assert files(folder) == []
    assert np.array_equal(engine.densities(STIMULUS), first)
    stored()
    assert len(files(folder)) == 1
    assert engine._content is not None and len(engine._content) > 1000
    assert np.array_equal(engine.densities(STIMULUS), first)
    assert np.array_equal(run(weights), first)
    monkeypatch.setenv("SALVIEWER_CACHE", str(files(folder)[0] / "below a file"))
    engine = OpenVinoEngine(ARCHITECTURES["live_net"], weights, "logits")
    for _ in range(2):
        assert np.array_equal(engine.densities(STIMULUS), first)
        stored()
    assert engine._content is None


def stored() -> None:
    for thread in threading.enumerate():
        if thread.name == "store network":
            thread.join()


def test_other_weights_and_another_output_are_compiled_anew(folder: Path, weights: Weights) -> None:
    first = run(weights)
    other = weights | {"head.weight": weights["head.weight"] * np.float32(50)}
    assert not np.allclose(run(other), first, rtol=1e-3, atol=0)
    assert len(files(folder)) == 2
    intensity = OpenVinoEngine(ARCHITECTURES["live_net"], weights, "intensity").densities(STIMULUS)
    assert not np.allclose(intensity, first, rtol=1e-3, atol=0)
    assert len(files(folder)) == 3


@pytest.mark.parametrize("damage", ["cut", "empty", "foreign"])
def test_a_damaged_file_is_made_anew(folder: Path, weights: Weights, damage: str) -> None:
    first = run(weights)
    (path,) = files(folder)
    whole = path.read_bytes()
    if damage == "foreign":  # whole, but nothing that OpenVINO knows
        compiled_cache.store(path, b"something else " * 1000)
    else:
        path.write_bytes(whole[:-1000] if damage == "cut" else b"")
    assert np.array_equal(run(weights), first)
    assert path.stat().st_size == pytest.approx(len(whole), rel=0.01)  # the names in it have numbers


def test_a_damaged_choice_of_precision_is_made_anew(folder: Path, weights: Weights) -> None:
    first = run(weights)
    (choice,) = folder.glob("*.precision")
    whole = choice.read_bytes()
    choice.write_bytes(b"nonsense")
    assert np.array_equal(run(weights), first)
    assert choice.read_bytes() == whole


def test_a_folder_that_cannot_be_made_costs_time_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, weights: Weights
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("SALVIEWER_CACHE", str(tmp_path / "file"))
    assert run(weights).sum() == pytest.approx(1, abs=1e-4)


def test_the_least_recently_used_make_room(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled_cache, "MAX_BYTES", 3500)
    paths = [compiled_cache.path_for(str(number)) for number in range(4)]
    for age, path in enumerate(paths[:3]):
        compiled_cache.store(path, bytes(1000))
        os.utime(path, (100 + age, 100 + age))
    assert compiled_cache.load(paths[0]) is not None  # used now: the second is the oldest
    compiled_cache.store(paths[3], bytes(1000))
    assert files(folder) == sorted([paths[0], paths[2], paths[3]])
    assert compiled_cache.load(paths[1]) is None


def test_what_was_given_back_is_read_again(folder: Path) -> None:
    written = np.random.default_rng(1).bytes(3_000_000)
    path = compiled_cache.path_for("some", "network")
    compiled_cache.store(path, written)
    content = compiled_cache.load(path)
    assert content is not None and content.tobytes() == written
    compiled_cache.rest(content)
    assert content.tobytes() == written
    compiled_cache.rest(np.zeros(4, np.uint8))  # memory that no file backs is left alone
