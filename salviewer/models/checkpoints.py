"""Read and write weights as torch tensors."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save
from torch import Tensor, nn

from salviewer.errors import ExportError, ModelError
from salviewer.media.saving import atomic_path
from salviewer.models.card import CARD_NAME, WEIGHTS_NAME, ModelCard
from salviewer.models.reading import Array, read_arrays


def read_model(path: Path) -> tuple[ModelCard, dict[str, Tensor]]:
    """Read a model, like `read_arrays`.

    Returns:
        the card and the weights, in float32 on the CPU, with exactly the names its architecture has.

    Raises:
        ModelError: as for `read_arrays`.
    """
    card, weights = read_arrays(path)
    return card, {name: to_tensor(value) for name, value in weights.items()}


def to_tensor(value: Array) -> Tensor:
    """Copy an array to a tensor; any floating-point type becomes float32."""
    kind = np.float32 if value.dtype.kind == "f" else value.dtype
    return torch.from_numpy(np.array(value, kind))


def write_model(folder: Path, card: ModelCard, network: nn.Module, *, half: bool = True) -> ModelCard:
    """Write ``weights.safetensors`` and ``card.json`` into ``folder``, each atomically.

    Args:
        folder: created if missing.
        card: its ``sha256`` is filled in.
        network: its state is written, floating-point tensors as float16 if ``half``.

    Returns:
        the card as written.

    Raises:
        ModelError: the folder cannot be written.
    """
    tensors = {}
    for name, value in network.state_dict().items():
        value = value.detach().cpu().contiguous()
        if half and value.is_floating_point() and (small := value.half()).isfinite().all():
            value = small
        tensors[name] = value
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with atomic_path(folder / WEIGHTS_NAME) as scratch:
            # One entry only: the format writes several in random order, and equal weights would get different
            # hashes. The architecture is recognised by the tensors.
            # Convert to bytes first, so that an error while writing has the system's own reason.
            encoded = save(tensors, metadata={"output": card.output})
            scratch.write_bytes(encoded)
            digest = hashlib.sha256(encoded).hexdigest()
        card = ModelCard.from_dict(card.to_dict() | {"sha256": digest})
        with atomic_path(folder / CARD_NAME) as scratch:
            scratch.write_text(json.dumps(card.to_dict(), indent=1) + "\n", encoding="utf-8")
    except ExportError as error:
        raise ModelError(error.path, error.reason) from error
    except OSError as error:
        raise ModelError(folder, f"the model cannot be written ({error.strerror or error})") from error
    return card
