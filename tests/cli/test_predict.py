"""What ``salviewer predict`` writes, and under which names."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageChops

from salviewer import api
from salviewer.core.gaze import draw_hotspots
from salviewer.core.hotspots import HotspotSettings, find_hotspots
from salviewer.core.postprocess import PostprocessSettings, Threshold
from salviewer.core.render import OverlayStyle
from salviewer.media.images import load_picture
from salviewer.media.tables import hotspot_table, table_text
from tests.folders import files_in


def pixels_of(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image)


def names(folder: Path) -> set[str]:
    return {path.name for path in files_in(folder)}


@pytest.fixture
def predictor(model_folder):
    return api.load_model(model_folder, "cpu")


def test_npy_is_exactly_the_networks_density(predict, predictor, photos, tmp_path):
    out = tmp_path / "out"
    ended = predict(photos / "coffee.jpg", "-o", out, "--sigma", 0, "--threshold", 0, "--save-map", "npy")
    assert ended.code == 0
    density = np.load(out / "coffee.npy", allow_pickle=False)
    assert density.dtype == np.float32 and density.shape == (240, 320)
    assert density.sum(dtype=np.float64) == pytest.approx(1, abs=1e-5)
    expected = predictor.predict(load_picture(photos / "coffee.jpg").pixels)
    np.testing.assert_array_equal(density, expected.density)


def test_overlay_is_api_render_with_the_same_settings(predict, predictor, photos, tmp_path):
    photo = photos / "chelsea.jpg"
    ended = predict(
        *(photo, "-o", tmp_path / "out", "--sigma", 0.05, "--threshold", "p60"),
        *("--colormap", "magma", "--opacity", 0.4),
    )
    assert ended.code == 0
    expected = api.render(
        photo, api.predict(predictor, photo), sigma=0.05, threshold="p60", colormap="magma", opacity=0.4
    )
    np.testing.assert_array_equal(pixels_of(tmp_path / "out" / "chelsea.png"), expected)


@pytest.mark.parametrize("view", ["heatmap", "focus", "contours", "side-by-side"])
def test_views_are_those_of_api_render(predict, predictor, photos, tmp_path, view):
    photo = photos / "chelsea.jpg"
    ended = predict(photo, "-o", tmp_path / "out", "--view", view, "--threshold", 0.2)
    assert ended.code == 0 and ended.out[-1].startswith("1 picture written in ")
    expected = api.render(photo, api.predict(predictor, photo), threshold=0.2, view=view)
    np.testing.assert_array_equal(pixels_of(tmp_path / "out" / "chelsea.png"), expected)


def test_hotspots_are_written_and_drawn(predict, predictor, photos, tmp_path):
    photo = photos / "chelsea.jpg"
    options = ("--hotspots", 3, "--hotspot-radius", 0.1, "--view", "side-by-side", "--draw-hotspots")
    assert predict(photo, "-o", tmp_path / "out", *options).code == 0
    assert names(tmp_path / "out") == {"chelsea.png", "chelsea_hotspots.csv"}
    saliency = api.predict(predictor, photo)
    found = find_hotspots(saliency, HotspotSettings(3, 0.1))
    written = (tmp_path / "out" / "chelsea_hotspots.csv").read_bytes().decode("utf-8-sig")
    assert written == table_text(hotspot_table(found), "csv")
    expected = api.render(photo, saliency, view="side-by-side")
    draw_hotspots(expected[:, -451:], found, 0.1)
    np.testing.assert_array_equal(pixels_of(tmp_path / "out" / "chelsea.png"), expected)


def test_hotspots_up_to_a_share_as_json(predict, photos, tmp_path):
    options = ("--hotspots", "30%", "--tables", "json")
    assert predict(photos / "coffee.jpg", "-o", tmp_path, *options).code == 0
    shares = [spot["share"] for spot in json.loads((tmp_path / "coffee_hotspots.json").read_text("utf-8"))]
    assert sum(shares) >= 0.3 > sum(shares[:-1])


def test_defaults_are_the_windows(predict, predictor, photos, tmp_path):
    photo = photos / "astronaut.jpg"
    assert predict(photo, "-o", tmp_path / "out").code == 0
    saliency = api.predict(predictor, photo)
    expected = api.render(photo, saliency, PostprocessSettings(), OverlayStyle())
    np.testing.assert_array_equal(pixels_of(tmp_path / "out" / "astronaut.png"), expected)


def test_saved_map_is_smoothed_and_thresholded(predict, predictor, photos, tmp_path):
    photo = photos / "coffee.jpg"
    options = ("--sigma", 0.03, "--threshold", "p80", "--save-map")
    assert predict(photo, "-o", tmp_path, *options, "npy").code == 0
    assert predict(photo, "-o", tmp_path, *options, "png16").code == 0
    density = np.load(tmp_path / "coffee.npy")
    saliency = api.predict(predictor, photo)
    settings = PostprocessSettings(sigma=0.03, threshold=Threshold("percentile", 80))
    np.testing.assert_array_equal(density, api.shown_density(saliency, settings))
    assert np.count_nonzero(density) == pytest.approx(0.2 * density.size, rel=0.01)
    assert density.max() == api.shown_density(saliency, PostprocessSettings(sigma=0.03)).max()

    grey = pixels_of(tmp_path / "coffee_map.png").astype(np.int64)
    assert grey.max() == 65535
    np.testing.assert_allclose(grey / 65535, density / density.max(), atol=1 / 65535)


@pytest.mark.parametrize(
    ("option", "suffix"), [("jpg", "JPEG"), ("webp", "WEBP"), ("tiff", "TIFF"), ("png", "PNG")]
)
def test_formats(predict, photos, tmp_path, option, suffix):
    ended = predict(photos / "chelsea.jpg", "-o", tmp_path / "out", "--format", option)
    assert ended.code == 0
    with Image.open(tmp_path / "out" / f"chelsea.{option}") as image:
        assert image.format == suffix and image.size == (451, 300)


def test_folder_in_natural_order_and_where_each_went(predict, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("p10.png", "p2.png", "p1.png"):
        Image.new("RGB", (40, 30), "grey").save(folder / name)
    (folder / "notes.txt").write_text("not a picture, and no failure either")
    (folder / "deeper").mkdir()
    out = tmp_path / "new" / "out"
    ended = predict(folder, "-o", out)
    assert ended.code == 0 and ended.err == []
    assert ended.out[:-1] == [f"{folder / name} -> {out / name}" for name in ("p1.png", "p2.png", "p10.png")]
    assert ended.out[-1].startswith("3 overlays written in ")


def test_one_picture_to_a_named_file(predict, photos, tmp_path):
    target = tmp_path / "made" / "heat.map.jpg"
    ended = predict(photos / "coffee.jpg", "-o", target, "--save-map", "npy")
    assert ended.code == 0
    assert names(target.parent) == {"heat.map.jpg", "heat.map.npy"}
    assert pixels_of(target).shape == (400, 600, 3)


def test_same_stems_get_numbers_and_it_is_said(predict, photos, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    with Image.open(photos / "coffee.jpg") as image:
        ImageChops.invert(image).save(other / "Coffee.png")
        image.save(other / "coffee-2.jpg")
    out = tmp_path / "out"
    ended = predict(
        photos / "coffee.jpg", other / "Coffee.png", other / "coffee-2.jpg", "-o", out, "--save-map", "npy"
    )
    assert ended.code == 0
    assert names(out) == {
        *("coffee.png", "coffee.npy", "Coffee-3.png", "Coffee-3.npy", "coffee-2.png", "coffee-2.npy"),
    }
    assert (
        f"{other / 'Coffee.png'} -> {out / 'Coffee-3.png'} (renamed: another picture has that name)"
        in ended.out
    )
    assert not np.array_equal(pixels_of(out / "coffee.png"), pixels_of(out / "Coffee-3.png"))


def test_a_map_never_takes_an_overlays_name(predict, photos, tmp_path):
    with Image.open(photos / "coffee.jpg") as image:
        image.save(photos / "chelsea_map.jpg")
    out = tmp_path / "out"
    assert (
        predict(photos / "chelsea.jpg", photos / "chelsea_map.jpg", "-o", out, "--save-map", "png16").code
        == 0
    )
    assert names(out) == {"chelsea.png", "chelsea_map.png", "chelsea_map-2.png", "chelsea_map-2_map.png"}


def test_given_twice_is_done_once(predict, photos, tmp_path):
    ended = predict(photos / "coffee.jpg", photos, "-o", tmp_path / "out")
    assert ended.code == 0 and ended.out[-1].startswith("3 overlays")


@pytest.mark.parametrize(
    "name", ["фото 写真 🌄.png", "a.b.c.png", "-dash.png", "line\nbreak.png", "bytes\udcff.png"]
)
def test_odd_names(predict, tmp_path, name):
    folder = tmp_path / "in"
    folder.mkdir()
    Image.new("RGB", (30, 20), "teal").save(folder / "x.png")
    (folder / "x.png").rename(folder / name)
    ended = predict(folder, "-o", tmp_path / "out")
    assert ended.code == 0 and len(ended.out) == 2
    assert names(tmp_path / "out") == {name}


def test_the_pictures_themselves_are_never_replaced(predict, photos, tmp_path):
    photo = photos / "coffee.jpg"
    before = photo.read_bytes()
    (tmp_path / "link").symlink_to(photos)
    for folder in (photos, tmp_path / "link"):
        ended = predict(photo, "-o", folder, "--format", "jpg")
        assert ended.code == 1 and photo.read_bytes() == before
        assert "would replace the picture" in ended.err[0] and len(ended.err) == 1


def test_an_older_result_is_replaced_and_nothing_else_touched(predict, photos, tmp_path):
    (tmp_path / "coffee.png").write_bytes(b"old")
    (tmp_path / "coffee.npy").write_bytes(b"mine")
    assert predict(photos / "coffee.jpg", "-o", tmp_path).code == 0
    assert pixels_of(tmp_path / "coffee.png").shape == (400, 600, 3)
    assert (tmp_path / "coffee.npy").read_bytes() == b"mine"


def test_what_a_picture_is_not_shown_in_full_is_said(predict, tmp_path):
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "two.gif", save_all=True, append_images=frames[1:])
    ended = predict(tmp_path / "two.gif", "-o", tmp_path / "out")
    assert ended.out[0].endswith("two.png (first of 2 frames)")


def test_subfolders_keep_their_place_and_the_results_are_no_input(predict, photos, tmp_path):
    below = photos / "more" / "still more"
    below.mkdir(parents=True)
    (photos / "coffee.jpg").rename(below / "coffee.jpg")
    first, again = (predict(photos, "-o", photos / "out", "--subfolders") for _ in range(2))
    assert first.code == again.code == 0 and len(first.out) == len(again.out)
    assert (photos / "out" / "more" / "still more" / "coffee.png").is_file()
    assert not (photos / "out" / "out").exists() and "coffee.png" not in names(photos / "out")
