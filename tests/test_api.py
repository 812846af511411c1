"""The three-line Python interface."""

import io
import subprocess
import sys
from pathlib import Path

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
    with pytest.raises(ValueError, match=r"floats of a picture lie in 0\.\.1, and these"):
        salviewer.predict(model, COFFEE.astype(np.float32))
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


def test_dir_has_all_names_and_each_is_there():
    for name in ("list_models", "SalviewerError", "metrics", "evaluate", "train", *salviewer.__all__):
        assert name in dir(salviewer)
        assert getattr(salviewer, name) is not None
    shown = {name for name in dir(salviewer) if not name.startswith("_")}
    assert shown <= set(salviewer.__all__)
    assert salviewer.metrics.nss and salviewer.SalviewerError is SalviewerError
    assert "live_net" in [entry.name for entry in salviewer.list_models()]


def test_many_pictures_are_a_generator_in_their_order(model, photo):
    given = []

    def pictures():
        for picture in (photo, COFFEE[:, ::-1], COFFEE[::-1], *[COFFEE] * 20):
            given.append(picture)
            yield picture

    maps = salviewer.predict(model, pictures())
    expected = [salviewer.predict(model, each).density for each in (photo, COFFEE[:, ::-1], COFFEE[::-1])]
    for one in expected:
        np.testing.assert_array_equal(next(maps).density, one)
    assert len(given) < 12  # a few ahead, not all
    maps.close()
    batch = np.stack([COFFEE, COFFEE[::-1]])
    found = [each.density for each in salviewer.predict(model, batch)]
    np.testing.assert_array_equal(found[1], expected[2])
    assert list(salviewer.predict(model, [])) == []


def test_a_picture_that_cannot_be_opened_ends_the_generator_where_it_stands(model, photo, tmp_path):
    maps = salviewer.predict(model, [photo, tmp_path / "missing.jpg", photo])
    next(maps)
    with pytest.raises(ImageError, match=r"missing\.jpg: there is no such file"):
        next(maps)


def test_a_map_is_resized_saved_and_drawn(model, photo, tmp_path):
    saliency = salviewer.predict(model, photo)
    own = saliency.resize()
    assert own.density.shape == (400, 600) and own.density.sum() == pytest.approx(1, abs=1e-4)
    assert own.source_size == saliency.source_size and own.model == saliency.model
    assert saliency.resize((40, 30)).density.shape == (30, 40)
    with pytest.raises(ValueError, match="at least one cell"):
        saliency.resize((0, 5))
    logs = saliency.log_density()
    np.testing.assert_allclose(np.exp(logs), saliency.density, rtol=1e-5, atol=1e-30)
    hole = salviewer.SaliencyMap(np.array([[0, 1]], np.float32), (2, 1), "made")
    assert np.isfinite(hole.log_density()).all() and hole.log_density()[0, 0] < -87
    saliency.save(tmp_path / "map.npy")
    np.testing.assert_array_equal(np.load(tmp_path / "map.npy"), saliency.density)
    saliency.save(tmp_path / "map.tiff")
    np.testing.assert_array_equal(np.asarray(Image.open(tmp_path / "map.tiff")), saliency.density)
    saliency.save(tmp_path / "map.png")
    assert np.asarray(Image.open(tmp_path / "map.png")).max() == 65535
    with pytest.raises(SalviewerError, match=r'"\.gif" is not a format of maps'):
        saliency.save(tmp_path / "map.gif")
    np.testing.assert_array_equal(
        saliency.overlay(photo, opacity=0.9), salviewer.render(photo, saliency, opacity=0.9)
    )
    drawn = Image.open(io.BytesIO(saliency._repr_png_()))
    assert drawn.format == "PNG" and drawn.size == (480, 320)
    assert np.asarray(drawn).std() > 5


def test_types_travel_with_the_package():
    assert (Path(salviewer.__file__).parent / "py.typed").is_file()
