"""Orders: the options of a run, for the command line, the window and the run's folder. Loads no torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from salviewer.core.strict_json import loads
from salviewer.errors import DataError, SalviewerError
from salviewer.media.damaged import keep_damaged
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
        blur: in pixels, as for `open_dataset`.
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
    blur: float = 0.0

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
    def from_dict(cls, values: Mapping[str, Any], refused: list[str] | None = None) -> Order:
        """Make an order from the values of ``to_dict``; unknown entries of a newer version are ignored.

        Args:
            refused: receives the names of entries that cannot be used, whose defaults take their place.

        Raises:
            TypeError: an entry without a default is missing or cannot be used.
        """
        chosen: dict[str, Any] = {}
        for item in fields(cls):
            if item.name not in values:
                continue
            value = values[item.name]
            if _fits(item.name, value):
                chosen[item.name] = Path(value) if item.name in _PATHS and value is not None else value
            elif item.default is MISSING:
                raise TypeError(item.name)
            elif refused is not None:
                refused.append(item.name)
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


def _fits(name: str, value: Any) -> bool:
    """Return whether a value from a file can be an entry of an order."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    match name:
        case "data" | "run":
            return isinstance(value, str) and bool(value)
        case "split":
            return value is None or (isinstance(value, str) and bool(value))
        case "model":
            return value in ARCHITECTURES if isinstance(value, str) else False
        case "epochs":
            return value is None or (isinstance(value, int) and number and value > 0)
        case "seed":
            return isinstance(value, int) and number
        case "resume" | "with_val":
            return isinstance(value, bool)
        case "checkpoint_every":
            return number and 0 <= value < 1e9
        case _:  # as its default is
            default = next(item.default for item in fields(Order) if item.name == name)
            return number and 0 <= value < 1e9 if isinstance(default, float) else isinstance(value, str)


def read_order(root: Path, refused: list[str] | None = None) -> Order:
    """Return the order of the run in a folder.

    Args:
        root: the run's folder.
        refused: receives the names of entries that cannot be used.

    Raises:
        DataError: the folder has no readable order.
    """
    path = root / ORDER_NAME
    try:
        values = loads(path.read_text(encoding="utf-8"))
        if not isinstance(values, dict):
            raise ValueError("it is not an order")
        return Order.from_dict({"run": str(root)} | values, refused)
    except FileNotFoundError as error:
        raise DataError(root, f"there is no training run in this folder ({ORDER_NAME} is missing)") from error
    except OSError as error:
        raise DataError(path, f"it cannot be read ({error.strerror or error})") from error
    except (ValueError, TypeError) as error:
        raise DataError(path, "it is damaged and does not say what the run was to do") from error


def to_resume(root: Path, complain: Callable[[str], None] = lambda sentence: None) -> Order:
    """Return the order that continues the run in ``root``, even if the folder was moved.

    A run that ended before its first checkpoint starts again.

    Args:
        root: the run's folder.
        complain: called with a sentence where some entries of the order cannot be used. The file is kept
            beside it, as ``order.json.damaged``.

    Raises:
        DataError: as ``read_order``.
    """
    refused: list[str] = []
    order = replace(read_order(root, refused), run=root, resume=(root / "checkpoint.pt").exists())
    if refused:
        path = root / ORDER_NAME
        kept = keep_damaged(path)
        beside = f"; the file is kept as {kept.name}" if kept is not None else ""
        complain(f"{path}: {', '.join(refused)} cannot be used, and the defaults take their place{beside}")
    if not (root / "recipe.json").is_file():
        return order
    # The recipe in the folder already has the order's changes.
    return replace(order, recipe=str(root / "recipe.json"), epochs=None, teacher="", photos="")
