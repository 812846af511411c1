"""Read a user's pickled PyTorch checkpoint without running its code."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor

from salviewer.errors import ModelError

_WRAPPERS = ("averaged", "model", "state_dict", "model_state_dict", "network")


def read_pickle(path: Path) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Return the weights by name, and the checkpoint's ``architecture`` and ``output``.

    Raises:
        ModelError: it cannot be read, or contains more than tensors.
    """
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise ModelError(
            path, "it contains Python objects besides tensors, which could run code; save the state_dict"
        ) from error
    except (OSError, RuntimeError, EOFError, ValueError, KeyError) as error:
        raise ModelError(path, "it is damaged or not a PyTorch checkpoint") from error
    if not isinstance(content, dict):
        raise ModelError(path, "it is a PyTorch file without a state_dict")
    metadata = {key: content[key] for key in ("architecture", "output") if isinstance(content.get(key), str)}
    inner = next((content[key] for key in _WRAPPERS if isinstance(content.get(key), dict)), content)
    weights = {
        str(key).removeprefix("module."): to_array(value)
        for key, value in inner.items()
        if isinstance(value, Tensor)
    }
    if not weights:
        raise ModelError(path, "it is a PyTorch file without a state_dict")
    return weights, metadata


def to_array(value: Tensor) -> NDArray[Any]:
    """Convert to numpy; number formats that numpy lacks become float32."""
    value = value.detach()
    if value.is_floating_point() and value.dtype not in (torch.float16, torch.float32, torch.float64):
        value = value.float()
    array: NDArray[Any] = value.numpy()
    return array
