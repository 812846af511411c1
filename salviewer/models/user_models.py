"""The user's own models in the catalogue: add, export as one file, import, delete."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from salviewer.core.strict_json import loads
from salviewer.errors import ExportError, ModelError
from salviewer.media.saving import atomic_path, save_bytes
from salviewer.models.card import CARD_NAME, WEIGHTS_NAME, ModelCard, read_card
from salviewer.models.catalog import list_models
from salviewer.paths import user_models

FILE_SUFFIX = ".safetensors"
"""Suffix of a model that is exported as one file, whose metadata contains its card."""

_ARRIVING = ".arriving-"
_ABANDONED = 3600.0  # seconds


def add_model(source: Path, title: str, notes: str = "") -> Path:
    """Copy a model's folder, as a run makes it, into the catalogue.

    Returns:
        its folder there, named after the letters and digits of the title.

    Raises:
        ModelError: it is damaged (its weights have another hash than its card says, or do not fit the
            architecture), a model of that name exists, or it cannot be written.
    """
    card = read_card(source / CARD_NAME)
    with _arriving(title) as folder:
        shutil.copyfile(source / WEIGHTS_NAME, folder / WEIGHTS_NAME)
        _finish(source, folder, replace(card, title=title.strip(), notes=notes.strip()))
    return user_models() / folder_name(title)


def export_model(source: Path, target: Path) -> None:
    """Write a model's folder as one file, for ``--model``, the window and ``import_model``.

    Raises:
        ModelError: it cannot be read.
        ExportError: the file cannot be written.
    """
    from safetensors import safe_open
    from safetensors.torch import save

    card = read_card(source / CARD_NAME)
    _check_hash(source, source / WEIGHTS_NAME, card)
    with safe_open(source / WEIGHTS_NAME, framework="pt") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    save_bytes(target, save(tensors, metadata={"card": json.dumps(card.to_dict())}))


def import_model(path: Path, title: str = "") -> Path:
    """Add a model that was exported as one file.

    Args:
        path: the file.
        title: replaces its own; empty to keep that, with a number added if it is taken.

    Returns:
        its folder in the catalogue.

    Raises:
        ModelError: it has no card, another hash than its card says, or does not fit the architecture; a model
            of that name exists; or it cannot be read or written.
    """
    from safetensors import SafetensorError, safe_open
    from safetensors.torch import save

    try:
        with path.open("rb"):
            pass
        with safe_open(path, framework="pt") as file:
            metadata = dict(file.metadata() or {})
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        reason = getattr(error, "strerror", None) or "it is damaged or not in the safetensors format"
        raise ModelError(path, f"the model cannot be read ({reason})") from error
    try:
        card = ModelCard.from_dict(loads(metadata["card"]))
    except KeyError as error:
        raise ModelError(
            path, "it has no model card, so it was not exported by this program; open it as a model instead"
        ) from error
    except (ValueError, TypeError, OverflowError, AttributeError) as error:
        raise ModelError(path, f"its model card cannot be used: {error}") from error
    card = replace(card, title=title.strip() or _free_title(card.title))
    with _arriving(card.title) as folder:
        # Hash exactly these bytes: equal tensors make equal files.
        (folder / WEIGHTS_NAME).write_bytes(save(tensors, metadata={"output": card.output}))
        _finish(path, folder, card)
    return user_models() / folder_name(card.title)


def delete_model(folder: Path) -> None:
    """Remove a model from the catalogue.

    Raises:
        ModelError: it is not one of the user's own, or cannot be removed.
    """
    if folder.parent.absolute() != user_models().absolute():
        raise ModelError(folder, "it came with the program and cannot be deleted")
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise ModelError(folder, f"it cannot be deleted ({error.strerror or error})") from error


def folder_name(title: str) -> str:
    """Return the folder name for a title, which is also the model's name on the command line."""
    return re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[:60] or "model"


def _taken(name: str) -> bool:
    return (user_models() / name).exists() or name in {entry.name for entry in list_models()}


def _free_title(title: str) -> str:
    number, free = 1, title
    while _taken(folder_name(free)):
        number += 1
        free = f"{title} {number}"
    return free


@contextmanager
def _arriving(title: str) -> Iterator[Path]:
    """Yield a folder to fill, which appears under its name complete or not at all."""
    name = folder_name(title)
    final = user_models() / name
    if _taken(name):
        raise ModelError(title, "there is a model of that name already; choose another name")
    scratch = None
    try:
        user_models().mkdir(parents=True, exist_ok=True)
        for left in user_models().glob(f"{_ARRIVING}*"):  # of a process that was killed
            if time.time() - left.stat().st_mtime > _ABANDONED:
                shutil.rmtree(left, ignore_errors=True)
        scratch = Path(tempfile.mkdtemp(dir=user_models(), prefix=_ARRIVING))
        yield scratch
        scratch.chmod(0o755)
        scratch.rename(final)
    except OSError as error:
        raise ModelError(final, f"the model cannot be stored there ({error.strerror or error})") from error
    finally:
        if scratch is not None:
            shutil.rmtree(scratch, ignore_errors=True)


def _finish(source: Path, folder: Path, card: ModelCard) -> None:
    from salviewer.models.checkpoints import read_model

    _check_hash(source, folder / WEIGHTS_NAME, card)
    try:
        with atomic_path(folder / CARD_NAME) as scratch:
            scratch.write_text(json.dumps(card.to_dict(), indent=1) + "\n", encoding="utf-8")
    except ExportError as error:
        raise ModelError(error.path, error.reason) from error
    try:
        read_model(folder)
    except ModelError as error:
        raise ModelError(source, error.reason) from error


def _check_hash(source: Path, weights: Path, card: ModelCard) -> None:
    try:
        digest = hashlib.sha256(weights.read_bytes()).hexdigest()
    except OSError as error:
        raise ModelError(weights, f"the weights cannot be read ({error.strerror or error})") from error
    if digest != card.sha256:
        raise ModelError(source, "its weights do not match its card: the hash is different")
