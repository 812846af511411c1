"""Find out what this machine can compute with, for ``salviewer doctor``."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from salviewer.errors import SalviewerError
from salviewer.models.catalog import ModelEntry, damaged_models, list_models
from salviewer.models.devices import available_devices
from salviewer.models.engines import compiled_cache, runtime
from salviewer.models.engines.base import TITLES, EngineName
from salviewer.models.loading import load_model
from salviewer.models.machine import Machine, installed, this_machine
from salviewer.models.timing import in_turns
from salviewer.version import __version__

_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class EngineState:
    """One kind of engine.

    Attributes:
        name, title: for the command line and for display.
        version: "" if it is not installed.
        detail: anything else, starting with a comma; "" for nothing.
    """

    name: EngineName
    title: str
    version: str
    detail: str


@dataclass(frozen=True, slots=True)
class ModelState:
    """One shipped model, with the device and engine chosen for it.

    Attributes:
        name: its name in the catalogue.
        engine: the engine's title; "" if the model cannot be used.
        load_milliseconds, milliseconds: time to load it, and the best time for one picture.
        note: why another engine than the preferred one computes; "" if it does not.
        trouble: why it cannot be used; "" if it can.
    """

    name: str
    engine: str
    load_milliseconds: float
    milliseconds: float
    note: str
    trouble: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Everything that ``salviewer doctor`` reports."""

    version: str
    machine: Machine
    devices: tuple[tuple[str, str], ...]
    engines: tuple[EngineState, ...]
    models: tuple[ModelState, ...]
    cache: str
    cache_bytes: int

    def to_dict(self) -> dict[str, Any]:
        """Convert to JSON-ready values."""
        return asdict(self)


def diagnose() -> Diagnosis:
    """Examine this machine; loads and runs every shipped model."""
    models = tuple(_model(entry) for entry in list_models())
    models += tuple(
        ModelState(Path(error.path).parent.name, "", 0, 0, "", str(error)) for error in damaged_models()
    )
    folder = compiled_cache.folder()
    return Diagnosis(
        __version__,
        this_machine(),
        available_devices(),
        (EngineState("torch", TITLES["torch"], installed("torch"), ""), _openvino()),
        models,
        str(folder),
        _bytes_in(folder),
    )


def _openvino() -> EngineState:
    version = installed("openvino") if runtime.present() else ""
    try:
        able = ", ".join(runtime.capabilities())
        detail = f", {runtime.threads()} threads; the processor computes in {able}"
    except Exception as error:  # a foreign library may raise anything
        detail = f", which cannot be loaded: {error}" if version else ""
    return EngineState("openvino", TITLES["openvino"], version, detail)


def _model(entry: ModelEntry) -> ModelState:
    start = time.perf_counter()
    try:
        predictor = load_model(entry.name)
        loaded = 1000 * (time.perf_counter() - start)
        height, width = predictor.input_size
        noise = np.random.default_rng(0).integers(0, 256, (1, height, width, 3), dtype=np.uint8)
        predictor.densities(noise)
        (times,) = in_turns([lambda: predictor.densities(noise)], _ROUNDS)
    except SalviewerError as error:
        return ModelState(entry.name, "", 0, 0, "", str(error))
    return ModelState(entry.name, predictor.device_title, loaded, times.best, predictor.note, "")


def _bytes_in(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir()) if folder.is_dir() else 0
