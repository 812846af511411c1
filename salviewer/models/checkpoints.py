"""Weights in and out of files: our safetensors, and a user's checkpoint without running its code."""

from __future__ import annotations

import hashlib
import json
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from salviewer.errors import ExportError, ModelError
from salviewer.media.export import atomic_path
from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.card import CARD_NAME, WEIGHTS_NAME, ModelCard, read_card

_PICKLES = {".pt", ".pth", ".ckpt"}
_WRAPPERS = ("averaged", "model", "state_dict", "model_state_dict", "network")


def read_model(path: Path) -> tuple[ModelCard, dict[str, Tensor]]:
    """Read a model folder, a ``.safetensors`` file or a pickled PyTorch checkpoint.

    A bare file needs no card: its architecture is recognised by the names and shapes of its tensors.

    Returns:
        the card and the weights, in float32 on the CPU, with exactly the names its architecture has.

    Raises:
        ModelError: it cannot be read, holds code, or fits no architecture.
    """
    if path.is_dir():
        card, weights = read_card(path / CARD_NAME), _read_safetensors(path / WEIGHTS_NAME)[0]
    elif path.suffix.lower() == ".safetensors":
        weights, metadata = _read_safetensors(path)
        card = _card_or_guess(path, weights, metadata)
    elif path.suffix.lower() in _PICKLES:
        weights, metadata = _read_pickle(path)
        card = _card_or_guess(path, weights, metadata)
    else:
        raise ModelError(path, "a model is a folder with a card, a .safetensors file or a .pt checkpoint")
    weights = {name: value.float() if value.is_floating_point() else value for name, value in weights.items()}
    _check_fit(path, card.architecture, weights)
    return card, weights


def write_model(folder: Path, card: ModelCard, network: nn.Module, *, half: bool = True) -> ModelCard:
    """Write ``weights.safetensors`` and ``card.json`` into ``folder``, each at once or not at all.

    Args:
        folder: made if missing.
        card: its ``sha256`` is filled in.
        network: its state is written, floating-point tensors in float16 when ``half``.

    Returns:
        the card as written.

    Raises:
        ModelError: the folder cannot be written.
    """
    tensors = {}
    for name, value in network.state_dict().items():
        value = value.detach().cpu().contiguous()
        tensors[name] = value.half() if half and value.is_floating_point() else value
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with atomic_path(folder / WEIGHTS_NAME) as scratch:
            # One entry only: the format writes several in a random order, and equal weights would hash apart.
            # The architecture is recognised by the tensors.
            save_file(tensors, scratch, metadata={"output": card.output})
            digest = hashlib.sha256(scratch.read_bytes()).hexdigest()
        card = ModelCard.from_dict(card.to_dict() | {"sha256": digest})
        with atomic_path(folder / CARD_NAME) as scratch:
            scratch.write_text(json.dumps(card.to_dict(), indent=1) + "\n", encoding="utf-8")
    except ExportError as error:
        raise ModelError(error.path, error.reason) from error
    except (OSError, SafetensorError) as error:
        raise ModelError(
            folder, f"the model cannot be written ({getattr(error, 'strerror', None) or error})"
        ) from error
    return card


def _read_safetensors(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    try:
        with path.open("rb"):
            pass  # the format's own reader does not say why a file cannot be opened
        with safe_open(path, framework="pt") as file:
            return {name: file.get_tensor(name) for name in file.keys()}, dict(file.metadata() or {})  # noqa: SIM118
    except FileNotFoundError as error:
        raise ModelError(path, "there are no weights there") from error
    except PermissionError as error:
        raise ModelError(path, "you do not have permission to read it") from error
    except (SafetensorError, OSError) as error:
        raise ModelError(path, "the weights are damaged or not in the safetensors format") from error


def _read_pickle(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise ModelError(
            path, "it holds Python objects besides tensors, which could run code; save its state_dict instead"
        ) from error
    except (OSError, RuntimeError, EOFError, ValueError, KeyError) as error:
        raise ModelError(path, "it is damaged or not a PyTorch checkpoint") from error
    if not isinstance(content, dict):
        raise ModelError(path, "it is a PyTorch file without a state_dict")
    metadata = {key: content[key] for key in ("architecture", "output") if isinstance(content.get(key), str)}
    inner = next((content[key] for key in _WRAPPERS if isinstance(content.get(key), dict)), content)
    weights = {
        str(key).removeprefix("module."): value for key, value in inner.items() if isinstance(value, Tensor)
    }
    if not weights:
        raise ModelError(path, "it is a PyTorch file without a state_dict")
    return weights, metadata


def _shapes(architecture: str) -> dict[str, torch.Size]:
    return {
        name: value.shape for name, value in ARCHITECTURES[architecture].build_empty().state_dict().items()
    }


def _card_or_guess(path: Path, weights: Mapping[str, Tensor], metadata: Mapping[str, Any]) -> ModelCard:
    beside = path.with_name(CARD_NAME)
    if beside.is_file() and path.name == WEIGHTS_NAME:
        return read_card(beside)
    if "card" in metadata:  # a model of ours, exported as one file
        try:
            return ModelCard.from_dict(json.loads(metadata["card"]))
        except (ValueError, TypeError) as error:
            raise ModelError(path, f"its model card cannot be used: {error}") from error
    found = {name: value.shape for name, value in weights.items()}
    named = metadata.get("architecture")
    for architecture in ARCHITECTURES.values():
        if named == architecture.name or (named is None and _shapes(architecture.name) == found):
            output = metadata.get("output", architecture.output)
            try:
                return ModelCard(architecture.name, f"{path.stem} ({architecture.title})", output)
            except ValueError as error:
                raise ModelError(path, str(error)) from error
    raise ModelError(path, f"its tensors fit none of the known architectures ({', '.join(ARCHITECTURES)})")


def _check_fit(path: Path, architecture: str, weights: Mapping[str, Tensor]) -> None:
    expected = _shapes(architecture)
    if missing := sorted(expected.keys() - weights.keys()):
        raise ModelError(path, f"it lacks {len(missing)} tensors of {architecture}, {missing[0]} among them")
    if extra := sorted(weights.keys() - expected.keys()):
        raise ModelError(
            path, f"it has {len(extra)} tensors that {architecture} has not, {extra[0]} among them"
        )
    for name, shape in expected.items():
        if weights[name].shape != shape:
            raise ModelError(
                path,
                f"its {name} has shape {tuple(weights[name].shape)}, and {architecture} needs {tuple(shape)}",
            )
        if not torch.isfinite(weights[name].float()).all():
            raise ModelError(path, f"its {name} holds values that are not finite numbers")
