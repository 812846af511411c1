"""What a newcomer adds is one module and one row: every place that lists such things then has it."""

from __future__ import annotations

import argparse
import ast
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from pytestqt.qtbot import QtBot
from torch import Tensor, nn

import salviewer
from salviewer import api
from salviewer.app.state.export_choices import ExportChoices
from salviewer.app.state.settings import ViewerSettings, from_dict
from salviewer.app.viewer.picture_view import make_overlay
from salviewer.app.widgets.export_form import ExportForm
from salviewer.app.workers.overlay_layers import OverlaySettings
from salviewer.cli import ordering, train
from salviewer.core.lookup_tables import STEPS
from salviewer.core.postprocess import PostprocessSettings
from salviewer.core.render import OverlayStyle
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.scene import Scene
from salviewer.core.views import VIEWS, ViewSpec, canvas_views
from salviewer.errors import SalviewerError
from salviewer.media.images import Picture
from salviewer.media.map_formats import MAP_FORMATS, MapFormat
from salviewer.media.project import Project
from salviewer.models.architectures import ARCHITECTURES, Architecture
from salviewer.models.availability import imagenet_package, imagenet_weights
from salviewer.models.card import ModelCard
from salviewer.models.checkpoints import write_model
from salviewer.models.reading import read_arrays
from salviewer.results.naming import plan
from salviewer.results.order import Order
from salviewer.results.report import build_report
from salviewer.results.source import Source
from salviewer.results.writing import write_files
from salviewer.training.initial_weights import initial_network
from salviewer.training.order import Order as TrainingOrder
from salviewer.training.recipe import MODERN_LIVE, recipes_for

DAY = date(2026, 5, 3)


def negative(
    pixels: NDArray[np.uint8], saliency: SaliencyMap, settings: PostprocessSettings, style: OverlayStyle
) -> NDArray[np.uint8]:
    """The module of the view: the picture in negative, whatever is predicted."""
    return 255 - pixels


def write_text(path: Path, density: NDArray[np.floating[Any]], description: str) -> None:
    """The module of the format: a line a row."""
    np.savetxt(path, density, header=description)


@pytest.fixture
def view() -> Iterator[ViewSpec]:
    """A view that is not there otherwise."""
    row = ViewSpec(
        name="negative",
        title="Negative of the picture",
        phrase="the negative",
        menu="&Negative",
        form="Ne&gative",
        tip="Light is dark",
        draw=negative,
        layer=negative,
        scale=lambda style: np.ones((STEPS, 4)),
        leads=True,
    )
    with VIEWS.added(row):
        yield row


@pytest.fixture
def map_format() -> Iterator[MapFormat]:
    """A map format that is not there otherwise."""
    with MAP_FORMATS.added(MapFormat("text", "_map.txt", "Te&xt", "Numbers to read", write_text)) as row:
        yield row


@pytest.fixture
def source() -> Source:
    """A picture of 60 x 40 and a map that rises to the right."""
    pixels = np.full((40, 60, 3), 200, np.uint8)
    density = np.tile(np.linspace(0, 1, 24, dtype=np.float32), (18, 1))
    saliency = SaliencyMap(density / density.sum(), (60, 40), "made here", "", 1.0)
    return Source(Picture(pixels, None, (60, 40)), saliency, name="photo.png")


def ordered(*arguments: str) -> Order:
    """What the command line's options order."""
    parser = argparse.ArgumentParser()
    ordering.add_arguments(parser)
    return ordering.order(parser.parse_args(arguments), Project(), None)


def written(source: Source, order: Order, folder: Path) -> list[Path]:
    (job,) = plan([folder / "photo.png"], folder, order.endings)
    return list(write_files(job, order, source, when=DAY))


def test_a_view_is_drawn_from_the_command_line(view: ViewSpec, source: Source, tmp_path: Path) -> None:
    order = ordered("--view", "negative")
    (path,) = written(source, order, tmp_path)
    assert path.name == "photo.png" and order.scene.view == "negative"
    drawn = np.full((40, 60, 3), 55, np.uint8)
    np.testing.assert_array_equal(np.asarray(Image.open(path)), drawn)
    np.testing.assert_array_equal(api.render(source.picture.pixels, source.saliency, view="negative"), drawn)


def test_a_view_has_its_words_in_the_report(view: ViewSpec, source: Source) -> None:
    report = build_report(source, Scene("negative"), DAY)
    assert report.main_name == "Negative of the picture"
    assert report.small[0][0] == "The picture"


def test_a_view_is_offered_kept_and_shown_by_the_window(qtbot: QtBot, view: ViewSpec, source: Source) -> None:
    form = ExportForm()
    qtbot.addWidget(form)
    box = form.kinds["negative"]
    assert (box.text(), box.toolTip()) == ("Ne&gative", "Light is dark")
    box.click()
    assert form.choices.kinds == ("negative",)
    assert canvas_views()[-1] == "negative"
    kept, refused = from_dict(ViewerSettings(view="negative", export=form.choices).to_dict())
    assert not refused and kept.view == "negative" and kept.export.kinds == ("negative",)
    heat = make_overlay(source.saliency, source.picture.pixels, OverlaySettings(view="negative"))
    assert heat.image.pixelColor(5, 5).getRgb()[:3] == (55, 55, 55)


def test_a_map_format_is_written_from_the_command_line(
    map_format: MapFormat, source: Source, tmp_path: Path
) -> None:
    _, path = written(source, ordered("--save-map", "text"), tmp_path)
    assert path.name == "photo_map.txt"
    assert path.read_text().startswith("# Where people will look, predicted by made here")
    assert np.loadtxt(path).shape == (18, 24)


def test_a_map_format_is_offered_and_kept_by_the_window(qtbot: QtBot, map_format: MapFormat) -> None:
    form = ExportForm()
    qtbot.addWidget(form)
    form.maps["text"].click()
    assert form.choices.maps == ("text",)
    assert ExportChoices(maps=("text",)).order(Scene(), ViewerSettings().spots).maps == ("text",)
    kept, refused = from_dict(ViewerSettings(export=form.choices).to_dict())
    assert not refused and kept.export.maps == ("text",)


@pytest.mark.parametrize(
    "use",
    [
        lambda: ViewerSettings(view="negative"),
        lambda: Order(kinds=("negative",)),
        lambda: Order(maps=("text",)),
        lambda: ExportChoices(maps=("text",)),
    ],
)
def test_without_its_row_it_is_refused(use: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"one of|none of"):
        use()


def test_no_two_rows_have_one_name(view: ViewSpec) -> None:
    with pytest.raises(ValueError, match="'negative' is there already"):
        VIEWS.add(view)


class Shade(nn.Module):
    """The module of the architecture: one weight, and dark places are what people look at."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1))

    def forward(self, x: Tensor) -> Tensor:
        return -self.scale * x.mean(1, keepdim=True)


def shade_shapes() -> dict[str, tuple[int, ...]]:
    return {"scale": (1,)}


def shade_output(size: tuple[int, int]) -> tuple[int, int]:
    return size


SHADE_RECIPE = replace(MODERN_LIVE, name="quick", init="published", input_size=(32, 48), output_size=(32, 48))


@pytest.fixture
def architecture() -> Iterator[Architecture]:
    """An architecture that is not there otherwise."""
    row = Architecture(
        name="shade",
        title="Shade",
        factory=f"{__name__}:Shade",
        table=f"{__name__}:shade_shapes",
        sizing=f"{__name__}:shade_output",
        graph="",
        input_size=(32, 48),
        output_size=(32, 48),
        output="logits",
        recipe="quick",
        recipes=(("quick", f"{__name__}:SHADE_RECIPE"),),
        bench_rounds=1,
    )
    with ARCHITECTURES.added(row):
        yield row


@pytest.fixture
def shade_model(architecture: Architecture, tmp_path: Path) -> Path:
    """A model of that architecture."""
    folder = tmp_path / "shade"
    write_model(folder, ModelCard("shade", "Shade", "logits"), architecture.build())
    return folder


def test_an_architecture_is_recognised_and_predicts(shade_model: Path, tmp_path: Path) -> None:
    pixels = np.full((32, 48, 3), 250, np.uint8)
    pixels[:, 24:] = 5
    saliency = api.predict(api.load_model(shade_model, device="cpu"), pixels)
    assert saliency.density[:, 24:].sum() > 0.8 and saliency.density.shape == (32, 48)
    bare = tmp_path / "bare.safetensors"
    bare.write_bytes((shade_model / "weights.safetensors").read_bytes())
    card, _ = read_arrays(bare)
    assert card.architecture == "shade"


def test_an_architecture_is_offered_and_trained_from_the_command_line(architecture: Architecture) -> None:
    parser = argparse.ArgumentParser()
    train.add_arguments(parser)
    options = parser.parse_args(["--data", "d", "--model", "shade", "--run", "r"])
    order = TrainingOrder(Path(options.data), options.model, Path(options.run))
    assert recipes_for("shade") == ("quick",)
    recipe = order.chosen_recipe()
    assert recipe == SHADE_RECIPE
    network, words = initial_network(order, recipe)
    assert isinstance(network, Shade) and words == "random weights"
    with pytest.raises(SalviewerError, match="no encoder that could start from ImageNet"):
        initial_network(order, replace(recipe, init="imagenet"))
    assert not imagenet_package("shade") and imagenet_weights("shade")


def test_no_module_but_the_table_names_an_architecture() -> None:
    root = Path(salviewer.__file__).parent
    allowed = {"models/architectures.py", "models/catalog.py"}  # the table, and which model is the default
    texts = {path: path.read_text(encoding="utf-8") for path in root.rglob("*.py")}
    named = [
        f"{path.relative_to(root)}:{node.lineno}"
        for path, text in texts.items()
        if str(path.relative_to(root)) not in allowed
        and any(name in text for name in ARCHITECTURES)  # the rest need no parsing
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and node.value in ARCHITECTURES
    ]
    assert named == []
