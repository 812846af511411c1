"""Read weights from files: our safetensors, and a user's checkpoint without running its code.

Safetensors are read without torch; a pickled checkpoint loads it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from salviewer.core.strict_json import loads
from salviewer.errors import ModelError
from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.card import CARD_NAME, WEIGHTS_NAME, ModelCard, read_card

Array = NDArray[Any]
PICKLES = {".pt", ".pth", ".ckpt"}
_NUMPY = {f"{kind}{8 * size}": f"<{kind.lower()}{size}" for kind in "FIU" for size in (1, 2, 4, 8)}
_NUMPY["BOOL"] = "?"
"""The numpy type of each number format of the file."""
_OF_TORCH = {"BF16", "F8_E4M3", "F8_E5M2"}
"""Number formats that numpy lacks."""


def read_arrays(path: Path) -> tuple[ModelCard, dict[str, Array]]:
    """Read a model folder, a ``.safetensors`` file or a pickled PyTorch checkpoint.

    A file needs no card: its architecture is recognised by the names and shapes of its tensors.

    Returns:
        the card and the weights as they are stored (float16, for example), perhaps read-only, with exactly
        the names of its architecture.

    Raises:
        ModelError: it cannot be read, contains code, or fits no architecture.
    """
    if path.is_dir():
        card, weights = read_card(path / CARD_NAME), _read_safetensors(path / WEIGHTS_NAME)[0]
    elif path.suffix.lower() == ".safetensors":
        weights, metadata = _read_safetensors(path)
        card = _card_or_guess(path, weights, metadata)
    elif path.suffix.lower() in PICKLES:
        from salviewer.models.pickles import read_pickle

        weights, metadata = read_pickle(path)
        card = _card_or_guess(path, weights, metadata)
    else:
        raise ModelError(path, "a model is a folder with a card, a .safetensors file or a .pt checkpoint")
    _check_fit(path, card.architecture, weights)
    return card, weights


def digest(weights: Mapping[str, Array]) -> str:
    """Hash weights, in hexadecimal: equal for equal names, types, shapes and values."""
    total = hashlib.sha256()
    for name in sorted(weights):
        value = weights[name]
        total.update(f"{name} {value.dtype.str} {value.shape};".encode())
        total.update(np.ascontiguousarray(value).reshape(-1).view(np.uint8).data)
    return total.hexdigest()


def _read_safetensors(path: Path) -> tuple[dict[str, Array], dict[str, Any]]:
    try:
        with path.open("rb"):
            pass  # the format's own reader does not say why a file cannot be opened
        with safe_open(path, framework="numpy") as file:
            names = list(file.keys())
            if any(file.get_slice(name).get_dtype() in _OF_TORCH for name in names):
                return _read_with_torch(path), dict(file.metadata() or {})
            return _tensors(path), dict(file.metadata() or {})
    except FileNotFoundError as error:
        raise ModelError(path, "there are no weights in it") from error
    except PermissionError as error:
        raise ModelError(path, "you do not have permission to read it") from error
    except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
        raise ModelError(path, "the weights are damaged or not in the safetensors format") from error


def _tensors(path: Path) -> dict[str, Array]:
    """Read the tensors of a file whose header the format's own reader has checked.

    That reader would hold the interpreter for as long as it reads, and the window would wait.
    """
    with path.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
        header = loads(file.read(size).decode())
    header.pop("__metadata__", None)
    return {
        name: np.fromfile(
            path, _NUMPY[about["dtype"]], prod(about["shape"]), offset=8 + size + about["data_offsets"][0]
        ).reshape(about["shape"])
        for name, about in header.items()
    }


def _read_with_torch(path: Path) -> dict[str, Array]:
    from safetensors.torch import load_file

    from salviewer.models.pickles import to_array

    return {name: to_array(value) for name, value in load_file(path).items()}


def _card_or_guess(path: Path, weights: Mapping[str, Array], metadata: Mapping[str, Any]) -> ModelCard:
    beside = path.with_name(CARD_NAME)
    if beside.is_file() and path.name == WEIGHTS_NAME:
        return read_card(beside)
    if "card" in metadata:  # a model of ours, exported as one file
        try:
            return ModelCard.from_dict(loads(metadata["card"]))
        except (ValueError, TypeError, OverflowError, AttributeError) as error:
            raise ModelError(path, f"its model card cannot be used: {error}") from error
    found = {name: value.shape for name, value in weights.items()}
    named = metadata.get("architecture")
    for architecture in ARCHITECTURES.values():
        if named == architecture.name or (named is None and architecture.shapes() == found):
            output = metadata.get("output", architecture.output)
            try:
                return ModelCard(architecture.name, f"{path.stem} ({architecture.title})", output)
            except ValueError as error:
                raise ModelError(path, str(error)) from error
    raise ModelError(path, f"its tensors fit none of the known architectures ({', '.join(ARCHITECTURES)})")


def _check_fit(path: Path, architecture: str, weights: Mapping[str, Array]) -> None:
    expected = ARCHITECTURES[architecture].shapes()
    if missing := sorted(expected.keys() - weights.keys()):
        raise ModelError(path, f"it lacks {len(missing)} tensors of {architecture}, {missing[0]} among them")
    if extra := sorted(weights.keys() - expected.keys()):
        raise ModelError(
            path, f"it has {len(extra)} tensors that {architecture} does not have, {extra[0]} among them"
        )
    for name, shape in expected.items():
        if weights[name].shape != shape:
            raise ModelError(
                path,
                f"its {name} has shape {tuple(weights[name].shape)}, and {architecture} needs {tuple(shape)}",
            )
        if not np.isfinite(weights[name]).all():
            raise ModelError(path, f"its {name} contains values that are not finite numbers")
