"""Prepare a run's folder for a process that trains in it or continues. Loads no torch."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from salviewer.errors import DataError, ExportError
from salviewer.first_use import natsort
from salviewer.media.saving import atomic_path
from salviewer.paths import data_folder
from salviewer.training.datasets import open_dataset
from salviewer.training.lock import holder, refusal
from salviewer.training.order import ORDER_NAME, Order, to_resume
from salviewer.training.recipe import Recipe
from salviewer.training.runs import runs_folder
from salviewer.training.splits import make_split


def place_of(name: str) -> Path:
    """Return the folder for a run's name: letters, digits and spaces stay, other characters become a dash."""
    plain = re.sub(r"[^\w .-]+", "-", name).strip(" .-")[:80]
    return runs_folder() / (plain or "run")


def free_name(name: str) -> str:
    """Return the name, with a number appended if a run has it already."""
    number, free = 1, name
    while place_of(free).exists():
        number += 1
        free = f"{name} {number}"
    return free


def prepare(order: Order, recipe: Recipe, *, draw: bool = False) -> Order:
    """Make a run's folder with its recipe and its order.

    Args:
        order: where and what to train; its recipe is replaced.
        recipe: how to train.
        draw: hold out the recipe's share of each category even if the data set has a split.

    Returns:
        the order for ``salviewer train``.

    Raises:
        DataError: the folder exists already or cannot be written, or the data set cannot be split.
    """
    root = order.run
    drawn = None
    if draw:
        drawn = make_split(open_dataset(order.data, photographs=True), recipe.test_share, order.seed)
    try:
        root.parent.mkdir(parents=True, exist_ok=True)
        root.mkdir()
    except FileExistsError as error:
        raise DataError(root, "there is a run of that name already; choose another name") from error
    except OSError as error:
        raise DataError(root, f"the run's folder cannot be made ({error.strerror or error})") from error
    order = replace(order, recipe=str(root / "recipe.json"), epochs=None)
    write(root / "recipe.json", recipe.to_dict())
    if drawn is not None:
        write(root / "drawn.json", drawn.to_dict())
        order = replace(order, split=root / "drawn.json")
    write(root / ORDER_NAME, order.to_dict())
    return order


def prepare_to_go_on(root: Path) -> Order:
    """Return the order that continues a run. Its events report parts of the order that cannot be used.

    Raises:
        DataError: another process works in the folder, or it holds no run.
    """
    if holder(root) is not None:
        raise refusal(root)
    return to_resume(root, lambda sentence: _note(root, sentence))


def _note(root: Path, sentence: str) -> None:
    """Tell something about a run before its process begins."""
    from salviewer.training.events import JsonLines
    from salviewer.training.run_folder import RunFolder

    with RunFolder(root).open_events() as stream:
        JsonLines(stream).tell("note", message=sentence)


def write(path: Path, values: Mapping[str, Any]) -> None:
    """Write a JSON file.

    Raises:
        DataError: the file cannot be written.
    """
    try:
        with atomic_path(path) as scratch:
            scratch.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
    except ExportError as error:
        raise DataError(path, error.reason) from error


def recipes_folder() -> Path:
    """Return the folder of the user's recipes."""
    return data_folder() / "recipes"


def saved_recipes() -> tuple[Path, ...]:
    """List the recipe files in `recipes_folder`."""
    return tuple(natsort.natsorted(recipes_folder().glob("*.json")))


def save_recipe(path: Path, recipe: Recipe) -> Path:
    """Write a recipe to a file and name the recipe after it.

    Raises:
        DataError: the file cannot be written.
    """
    path = path if path.suffix else path.with_suffix(".json")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(path, f"it could not be written ({error.strerror or error})") from error
    write(path, replace(recipe, name=path.stem).to_dict())
    return path
