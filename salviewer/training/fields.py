"""The recipe's entries as a person reads and types them: names, units, what they mean, and back again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, get_args

from salviewer.training.recipe import CHOICES, RANGES, Recipe, Stage


@dataclass(frozen=True, slots=True)
class Field:
    """One entry of a recipe.

    Attributes:
        name: of the recipe's attribute.
        label: for people.
        tip: what it does.
        unit: shown behind the value; may be empty.
        group: under which heading it stands.
    """

    name: str
    label: str
    tip: str
    unit: str = ""
    group: str = "Steps"

    @property
    def choices(self) -> tuple[str, ...]:
        """What it may be, if it is one of a few words."""
        return get_args(CHOICES[self.name]) if self.name in CHOICES else ()

    @property
    def hint(self) -> str:
        """The tip, with the range where there is one."""
        if self.name not in RANGES:
            return self.tip
        low, high = RANGES[self.name]
        return f"{self.tip} ({low:g} to {high:g}{' ' + self.unit if self.unit else ''})"


FIELDS: tuple[Field, ...] = (
    Field("epochs", "Epochs", "How often every training picture is seen"),
    Field("train_batch", "Batch", "Pictures learned from at once; more need more memory", "pictures"),
    Field("test_batch", "Watching batch", "Pictures looked at at once after each epoch", "pictures"),
    Field("test_share", "Held out", "Of each category, where the data bring no split of their own", "share"),
    Field("input_size", "Input", "Height x width of what the network sees", "pixels"),
    Field("output_size", "Output", "Height x width of the map it gives; follows from the network", "pixels"),
    Field("stages", "Stages", "Shares of the steps with input sizes: 0.3 96x128, 0.7 240x320; empty for one size"),
    Field("precision", "Arithmetic", "auto uses half precision where the device gains by it"),
    Field("init", "Initial weights", "published: random; log_density: random, with an upsampling that can"
          " learn a log-density; imagenet: an encoder that has seen ImageNet"),
    Field("optimiser", "Optimiser", "Stochastic gradient descent, or Adam with decoupled decay", "", "Optimiser"),
    Field("lr", "Learning rate", "The highest; too high and the loss stops being a number", "", "Optimiser"),
    Field("encoder_lr", "of the encoder", "The highest for a pretrained encoder; 0 for the same", "", "Optimiser"),
    Field("schedule", "Schedule", "How the learning rate moves: not at all, or up and then down to 0", "",
          "Optimiser"),
    Field("warmup", "Warm-up", "Of the steps, during which the learning rate rises", "share", "Optimiser"),
    Field("momentum", "Momentum", "Of stochastic gradient descent", "", "Optimiser"),
    Field("nesterov", "Nesterov", "Look ahead along the momentum", "", "Optimiser"),
    Field("weight_decay", "Weight decay", "How much weights are drawn to 0", "", "Optimiser"),
    Field("clip_gradient", "Gradient limit", "Largest norm of the gradient; 0 for none", "", "Optimiser"),
    Field("ema", "Averaging", "Decay a step of the averaged weights that are kept; 0 for the last weights", "",
          "Optimiser"),
    Field("loss", "Loss", "Squared error of maps, or KL with CC and NSS", "", "Loss and pictures"),
    Field("cc_weight", "Weight of CC", "In the probabilistic loss", "", "Loss and pictures"),
    Field("nss_weight", "Weight of NSS", "In the probabilistic loss", "", "Loss and pictures"),
    Field("flip", "Mirrored", "Half of the pictures are mirrored", "", "Loss and pictures"),
    Field("colour", "Colour", "Strength of random brightness, contrast and saturation", "", "Loss and pictures"),
    Field("crop", "Crop", "Smallest share of each side that a random crop keeps; 1 for none", "share",
          "Loss and pictures"),
    Field("mean", "Mean", "Taken from the input, on values in 0 to 1; every network here takes 0.5", "",
          "Loss and pictures"),
    Field("std", "Deviation", "The input is divided by it; every network here takes 0.5", "",
          "Loss and pictures"),
    Field("teacher", "Teacher", "A model whose maps are learned from; empty for none", "", "Teacher"),
    Field("teacher_share", "Its share", "Weight of its map beside the ground truth", "share", "Teacher"),
    Field("hint_weight", "Hints", "Weight of predicting its encoder's features; 0 for none", "", "Teacher"),
    Field("photos", "Photographs", "A folder of pictures without ground truth, labelled by the teacher", "",
          "Teacher"),
    Field("confidence", "Confidence", "Photographs the teacher is less sure of are left out: how alike its maps"
          " of a picture and of its mirror image are", "", "Teacher"),
    Field("name", "Name", "What the recipe is called by", "", "Teacher"),
)  # fmt: skip
"""Every entry, in the order of the form."""

_KINDS = {item.name: str(item.type) for item in fields(Recipe)}
_SIZE = re.compile(r"\s*(\d+)\s*[x×]\s*(\d+)\s*")


def text_of(recipe: Recipe, name: str) -> str:
    """An entry as it is typed."""
    value = getattr(recipe, name)
    if name == "stages":
        return ", ".join(f"{stage.share:g} {_size_text(stage.input_size)}" for stage in value)
    if isinstance(value, tuple):
        return _size_text(value)
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def value_of(name: str, text: str) -> Any:
    """What was typed, as the recipe has it.

    Raises:
        ValueError: it cannot be that entry; one sentence.
    """
    text = text.strip()
    if name == "stages":
        return tuple(_stage(part) for part in text.split(",") if part.strip())
    if name in ("input_size", "output_size"):
        return _size(text)
    kind = _KINDS[name]
    if kind == "int":
        try:
            return int(text)
        except ValueError:
            raise ValueError(f"{text!r} is not a whole number") from None
    if kind == "float":
        try:
            return float(text)
        except ValueError:
            raise ValueError(f"{text!r} is not a number") from None
    return text == "True" if kind == "bool" else text


def check(recipe: Recipe, name: str, text: str) -> Any:
    """The value typed for one entry.

    Raises:
        ValueError: it is out of range, or does not fit the rest of the recipe; one sentence.
    """
    value = value_of(name, text)
    if name in RANGES:
        low, high = RANGES[name]
        if not low <= value <= high:
            raise ValueError(f"{value:g} is outside {low:g} to {high:g}")
    replace(recipe, **{name: value})
    return value


def recipe_of(texts: Mapping[str, str]) -> Recipe:
    """A recipe from everything that is typed.

    Raises:
        ValueError: an entry is wrong, or they do not fit together; one sentence.
    """
    return Recipe(**{name: value_of(name, text) for name, text in texts.items()})


def _size_text(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"


def _size(text: str) -> tuple[int, int]:
    if (match := _SIZE.fullmatch(text)) is None:
        raise ValueError(f"{text!r} is not a height and a width, such as 240x320")
    return int(match[1]), int(match[2])


def _stage(text: str) -> Stage:
    share, _, size = text.strip().partition(" ")
    try:
        return Stage(float(share), _size(size))
    except ValueError:
        raise ValueError(f"{text.strip()!r} is not a share and a size, such as 0.3 96x128") from None
