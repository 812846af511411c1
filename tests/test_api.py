"""The three-line Python interface."""

import subprocess
import sys

import numpy as np
import pytest
import torch
from PIL import Image
from skimage import data

import salviewer
from salviewer import api
from salviewer.core import render as rendering
from salviewer.core.postprocess import PostprocessSettings, Threshold
from salviewer.core.render import OverlayStyle
from salviewer.errors import ImageError, ModelError, SalviewerError
from salviewer.media.images import load_picture
from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.card import ModelCard
from salviewer.models.checkpoints import write_model

COFFEE = data.coffee()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    torch.manual_seed(2)
    path = tmp_path_factory.mktemp("models") / "random"
    write_model(path, ModelCard("live_net", "Random", "logits"), ARCHITECTURES["live_net"].build())
    return path


@pytest.fixture(scope="module")
def model(folder):
    return salviewer.load_model(folder, device="cpu")


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "coffee.png"
    Image.fromarray(COFFEE).save(path)
    return path


def test_three_lines(model, photo):
    saliency = salviewer.predict(model, photo)
    overlay = salviewer.render(photo, saliency)
    assert isinstance(saliency, salviewer.SaliencyMap) and saliency.source_size == (600, 400)
    assert saliency.density.sum() == pytest.approx(1, abs=1e-5) and saliency.density.dtype == np.float32
    assert overlay.shape == COFFEE.shape and overlay.dtype == np.uint8 and not np.array_equal(overlay, COFFEE)


def test_path_text_array_and_picture_are_one(model, photo):
    expected = salviewer.predict(model, photo)
    for same in (str(photo), COFFEE, load_picture(photo)):
        np.testing.assert_array_equal(salviewer.predict(model, same).density, expected.density)
        np.testing.assert_array_equal(salviewer.render(same, expected), salviewer.render(photo, expected))


def test_a_model_by_path_or_name(model, folder, photo):
    expected = salviewer.predict(model, photo).density
    np.testing.assert_allclose(salviewer.predict(folder, photo).density, expected, rtol=0.05, atol=1e-7)
    np.testing.assert_allclose(salviewer.predict(str(folder), photo).density, expected, rtol=0.05, atol=1e-7)
    with pytest.raises(ModelError, match="nonsense: there is no model of that name"):
        salviewer.predict("nonsense", photo)


def test_render_is_the_windows_render(model):
    saliency = salviewer.predict(model, COFFEE)
    settings = PostprocessSettings(sigma=0.04, threshold=Threshold("absolute", 0.3))
    style = OverlayStyle(colormap="viridis", opacity=0.5)
    expected = rendering.render(COFFEE, saliency, settings, style)
    np.testing.assert_array_equal(salviewer.render(COFFEE, saliency, settings, style), expected)
    single = {"sigma": 0.04, "threshold": 0.3, "colormap": "viridis", "opacity": 0.5}
    np.testing.assert_array_equal(salviewer.render(COFFEE, saliency, **single), expected)
    np.testing.assert_array_equal(
        salviewer.render(COFFEE, saliency, settings, style, opacity=0.9),
        rendering.render(COFFEE, saliency, settings, OverlayStyle(colormap="viridis", opacity=0.9)),
    )


@pytest.mark.parametrize("threshold", ["p75", "75%", Threshold("percentile", 75)])
def test_thresholds_in_every_form(model, threshold):
    saliency = salviewer.predict(model, COFFEE)
    settings = PostprocessSettings(threshold=Threshold("percentile", 75))
    np.testing.assert_array_equal(
        salviewer.render(COFFEE, saliency, threshold=threshold), salviewer.render(COFFEE, saliency, settings)
    )


def test_shown_density(model):
    saliency = salviewer.predict(model, COFFEE)
    raw = api.shown_density(saliency, PostprocessSettings(sigma=0))
    np.testing.assert_array_equal(raw, saliency.density)
    smooth = api.shown_density(saliency, PostprocessSettings(sigma=0.05))
    assert smooth.sum() == pytest.approx(1, abs=1e-4) and smooth.max() < raw.max()
    half = api.shown_density(saliency, PostprocessSettings(sigma=0.05, threshold=Threshold("absolute", 0.5)))
    assert ((half == 0) | (half == smooth)).all() and (half > 0).sum() == (smooth >= smooth.max() / 2).sum()
    nothing = PostprocessSettings(threshold=Threshold("percentile", 100))
    assert not api.shown_density(saliency, nothing).any()


def test_mistakes_are_named(model, photo, tmp_path):
    saliency = salviewer.predict(model, photo)
    with pytest.raises(TypeError, match="no option 'colour'; there are sigma"):
        salviewer.render(photo, saliency, colour="red")
    with pytest.raises(ValueError, match="opacity lies in"):
        salviewer.render(photo, saliency, opacity=2)
    with pytest.raises(ValueError, match="uint8"):
        salviewer.predict(model, COFFEE / 255)
    with pytest.raises(ImageError, match="there is no such file"):
        salviewer.predict(model, tmp_path / "missing.jpg")
    with pytest.raises(SalviewerError, match="not present"):
        salviewer.load_model(device="cuda:77")


def test_importing_the_package_loads_no_torch_and_no_qt():
    code = (
        "import sys, salviewer; print([n for n in ('torch', 'PySide6', 'numpy', 'cv2') if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
