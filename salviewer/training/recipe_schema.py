"""Describe a recipe's entries for a form: labels, units, explanations and conversion from text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, get_args

from salviewer.training.recipe import CHOICES, RANGES, Recipe, Stage


@dataclass(frozen=True, slots=True)
class Field:
    """One entry of a recipe.

    Attributes:
        name: of the recipe's attribute.
        label: for display.
        tip: what it does.
        unit: shown after the value; may be empty.
    """

    name: str
    label: str
    tip: str
    unit: str = ""

    @property
    def choices(self) -> tuple[str, ...]:
        """The allowed words; empty if it is not one of a few words."""
        return get_args(CHOICES[self.name]) if self.name in CHOICES else ()

    @property
    def hint(self) -> str:
        """The tip, with the range if there is one."""
        if self.name not in RANGES:
            return self.tip
        low, high = RANGES[self.name]
        return f"{self.tip} ({low:g} to {high:g}{' ' + self.unit if self.unit else ''})"


GROUPS: tuple[tuple[str, tuple[Field, ...]], ...] = (
    ("Run", (
        Field("epochs", "Epochs", "How often every training picture is seen"),
        Field("patience", "Patience", "End after so many epochs without a lower loss on the watched pictures;"
              " 0 for never", "epochs"),
        Field("train_batch", "Batch", "Pictures learned from at once; more need more memory", "pictures"),
        Field("test_batch", "Watching batch", "Pictures looked at at once after each epoch", "pictures"),
        Field("test_share", "Held out", "Of each category, where the data have no split", "share"),
        Field("input_size", "Input", "Height x width of what the network sees", "pixels"),
        Field("output_size", "Output", "Height x width of its map; follows from the network", "pixels"),
        Field("stages", "Stages", "Shares of the steps, each at an input size: 0.3 96x128, 0.7 240x320; empty"
              " for one size throughout"),
        Field("precision", "Arithmetic", "auto: half precision where the device gains by it"),
        Field("init", "Initial weights", "published: random; log_density: random, for a network that gives a"
              " log-density; imagenet: an encoder that has learned from ImageNet; shipped: the weights that"
              " come with the program"),
    )),
    ("Optimiser", (
        Field("optimiser", "Optimiser", "Stochastic gradient descent, or Adam with decoupled decay"),
        Field("lr", "Learning rate", "The highest; too high, and the loss stops being a number"),
        Field("encoder_lr", "Encoder's rate", "The highest for a pretrained encoder; 0 for the same"),
        Field("schedule", "Schedule", "How the learning rate moves: not at all, or up and then down to 0"),
        Field("warmup", "Warm-up", "Of the steps, during which the learning rate rises", "share"),
        Field("momentum", "Momentum", "Of stochastic gradient descent"),
        Field("nesterov", "Nesterov", "Look ahead along the momentum"),
        Field("weight_decay", "Weight decay", "How much weights are drawn to 0"),
        Field("clip_gradient", "Gradient limit", "The gradient's largest norm; 0 for none"),
        Field("ema", "Averaging", "Decay a step of the averaged weights that are kept; 0 for the last ones"),
    )),
    ("Loss and pictures", (
        Field("loss", "Loss", "mse: squared error of maps; probabilistic: KL with CC and NSS; reward: places"
              " drawn from the map earn a reward where people looked. Makes sense only for a trained"
              " network, when hits count for more than the map's values: it sharpens maps"),
        Field("cc_weight", "Weight of CC", "In the probabilistic loss"),
        Field("nss_weight", "Weight of NSS", "In the probabilistic loss"),
        Field("reward_samples", "Places drawn", "From each map, in the reward loss"),
        Field("reward_anchor", "Weight of KL", "Beside the reward; at 0 a map shrinks to its surest place"),
        Field("last_layers", "Last layers", "Let only the network's last layers learn"),
        Field("flip", "Mirror", "Mirror half of the pictures"),
        Field("colour", "Colour", "Strength of random brightness, contrast and saturation"),
        Field("crop", "Crop", "Smallest share of each side that a random crop keeps; 1 for none", "share"),
        Field("stretch", "Other shapes", "Of the pictures, shown as a window of 9:16 to 21:9", "share"),
        Field("degrade", "Degraded", "Of the pictures, darkened, blurred, noisy or compressed", "share"),
        Field("mean", "Mean", "Taken from the input, whose values are 0 to 1; every network takes 0.5"),
        Field("std", "Deviation", "The input is divided by it; every network takes 0.5"),
    )),
    ("Teacher", (
        Field("teacher", "Teacher", "A model whose maps are learned from, or several with + between them"),
        Field("teacher_share", "Teacher's share", "Weight of its map beside the ground truth", "share"),
        Field("hint_weight", "Hints", "Weight of predicting its encoder's features; 0 for none"),
        Field("photos", "Photographs", "A folder of pictures without ground truth, labelled by the teacher"),
        Field("confidence", "Confidence", "Photographs of which the teacher is less sure are left out; how"
              " alike its maps of a picture and of its mirror image are"),
        Field("name", "Name", "What the recipe is called by"),
    )),
)  # fmt: skip
"""All entries by heading, in the order of the form."""

FIELDS: Mapping[str, Field] = {item.name: item for _, items in GROUPS for item in items}
"""All entries by name."""

_KINDS = {item.name: str(item.type) for item in fields(Recipe)}
_SIZE = re.compile(r"\s*(\d+)\s*[x×]\s*(\d+)\s*")


def text_of(recipe: Recipe, name: str) -> str:
    """Return an entry as text."""
    value = getattr(recipe, name)
    if name == "stages":
        return ", ".join(f"{stage.share:g} {_size_text(stage.input_size)}" for stage in value)
    if isinstance(value, tuple):
        return _size_text(value)
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def value_of(name: str, text: str) -> Any:
    """Convert typed text to the recipe's value.

    Raises:
        ValueError: the text does not fit the entry; the message is one sentence.
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


def fault(name: str, text: str) -> str:
    """Return what is wrong with one entry, as a clause; "" if nothing is."""
    try:
        value = value_of(name, text)
    except ValueError as error:
        return str(error)
    if name in RANGES:
        low, high = RANGES[name]
        if not low <= value <= high:
            return f"{text.strip()} is outside {low:g} to {high:g}"
    return ""


def recipe_of(texts: Mapping[str, str]) -> Recipe:
    """Make a recipe from the typed texts of all entries.

    Raises:
        ValueError: an entry is wrong, or the entries do not fit together; the message is one sentence.
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
