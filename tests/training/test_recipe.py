import json
from dataclasses import replace
from pathlib import Path

import pytest

from salviewer.errors import DataError, SalviewerError
from salviewer.models.architectures import ARCHITECTURES
from salviewer.training.recipe import PAN2016, Recipe, load_recipe, recipes_for, with_epochs


def test_pan2016_is_the_published_table() -> None:
    published = {
        "mean": 0.5, "std": 0.5, "input_size": (240, 320), "output_size": (236, 316), "train_batch": 2,
        "test_batch": 2, "test_share": 0.15, "init": "published", "optimiser": "sgd", "lr": 1e-3,
        "momentum": 0.9,
        "weight_decay": 4e-6, "nesterov": False, "loss": "mse", "epochs": 25, "schedule": "constant",
    }  # fmt: skip
    assert {name: getattr(PAN2016, name) for name in published} == published
    plain = {"flip": False, "colour": 0, "crop": 1, "clip_gradient": 0, "ema": 0, "stages": (), "teacher": ""}
    assert {name: getattr(PAN2016, name) for name in plain} == plain


def test_pan2016_is_the_default_of_deep_convnet() -> None:
    assert load_recipe(ARCHITECTURES["deep_convnet"].recipe, "deep_convnet") is PAN2016


@pytest.mark.parametrize(
    ("name", "architecture"),
    [
        ("pan2016", "deep_convnet"),
        ("modern", "deep_convnet"),
        ("modern", "live_net"),
        ("reward", "live_net"),
        ("modern", "live_net_large"),
        ("modern", "attention_net"),
    ],
)
def test_recipes_survive_json(name: str, architecture: str) -> None:
    assert name in recipes_for(architecture)
    recipe = load_recipe(name, architecture)
    assert Recipe.from_dict(json.loads(json.dumps(recipe.to_dict()))) == recipe


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"lr": 0}, "lr is 0, outside 1e-08 to 10"),
        ({"lr": "fast"}, "lr is 'fast'"),
        ({"epochs": 2.5}, "epochs is 2.5, not a whole number"),
        ({"optimiser": "adam"}, "'adam', not one of sgd, adamw"),
        ({"mean": 0.4}, "mean and std are 0.5"),
        ({"teacher_share": 0.5}, "need a teacher"),
        ({"photos": "x"}, "need a teacher"),
        ({"input_size": [8, 8]}, "8x8 is outside"),
        ({"stages": [{"share": 0.5, "input_size": [64, 64]}]}, "do not add up to 1"),
        ({"speed": 3}, "a recipe has no speed"),
    ],
)
def test_wrong_values_get_a_sentence(change: dict[str, object], sentence: str, tmp_path: Path) -> None:
    values = PAN2016.to_dict() | change
    with pytest.raises(ValueError, match=sentence):
        Recipe.from_dict(values)
    (tmp_path / "r.json").write_text(json.dumps(values))
    with pytest.raises(DataError, match=sentence):
        load_recipe(str(tmp_path / "r.json"), "deep_convnet")


def test_unknown_recipe_names_those_there_are() -> None:
    with pytest.raises(SalviewerError, match="no recipe 'fast' for deep_convnet; there is pan2016, modern"):
        load_recipe("fast", "deep_convnet")


def test_epochs_can_be_chosen() -> None:
    assert with_epochs(PAN2016, 3) == replace(PAN2016, epochs=3)
    assert with_epochs(PAN2016, None) is PAN2016
