"""Recipes: all settings of how a network is trained, typed, checked and saved with the run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args

from salviewer.core.strict_json import loads
from salviewer.errors import DataError, SalviewerError
from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.catalog import DEFAULT_MODEL

Init = Literal["published", "log_density", "imagenet", "shipped"]
Optimiser = Literal["sgd", "adamw"]
Schedule = Literal["constant", "one_cycle", "linear"]
Loss = Literal["mse", "probabilistic", "reward"]
Precision = Literal["auto", "float32"]


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the run at one input size.

    Attributes:
        share: of all steps' pictures, 0..1; the shares in a recipe add up to 1.
        input_size: (height, width) in pixels.
    """

    share: float
    input_size: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings of a training run.

    Attributes:
        name: of the recipe.
        mean, std: of the input normalisation, on values in 0..1.
        input_size, output_size: (height, width) in pixels of the finished network.
        train_batch, test_batch: pictures per step, over all processes together.
        test_share: share of each category to hold out if the data set has no split of its own.
        init: ``published`` (He et al. for convolutions, N(0, 1e-4) for transposed ones), ``log_density``
            (the same, but the transposed convolution interpolates, so that a log-density can be learned),
            ``imagenet`` (the encoder starts from ImageNet weights), ``shipped`` (the network's weights that
            come with the program).
        optimiser: ``sgd`` or ``adamw``.
        lr: highest learning rate.
        encoder_lr: highest learning rate of a pretrained encoder; 0 for ``lr``.
        momentum, nesterov: of SGD.
        weight_decay: L2 for SGD, decoupled for AdamW (there only on weights of two or more dimensions).
        schedule: ``constant``; or a linear warm-up over ``warmup`` of the steps, then down to 0 along a
            cosine (``one_cycle``) or a line (``linear``).
        loss: ``mse`` on maps with peak 1; ``probabilistic``: KL - ``cc_weight`` CC - ``nss_weight`` NSS; or
            ``reward``: ``reward_anchor`` KL - the reward of places drawn from the map (``training.rewards``).
        reward_samples: places drawn from each map.
        reward_anchor: weight of KL beside the reward; without it, a map shrinks to its surest place.
        last_layers: let only the network's last layers learn.
        epochs: passes over the training pictures.
        patience: end the run after this many epochs without a new lowest loss on the watched pictures; 0 for
            never.
        flip: mirror half of the pictures.
        colour: strength of random brightness, contrast and saturation, 0..1.
        crop: smallest share of each side that a random crop keeps, 0.5..1; 1 for none.
        stretch: share of pictures shown as a window of another aspect ratio, 9:16 to 21:9, stretched to the
            input size like every picture.
        degrade: share of pictures that are darkened, blurred, noisy or coarsely compressed.
        clip_gradient: largest gradient norm; 0 for no limit.
        ema: decay per step of the averaged weights that are evaluated and kept; 0 keeps the last weights.
        stages: input sizes in order; empty for ``input_size`` throughout.
        teacher: a model whose maps are mixed into the targets, or several, separated by `` + ``, whose mean
            is used; empty for none.
        teacher_share: weight of the teacher's map against the ground truth, 0..1.
        hint_weight: weight of predicting the teacher's encoder (``training.hints``), falling with the
            learning rate; 0 for none.
        photos: folder of pictures without ground truth, labelled by the teacher; empty for none.
        confidence: least confidence of the teacher, 0..1, in pictures without ground truth: the similarity of
            its maps of the picture and of its mirror image. 0 keeps all pictures.
        precision: ``auto`` (bfloat16 or float16 autocast on devices that gain by it) or ``float32``.
    """

    name: str
    epochs: int
    optimiser: Optimiser
    lr: float
    loss: Loss
    init: Init
    input_size: tuple[int, int] = (240, 320)
    output_size: tuple[int, int] = (240, 320)
    mean: float = 0.5
    std: float = 0.5
    train_batch: int = 8
    test_batch: int = 8
    test_share: float = 0.15
    encoder_lr: float = 0.0
    momentum: float = 0.9
    nesterov: bool = False
    weight_decay: float = 0.0
    schedule: Schedule = "constant"
    warmup: float = 0.0
    cc_weight: float = 0.5
    nss_weight: float = 0.1
    flip: bool = False
    colour: float = 0.0
    crop: float = 1.0
    stretch: float = 0.0
    degrade: float = 0.0
    clip_gradient: float = 0.0
    ema: float = 0.0
    stages: tuple[Stage, ...] = ()
    teacher: str = ""
    teacher_share: float = 0.0
    hint_weight: float = 0.0
    photos: str = ""
    confidence: float = 0.0
    precision: Precision = "auto"
    patience: int = 0
    reward_samples: int = 64
    reward_anchor: float = 1.0
    last_layers: bool = False

    def __post_init__(self) -> None:
        for name, choices in CHOICES.items():
            if getattr(self, name) not in get_args(choices):
                raise ValueError(
                    f"{name} is {getattr(self, name)!r}, not one of {', '.join(get_args(choices))}"
                )
        for name, (low, high) in RANGES.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
                raise ValueError(f"{name} is {value!r}, outside {low:g} to {high:g}")
        for name in ("epochs", "train_batch", "test_batch", "patience", "reward_samples"):
            if not isinstance(getattr(self, name), int):
                raise ValueError(f"{name} is {getattr(self, name)!r}, not a whole number")
        if self.mean != 0.5 or self.std != 0.5:
            raise ValueError("mean and std are 0.5: every network here takes inputs normalised so")
        if self.stages and abs(sum(stage.share for stage in self.stages) - 1) > 1e-6:
            raise ValueError("the shares of the stages do not add up to 1")
        for stage in self.stages:
            if not 0 < stage.share <= 1:
                raise ValueError(f"the share of a stage is {stage.share:g}, outside 0 to 1")
        for height, width in (self.input_size, *(stage.input_size for stage in self.stages)):
            if min(height, width) < 32 or max(height, width) > 4096:
                raise ValueError(f"an input of {height}x{width} is outside 32 to 4096 pixels a side")
        if self.teacher and not self.teachers:
            raise ValueError(f"teacher is {self.teacher!r}, which names no model")
        if self.photos and not self.teacher:
            raise ValueError("photos without ground truth need a teacher")
        if (self.teacher_share or self.hint_weight) and not self.teacher:
            raise ValueError("teacher_share and hint_weight need a teacher")

    @property
    def teachers(self) -> tuple[str, ...]:
        """The models that ``teacher`` names."""
        return tuple(name for part in self.teacher.split(" + ") if (name := part.strip()))

    def to_dict(self) -> dict[str, Any]:
        """Return values that JSON can store."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Recipe:
        """Make a recipe from the values of ``to_dict``.

        Raises:
            ValueError: an entry is unknown, missing or out of range; the message is one sentence.
        """
        known = {item.name for item in fields(cls)}
        if unknown := sorted(values.keys() - known):
            raise ValueError(f"a recipe has no {', '.join(unknown)}")
        entries = dict(values)
        for name in ("input_size", "output_size"):
            if name in entries:
                entries[name] = tuple(entries[name])
        if "stages" in entries:
            entries["stages"] = tuple(
                Stage(float(item["share"]), tuple(item["input_size"])) for item in entries["stages"]
            )
        try:
            return cls(**entries)
        except TypeError as error:
            raise ValueError(f"the recipe is incomplete: {error}") from error


CHOICES = {"init": Init, "optimiser": Optimiser, "schedule": Schedule, "loss": Loss, "precision": Precision}
RANGES = {
    "epochs": (1, 10_000),
    "patience": (0, 10_000),
    "lr": (1e-8, 10),
    "encoder_lr": (0, 10),
    "momentum": (0, 0.9999),
    "weight_decay": (0, 1),
    "train_batch": (1, 4096),
    "test_batch": (1, 4096),
    "test_share": (0.01, 0.9),
    "warmup": (0, 0.9),
    "cc_weight": (0, 10),
    "nss_weight": (0, 10),
    "colour": (0, 1),
    "crop": (0.5, 1),
    "stretch": (0, 1),
    "degrade": (0, 1),
    "clip_gradient": (0, 1e6),
    "ema": (0, 0.99999),
    "teacher_share": (0, 1),
    "hint_weight": (0, 100),
    "confidence": (0, 1),
    "reward_samples": (1, 10_000),
    "reward_anchor": (0, 100),
}

PAN2016 = Recipe(
    name="pan2016",
    epochs=25,
    optimiser="sgd",
    lr=1e-3,
    momentum=0.9,
    nesterov=False,
    weight_decay=4e-6,
    loss="mse",
    init="published",
    input_size=(240, 320),
    output_size=(236, 316),
    train_batch=2,
    test_batch=2,
    test_share=0.15,
    schedule="constant",
    precision="float32",
)

MODERN_LIVE = Recipe(
    name="modern",
    epochs=8,
    optimiser="adamw",
    lr=3e-3,
    encoder_lr=3e-4,
    weight_decay=1e-2,
    schedule="one_cycle",
    warmup=0.1,
    loss="probabilistic",
    init="imagenet",
    train_batch=8,
    test_batch=16,
    flip=True,
    colour=0.2,
    clip_gradient=5.0,
    ema=0.998,
    precision="float32",
)

MODERN_ATTENTION = replace(
    MODERN_LIVE,
    lr=1e-3,
    encoder_lr=2e-4,
    input_size=(360, 480),
    output_size=(360, 480),
    stages=(Stage(0.6, (240, 320)), Stage(0.4, (360, 480))),
)

MODERN_DEEP = Recipe(
    name="modern",
    epochs=6,
    optimiser="adamw",
    lr=3e-4,
    weight_decay=1e-3,
    schedule="linear",
    warmup=0.05,
    loss="probabilistic",
    init="log_density",
    input_size=(240, 320),
    output_size=(236, 316),
    train_batch=8,
    test_batch=8,
    flip=True,
    colour=0.1,
    clip_gradient=1.0,
    ema=0.998,
    crop=0.5,
    stages=(Stage(0.3, (96, 128)), Stage(0.58, (120, 160)), Stage(0.12, (240, 320))),
    teacher=DEFAULT_MODEL,
    teacher_share=0.5,
    hint_weight=1.0,
)


def _unlabelled(recipe: Recipe) -> Recipe:
    """Train on photographs alone; live_net is less sure of about one in twelve ordinary photographs."""
    return replace(recipe, name="unlabelled", teacher=DEFAULT_MODEL, teacher_share=1.0, confidence=0.94)


def _by_reward(recipe: Recipe) -> Recipe:
    """Fine-tune a trained network by reward."""
    return replace(
        recipe,
        name="reward",
        loss="reward",
        init="shipped",
        last_layers=True,
        epochs=3,
        lr=3e-4,
        encoder_lr=0.0,
        ema=0.99,
    )


REWARD_LIVE = _by_reward(MODERN_LIVE)

UNLABELLED_LIVE, UNLABELLED_DEEP = _unlabelled(MODERN_LIVE), _unlabelled(MODERN_DEEP)
UNLABELLED_ATTENTION = _unlabelled(MODERN_ATTENTION)


def recipes_for(architecture: str) -> tuple[str, ...]:
    """Return the names of the recipes for a network."""
    return tuple(name for name, _ in ARCHITECTURES[architecture].recipes)


def load_recipe(ref: str, architecture: str) -> Recipe:
    """Load a recipe by name or from a JSON file.

    Args:
        ref: one of `recipes_for` the network, or the path of a file with the values of ``Recipe.to_dict``.
        architecture: the network to train; ``modern`` differs between networks.

    Raises:
        SalviewerError: there is no such recipe, or not for that network.
        DataError: the file is not a recipe.
    """
    if ref in recipes_for(architecture):
        recipe: Recipe = ARCHITECTURES[architecture].recipe_named(ref)
        return recipe
    path = Path(ref)
    try:
        if not path.is_file():
            here = ", ".join(recipes_for(architecture))
            raise SalviewerError(
                f"there is no recipe {ref!r} for {architecture}; there is {here}, or a JSON file's path"
            )
        values = loads(path.read_text(encoding="utf-8"))
        if not isinstance(values, dict):
            raise ValueError("it is not a recipe")
        return Recipe.from_dict(values)
    except OSError as error:
        raise DataError(path, f"the recipe cannot be read ({error.strerror or error})") from error
    except json.JSONDecodeError as error:
        raise DataError(path, f"the recipe is not valid JSON (line {error.lineno})") from error
    except KeyError as error:
        raise DataError(path, f"the recipe cannot be used: {error} is missing") from error
    except (ValueError, TypeError, OverflowError) as error:
        raise DataError(path, f"the recipe cannot be used: {error}") from error


def with_epochs(recipe: Recipe, epochs: int | None) -> Recipe:
    """Return the recipe with another number of epochs; unchanged for None."""
    return recipe if epochs is None else replace(recipe, epochs=epochs)
