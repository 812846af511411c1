"""The weights that ship look where people look: at faces, not at the backdrop."""

import numpy as np
import pytest
from PIL import Image
from skimage import data

from salviewer import paths as locations

FACE = (slice(70, 190), slice(175, 275))  # rows and columns of the 512 x 512 photograph


@pytest.fixture(scope="module")
def astronaut(tmp_path_factory):
    path = tmp_path_factory.mktemp("photo") / "astronaut.png"
    Image.fromarray(data.astronaut()).save(path)
    return path


@pytest.mark.parametrize(
    ("model", "times"), [("live_net", 5.0), ("deep_convnet", 3.5), ("attention_net", 4.0)]
)
def test_the_face_is_hottest(salviewer, astronaut, tmp_path, model, times):
    ended = salviewer(
        *("predict", astronaut, "-o", tmp_path, "--model", model, "--device", "cpu"),
        *("--sigma", 0, "--threshold", 0, "--save-map", "npy"),
    )
    assert ended.code == 0, ended.err
    density = np.load(tmp_path / "astronaut.npy")
    inside = np.zeros((512, 512), bool)
    inside[FACE] = True
    rows = (np.arange(density.shape[0]) * 512 // density.shape[0])[:, None]
    columns = np.arange(density.shape[1]) * 512 // density.shape[1]
    on_face = inside[rows, columns]
    assert density[on_face].sum() > times * on_face.mean()
    assert on_face.flat[density.argmax()]


def test_the_default_overlay_colours_the_face_and_leaves_the_corner(salviewer, astronaut, tmp_path):
    assert salviewer("predict", astronaut, "-o", tmp_path / "out").code == 0
    with Image.open(tmp_path / "out" / "astronaut.png") as image:
        change = np.abs(np.asarray(image).astype(int) - data.astronaut()).mean(axis=2)
    assert change[100:160, 195:255].mean() > 40
    assert change[:60, -60:].mean() < 5


@pytest.mark.parametrize("model", ["live_net", "deep_convnet"])
def test_the_face_on_the_sample_poster_is_hottest(salviewer, tmp_path, model):
    poster = locations.resources() / "samples" / "poster.png"
    line = ("predict", poster, "-o", tmp_path, "--model", model, "--save-map", "npy", "--device", "cpu")
    assert salviewer(*line).code == 0
    density = np.load(tmp_path / "poster.npy")
    row, column = np.unravel_index(density.argmax(), density.shape) / np.array(density.shape)
    assert 0.42 < row < 0.62
    assert 0.38 < column < 0.62
