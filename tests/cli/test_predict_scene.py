"""All of a scene, and all that an order has, can be asked for on the command line."""

import numpy as np
import pytest
from PIL import Image

import salviewer as library
from salviewer import api
from salviewer.core.areas import Ellipse, Rectangle
from salviewer.core.hotspots import HotspotSettings
from salviewer.core.postprocess import PostprocessSettings, Threshold
from salviewer.core.render import OverlayStyle
from salviewer.core.scene import Scene, render_scene
from salviewer.media.images import load_picture
from salviewer.results.order import Size
from salviewer.results.source import Source, drawn
from tests.folders import files_in

AREAS = (Rectangle(0.1, 0.1, 0.5, 0.6, name="Logo"), Ellipse(0.5, 0.5, 0.2, 0.3, name="Cup"))


def shown(path):
    with Image.open(path) as image:
        return np.asarray(image)


def names(folder):
    return {path.name for path in files_in(folder)}


@pytest.fixture
def photo(photos):
    with Image.open(photos / "chelsea.jpg") as image:
        image.resize((120, 80)).save(photos / "small.png")
    return photos / "small.png"


@pytest.fixture
def saliency(model_folder, photo):
    return api.predict(api.load_model(model_folder, "cpu"), photo)


@pytest.mark.parametrize(
    ("options", "scene"),
    [
        (
            ("--gamma", 0.5, "--fade", 0, "--normalise", "fixed", "--fixed-peak", 3),
            Scene(
                settings=PostprocessSettings(normalise="fixed", fixed_peak=3),
                style=OverlayStyle(gamma=0.5, fade=0),
            ),
        ),
        (
            ("--outline", "--threshold", "p70", "--view", "focus"),
            Scene("focus", PostprocessSettings(threshold=Threshold("percentile", 70)), outline=True),
        ),
        (
            ("--arrangement", "swipe", "--divider", 0.3, "--view", "heatmap"),
            Scene("heatmap", arrangement="swipe", divider=0.3),
        ),
        (
            ("--arrangement", "side", "--hotspots", 3, "--draw-hotspots", "--no-gaze-path"),
            Scene(hotspots=HotspotSettings(3), path=False, arrangement="side"),
        ),
    ],
)
def test_scenes(predict, photo, saliency, tmp_path, options, scene):
    assert predict(photo, "-o", tmp_path / "a.png", *options).code == 0
    expected = render_scene(load_picture(photo).pixels, saliency, scene)
    np.testing.assert_array_equal(shown(tmp_path / "a.png"), expected)


def test_several_views_maps_and_a_report(predict, photo, saliency, tmp_path):
    out = tmp_path / "out"
    views = ("--view", "overlay", "--view", "picture", "--view", "heatmap")
    maps = [option for fmt in ("npy", "png8", "png16", "tiff") for option in ("--save-map", fmt)]
    ended = predict(photo, "-o", out, *views, *maps, "--report", "html", "--format", "tiff")
    assert ended.code == 0 and ended.out[0] == f"{photo} -> {out / 'small-overlay.tiff'}"
    assert names(out) == {
        *("small-overlay.tiff", "small-picture.tiff", "small-heatmap.tiff", "small-report.html"),
        *("small.npy", "small_map8.png", "small_map.png", "small_map.tiff"),
    }
    picture = load_picture(photo)
    np.testing.assert_array_equal(shown(out / "small-picture.tiff"), picture.pixels)
    heatmap = render_scene(picture.pixels, saliency, Scene("heatmap"))
    np.testing.assert_array_equal(shown(out / "small-heatmap.tiff"), heatmap)
    np.testing.assert_array_equal(shown(out / "small_map.tiff"), np.load(out / "small.npy"))
    page = (out / "small-report.html").read_text("utf-8")
    assert page.startswith("<!DOCTYPE html>") and "small.png" in page and "Random" in page


def test_what_follows_a_named_file(predict, photo, tmp_path):
    options = ("--view", "focus", "--view", "overlay", "--hotspots", 2)
    assert predict(photo, "-o", tmp_path / "to" / "a.jpg", *options).code == 0
    assert names(tmp_path / "to") == {"a.jpg", "a-overlay.jpg", "a_hotspots.csv"}


@pytest.mark.parametrize(("size", "wanted"), [("50%", (60, 40)), ("300", (300, 200))])
def test_another_size(predict, photo, saliency, tmp_path, size, wanted):
    assert predict(photo, "-o", tmp_path / "a.png", "--size", size).code == 0
    expected = drawn(Source(load_picture(photo), saliency), Scene(), "overlay", Size.parse(size))
    pixels = shown(tmp_path / "a.png")
    assert pixels.shape == (wanted[1], wanted[0], 3)
    np.testing.assert_array_equal(pixels, expected)


def test_quality(predict, photo, tmp_path):
    sizes = []
    for quality in (20, 92, None):
        options = () if quality is None else ("--quality", quality)
        assert predict(photo, "-o", tmp_path / "a.jpg", *options).code == 0
        sizes.append((tmp_path / "a.jpg").stat().st_size)
    assert sizes[0] < sizes[1] / 2 and sizes[1] == sizes[2]


def test_a_projects_areas_are_drawn(salviewer, photo, saliency, model_folder, tmp_path):
    file = tmp_path / "shop.salviewer.json"
    library.save_project(file, library.Project((library.ProjectPicture(photo, AREAS),), str(model_folder)))
    options = ("--project", file, "--draw-areas", "--device", "cpu")
    assert salviewer("predict", *options, "-o", tmp_path / "out").code == 0
    assert names(tmp_path / "out") == {"small.png", "small_areas.csv"}
    expected = render_scene(load_picture(photo).pixels, saliency, Scene(areas=AREAS))
    np.testing.assert_array_equal(shown(tmp_path / "out" / "small.png"), expected)
