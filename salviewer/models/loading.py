"""Load a model by name or path, as a Predictor."""

from __future__ import annotations

from pathlib import Path

from salviewer.models.availability import graphics_card_possible
from salviewer.models.catalog import DEFAULT_MODEL, find_model
from salviewer.models.devices import available_devices, resolve
from salviewer.models.engines.base import EngineRequest
from salviewer.models.engines.choice import available_engines, candidates
from salviewer.models.engines.runtime import present
from salviewer.models.predictor import Predictor
from salviewer.models.reading import PICKLES, read_arrays

__all__ = ["available_devices", "available_engines", "load_model", "loads_torch"]


def load_model(
    ref: str | Path = DEFAULT_MODEL,
    device: str = "auto",
    engine: EngineRequest = "auto",
    shared: bool = False,
) -> Predictor:
    """Load a trained network.

    Args:
        ref: a catalogue name, a model folder, or a ``.safetensors``, ``.pt`` or ``.pth`` file.
        device: ``auto``, ``cpu``, ``cuda``, ``cuda:N`` or ``mps``.
        engine: ``auto`` (OpenVINO on the processor where it is installed, else torch), ``torch`` or
            ``openvino``.
        shared: whether the processor also reads, draws and writes frames meanwhile. Prediction then uses
            fewer threads: each picture takes longer, all work together takes less.

    Raises:
        ModelError: the model cannot be found, read or trusted.
        SalviewerError: the device or the engine is not available.
    """
    resolve(device)
    card, weights = read_arrays(find_model(ref))
    return Predictor(str(ref), card, candidates(card, weights, device, engine, shared))


def loads_torch(
    ref: str | Path = DEFAULT_MODEL, device: str = "auto", engine: EngineRequest = "auto"
) -> bool:
    """Return whether `load_model` will import torch, as far as can be known beforehand."""
    if engine == "torch" or not present() or Path(ref).suffix.lower() in PICKLES:
        return True
    return engine == "auto" and device != "cpu" and graphics_card_possible()
