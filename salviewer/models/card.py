"""The model card: what weights are, what they were trained on, and how well they perform."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, cast, get_args

from salviewer.core.strict_json import loads
from salviewer.errors import ModelError
from salviewer.models.architectures import ARCHITECTURES, Architecture, Output

CARD_NAME = "card.json"
WEIGHTS_NAME = "weights.safetensors"

_SIDES = range(32, 2049)


@dataclass(frozen=True, slots=True)
class ModelCard:
    """Facts about weights, stored beside them.

    Attributes:
        architecture: a name in ``ARCHITECTURES``.
        title, description: for display.
        output: ``logits`` or ``intensity``, see ``Architecture.output``.
        input_size: (height, width) in pixels of its input; None for its architecture's default.
        data: what it was trained on, and the split, with counts.
        recipe: the whole recipe, from ``Recipe.to_dict``.
        seed, epochs: of the run.
        curves: per-epoch lists, e.g. ``train_loss``, ``test_loss``, ``NSS``.
        metrics: measured scores; ``command`` says how they were measured.
        started_from: initial weights and teachers, with their licences.
        licence: of these weights.
        trained_on: device and hours.
        sha256: of the weights file.
        notes: anything else a reader must know.
        refused: entries of the card's file that could not be used; not written.
    """

    architecture: str
    title: str
    output: Output
    description: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    recipe: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0
    epochs: float = 0
    curves: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, Any] = field(default_factory=dict)
    started_from: str = ""
    licence: str = ""
    trained_on: str = ""
    sha256: str = ""
    notes: str = ""
    input_size: tuple[int, int] | None = None
    refused: tuple[str, ...] = field(default=(), compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.architecture not in ARCHITECTURES:
            known = ", ".join(ARCHITECTURES)
            raise ValueError(f"its architecture is {self.architecture!r}, and only {known} are known")
        if self.output not in get_args(Output):
            raise ValueError(f"its output is {self.output!r}, neither logits nor intensity")
        if self.input_size is not None:
            match self.input_size:
                case [int(height), int(width)] if height in _SIDES and width in _SIDES:
                    object.__setattr__(self, "input_size", (height, width))
                case other:
                    raise ValueError(f"its input size is {other!r}, not a height and a width in pixels")

    @property
    def form(self) -> Architecture:
        """The architecture at the input size of these weights."""
        row = ARCHITECTURES[self.architecture]
        size = self.input_size
        return row if size is None else replace(row, input_size=size, output_size=row.output_for(size))

    def to_dict(self) -> dict[str, Any]:
        """Convert to JSON-ready values, in the order of the fields."""
        values = asdict(self)
        del values["refused"]
        return values

    @property
    def remark(self) -> str:
        """A sentence on what of its file cannot be used; "" if all can."""
        if not self.refused:
            return ""
        are = "is" if len(self.refused) == 1 else "are"
        return f"the model card's {', '.join(self.refused)} cannot be used and {are} left out"

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> ModelCard:
        """Read a card. Unknown keys are ignored, so that newer cards still open.

        A value of the wrong kind costs itself alone: see `refused`.

        Raises:
            ValueError: a required entry is missing or wrong; the text is a clause.
        """
        missing = [key for key in ("architecture", "output") if key not in values]
        if missing:
            raise ValueError(f"its card lacks {' and '.join(missing)}")
        known = {item.name for item in fields(cls)} - {"refused"}
        chosen = {key: value for key, value in values.items() if key in known}
        refused = tuple(key for key, value in chosen.items() if not _fits(key, value))
        for key in refused:
            del chosen[key]
        chosen.setdefault("title", str(chosen["architecture"]))
        return cls(**chosen, refused=refused)


def _fits(key: str, value: Any) -> bool:
    """Return whether a card's entry has the expected form."""
    match key:
        case "architecture" | "output" | "input_size":
            return True  # what the weights need: checked when the card is made, and refused
        case "seed":
            return isinstance(value, int)
        case "epochs":
            return isinstance(value, int | float) and math.isfinite(value)
        case "data":
            return isinstance(value, Mapping) and _fits_data(value)
        case "recipe":
            return isinstance(value, Mapping)
        case "curves":
            return isinstance(value, Mapping) and all(isinstance(each, list) for each in value.values())
        case "metrics":
            rows = value.get("test", []) if isinstance(value, Mapping) else None
            return isinstance(rows, list) and all(_fits_row(row) for row in rows)
        case _:
            return isinstance(value, str)


def _fits_data(data: Mapping[str, Any]) -> bool:
    counts = (data.get(name, 0) for name in ("fitted", "val", "test"))
    return isinstance(data.get("categories", []), list) and all(isinstance(count, int) for count in counts)


def _fits_row(row: Any) -> bool:
    return isinstance(row, Mapping) and "category" in row and isinstance(row.get("NSS", 0.0), int | float)


def read_card(path: Path) -> ModelCard:
    """Read ``card.json``.

    Raises:
        ModelError: the file is missing, not JSON, or not a card.
    """
    try:
        values = loads(path.read_text(encoding="utf-8"))
        if not isinstance(values, dict):
            raise ValueError("it is not a model card")
        return ModelCard.from_dict(cast("dict[str, Any]", values))
    except OSError as error:
        raise ModelError(path, f"the model card cannot be read ({error.strerror or error})") from error
    except json.JSONDecodeError as error:
        raise ModelError(path, f"the model card is not valid JSON (line {error.lineno})") from error
    except (ValueError, TypeError, OverflowError) as error:
        raise ModelError(path, f"the model card cannot be used: {error}") from error


def card_line(card: ModelCard, device: str) -> str:
    """Describe model, training and scores in one line, for reports.

    Args:
        card: the model's card.
        device: title of the device it ran on.
    """
    parts = [f"{card.title} ({card.architecture}) on {device}."]
    categories = [str(name) for name in card.data.get("categories", ())]
    if card.data.get("fitted"):
        on = f" ({', '.join(categories)})" if categories else ""
        parts.append(f"Trained on recorded eye movements over {card.data['fitted']:,} pictures{on}.")
    scores = {row["category"]: row["NSS"] for row in card.metrics.get("test", ()) if "NSS" in row}
    if by_category := ", ".join(f"{name} {scores[name]:.2f}" for name in categories if name in scores):
        parts.append(f"NSS on pictures it was not trained on: {by_category}.")
    return " ".join(parts)
