"""``salviewer compare``: the numbers, the difference, and what it refuses."""

import shutil

import numpy as np
import pytest
import torch
from PIL import Image

from salviewer import api
from salviewer.core.compare import compare as compared
from salviewer.core.compare import draw_difference
from salviewer.media.images import load_picture
from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.card import ModelCard
from salviewer.models.checkpoints import write_model


@pytest.fixture
def compare(salviewer, model_folder):
    def run(*arguments):
        return salviewer("compare", *arguments, "--model", model_folder, "--device", "cpu")

    return run


def shown(path):
    with Image.open(path) as image:
        return np.asarray(image)


def test_two_pictures(compare, photos, model_folder, tmp_path):
    first, second = photos / "chelsea.jpg", photos / "coffee.jpg"
    ended = compare(first, second, "-o", tmp_path / "diff.png")
    assert ended.code == 0 and ended.err == []
    model = api.load_model(model_folder, "cpu")
    found = compared(api.predict(model, first), api.predict(model, second))
    assert ended.out[0].startswith(f"A: {first} with ") and ended.out[1].startswith(f"B: {second} with ")
    assert f"CC  {found.cc:.3f}" in ended.out
    assert any(line.startswith(f"SIM {found.sim:.3f}: ") for line in ended.out)
    assert any(f"{found.kl_first:.3f} nats for A as a prediction of B" in line for line in ended.out)
    assert ended.out[-1] == f"-> {tmp_path / 'diff.png'}"
    expected = draw_difference(load_picture(second).pixels, found)
    np.testing.assert_array_equal(shown(tmp_path / "diff.png"), expected)


def test_two_models(compare, photos, tmp_path):
    torch.manual_seed(2)
    card = ModelCard(architecture="live_net", title="Other", output=ARCHITECTURES["live_net"].output)
    write_model(tmp_path / "other", card, ARCHITECTURES["live_net"].build())
    ended = compare(photos / "chelsea.jpg", "--model-b", tmp_path / "other")
    assert ended.code == 0 and list(tmp_path.glob("*.png")) == []
    assert "CC  1.000" not in ended.out


def test_a_picture_with_itself_and_of_another_shape(compare, photos):
    shutil.copy(photos / "coffee.jpg", photos / "again.jpg")
    ended = compare(photos / "coffee.jpg", photos / "again.jpg")
    assert "CC  1.000" in ended.out and "SIM 1.000: 0.0% of attention goes elsewhere" in ended.out
    assert not any("different shapes" in line for line in ended.out)
    assert any(
        "different shapes" in line for line in compare(photos / "coffee.jpg", photos / "astronaut.jpg").out
    )


@pytest.mark.parametrize("output", ["out", "diff.gif"])
def test_wrong_usage(compare, photos, output, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert compare(photos / "coffee.jpg", photos / "chelsea.jpg", "-o", output).code == 2
    assert compare(photos / "coffee.jpg").code == 2


def test_failures(compare, photos, tmp_path):
    photo = photos / "coffee.jpg"
    before = photo.read_bytes()
    for arguments in ((photo, tmp_path / "no.jpg"), (photo, photos / "chelsea.jpg", "-o", photo)):
        ended = compare(*arguments)
        assert ended.code == 1 and len(ended.err) == 1 and ended.out == []
    assert photo.read_bytes() == before
