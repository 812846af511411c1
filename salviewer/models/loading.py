"""From a model's name or path to a Predictor."""

from __future__ import annotations

from pathlib import Path

from salviewer.models.availability import graphics_card_possible
from salviewer.models.catalog import DEFAULT_MODEL, find_model
from salviewer.models.devices import available_devices, resolve
from salviewer.models.engines.base import EngineWish
from salviewer.models.engines.choice import available_engines, candidates
from salviewer.models.engines.runtime import present
from salviewer.models.predictor import Predictor
from salviewer.models.reading import PICKLES, read_arrays

__all__ = ["available_devices", "available_engines", "load_model", "loads_torch"]


def load_model(
    ref: str | Path = DEFAULT_MODEL,
    device: str = "auto",
    engine: EngineWish = "auto",
    shared: bool = False,
) -> Predictor:
    """Load a trained network.

    Args:
        ref: a catalogue name, a model folder, or a ``.safetensors``, ``.pt`` or ``.pth`` file.
        device: ``auto``, ``cpu``, ``cuda``, ``cuda:N`` or ``mps``.
        engine: ``auto`` (OpenVINO on the processor where it is installed, else torch), ``torch`` or
            ``openvino``.
        shared: whether the processor has other work all the while, such as reading, drawing and writing
            frames: fewer threads then predict, each picture later and all together sooner.

    Raises:
        ModelError: the model cannot be found, read or trusted.
        SalviewerError: the device or the engine is not present.
    """
    resolve(device)
    card, weights = read_arrays(find_model(ref))
    return Predictor(str(ref), card, candidates(card, weights, device, engine, shared))


def loads_torch(ref: str | Path = DEFAULT_MODEL, device: str = "auto", engine: EngineWish = "auto") -> bool:
    """Whether `load_model` with these will import torch, as far as can be told beforehand."""
    if engine == "torch" or not present() or Path(ref).suffix.lower() in PICKLES:
        return True
    return engine == "auto" and device != "cpu" and graphics_card_possible()
