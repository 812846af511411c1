"""From a model's name or path to a Predictor."""

from __future__ import annotations

from pathlib import Path

from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.catalog import DEFAULT_MODEL, find_model
from salviewer.models.checkpoints import read_model
from salviewer.models.devices import available_devices, choose_device
from salviewer.models.predictor import Predictor

__all__ = ["available_devices", "load_model"]


def load_model(ref: str | Path = DEFAULT_MODEL, device: str = "auto") -> Predictor:
    """Load a trained network.

    Args:
        ref: a catalogue name, a model folder, or a ``.safetensors``, ``.pt`` or ``.pth`` file.
        device: ``auto``, ``cpu``, ``cuda``, ``cuda:N`` or ``mps``.

    Raises:
        ModelError: the model cannot be found, read or trusted.
        SalviewerError: the device is not present.
    """
    chosen = choose_device(device)
    card, weights = read_model(find_model(ref))
    network = ARCHITECTURES[card.architecture].build_empty()
    network.load_state_dict(weights, assign=True)
    return Predictor(str(ref), card, network, chosen)
