"""Orders: the options of a run, for the command line, the window and the run's folder. Loads no torch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from salviewer.errors import DataError, SalviewerError
from salviewer.models.architectures import ARCHITECTURES
from salviewer.training.recipe import Recipe, load_recipe, with_epochs

ORDER_NAME = "order.json"
_PATHS = ("data", "run", "split")


@dataclass(frozen=True, slots=True)
class Order:
    """The options of ``salviewer train``.

    Attributes:
        data: the data set's folder.
        model: a name in ``ARCHITECTURES``.
        run: the run's folder.
        recipe: name or path; empty for the architecture's default.
        epochs: replaces the recipe's; None to keep it.
        device: as ``choose_device``.
        seed: of initial weights, order, augmentation and a newly drawn split.
        resume: continue the run in ``run``.
        split: a split file; None for the data set's own split or a newly drawn one.
        start: a model to start from instead of the recipe's initial weights; empty for none.
        with_val: also fit to the split's val part, once all choices are made.
        teacher, photos: replace the recipe's; None to keep them.
        checkpoint_every: seconds.
    """

    data: Path
    model: str
    run: Path
    recipe: str = ""
    epochs: int | None = None
    device: str = "auto"
    seed: int = 0
    resume: bool = False
    split: Path | None = None
    start: str = ""
    with_val: bool = False
    teacher: str = ""
    photos: str = ""
    checkpoint_every: float = 120.0

    def to_dict(self) -> dict[str, Any]:
        """Return values that JSON can store, with absolute paths, so that they hold in any folder."""
        values = asdict(self)
        for name in _PATHS:
            values[name] = str(values[name].absolute()) if values[name] is not None else None
        for name in ("start", "teacher"):
            if values[name] and Path(values[name]).exists():
                values[name] = str(Path(values[name]).absolute())
        return values

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Order:
        """Make an order from the values of ``to_dict``; unknown entries of a newer version are ignored.

        Raises:
            TypeError: an entry is missing.
        """
        known = {item.name for item in fields(cls)}
        chosen = {key: value for key, value in values.items() if key in known}
        for name in _PATHS:
            if chosen.get(name) is not None:
                chosen[name] = Path(chosen[name])
        return cls(**chosen)

    def arguments(self) -> list[str]:
        """Return the arguments of ``salviewer`` for exactly this order."""
        words = ["train"]
        for item in fields(self):
            value, option = getattr(self, item.name), f"--{item.name.replace('_', '-')}"
            if isinstance(value, bool):
                words += [option] if value else []
            elif value is not None and value != "":
                words.append(f"{option}={value}")
        return words

    def chosen_recipe(self) -> Recipe:
        """Return the recipe with the order's changes.

        Raises:
            SalviewerError: the recipe is missing, or its values do not fit together.
        """
        recipe = load_recipe(self.recipe or ARCHITECTURES[self.model].recipe, self.model)
        try:
            if self.teacher or self.photos:
                recipe = replace(
                    recipe,
                    teacher=self.teacher or recipe.teacher,
                    photos=_absolute(self.photos) or recipe.photos,
                )
            return with_epochs(recipe, self.epochs)
        except ValueError as error:
            raise SalviewerError(f"the recipe cannot be used: {error}") from error


def _absolute(path: str) -> str:
    return str(Path(path).absolute()) if path else ""


def read_order(root: Path) -> Order:
    """Return the order of the run in a folder.

    Raises:
        DataError: the folder has no readable order.
    """
    path = root / ORDER_NAME
    try:
        return Order.from_dict(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise DataError(root, f"there is no training run in this folder ({ORDER_NAME} is missing)") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise DataError(path, "it does not say what the run was to do") from error


def to_resume(root: Path) -> Order:
    """Return the order that continues the run in ``root``, even if the folder was moved.

    A run that ended before its first checkpoint starts again.

    Raises:
        DataError: as ``read_order``.
    """
    order = replace(read_order(root), run=root, resume=(root / "checkpoint.pt").exists())
    if not (root / "recipe.json").is_file():
        return order
    # The recipe in the folder already has the order's changes.
    return replace(order, recipe=str(root / "recipe.json"), epochs=None, teacher="", photos="")
