"""Evaluated kernels lie in a file that is mapped into memory, and networks read them there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.catalog import find_model
from salviewer.models.engines import compiled_cache, kernel_file, trial
from salviewer.models.engines.openvino_engine import OpenVinoEngine, compile_network
from salviewer.models.reading import read_arrays

Array = NDArray[np.float32]
SHAPES = [(4, 3, 5), (1, 2, 1), (9, 1, 7)]
ARRAYS = [np.random.default_rng(at).random(shape, np.float32) for at, shape in enumerate(SHAPES)]


class Maker:
    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> Iterator[Array]:
        self.times += 1
        yield from ARRAYS


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SALVIEWER_CACHE", str(tmp_path))
    monkeypatch.setattr(trial, "candidates", lambda: ("f32",))
    return compiled_cache.path_for("kernels", "of a test")


def read(path: Path, make: Maker) -> list[Array]:
    found = kernel_file.mapped(path, make, SHAPES)
    assert all(np.array_equal(a, b) for a, b in zip(found, ARRAYS, strict=True))
    return found


def test_kernels_are_made_once_and_begin_where_the_processor_likes_it(path: Path) -> None:
    make = Maker()
    kernel_file.prepare(path, make)
    kernel_file.prepare(path, make)
    found = read(path, make)
    assert make.times == 1
    assert all(array.ctypes.data % 64 == 0 for array in found)
    compiled_cache.rest(found[0])
    assert np.array_equal(found[2], ARRAYS[2])


@pytest.mark.parametrize("damage", ["cut", "empty", "of another network"])
def test_a_damaged_file_is_made_anew(path: Path, damage: str) -> None:
    make = Maker()
    read(path, make)
    whole = path.read_bytes()
    if damage == "of another network":
        compiled_cache.store(path, bytes(640))
    else:
        path.write_bytes(whole[:-100] if damage == "cut" else b"")
    read(path, make)
    assert path.read_bytes() == whole


def test_kernels_that_cannot_be_stored_stay_in_memory(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("SALVIEWER_CACHE", str(tmp_path / "file"))
    for array in read(compiled_cache.path_for("kernels"), Maker()):
        compiled_cache.rest(array)
        assert array.any()


@pytest.mark.usefixtures("path")
def test_a_network_computes_the_same_with_kernels_in_a_file(tmp_path: Path) -> None:
    card, weights = read_arrays(find_model("deep_convnet"))
    row = replace(ARCHITECTURES["deep_convnet"], input_size=(48, 64))
    stimulus = trial.picture(row.input_size)
    expected = compile_network(row, weights, card.output)([stimulus])[0]
    made = OpenVinoEngine(row, weights, card.output)
    sizes = {file.stat().st_size for file in (tmp_path / "engines").glob("*.compiled")}
    assert len(sizes) == 2 and min(sizes) < 0.1 * max(sizes)  # the network, and its kernels
    again = OpenVinoEngine(row, weights, card.output)
    for engine in (made, again):
        for _ in range(2):  # the second time after its kernels were given back
            assert np.array_equal(engine.densities(stimulus), expected)
