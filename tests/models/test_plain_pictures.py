"""Empty pictures: a broad centre and no border, with the shipped weights and both engines."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from salviewer.models.deep_convnet import DeepConvNet, bilinear_upsampling_
from salviewer.models.loading import load_model

SIZE = (240, 320)


def pictures() -> dict[str, np.ndarray]:
    noise = np.random.default_rng(4).integers(0, 256, (*SIZE, 3)).astype(np.uint8)
    plain = {name: np.full((*SIZE, 3), value, np.uint8) for name, value in PLAIN.items()}
    return {**plain, "noise": noise}


PLAIN = {"black": 0, "grey": 128, "white": 255}


def test_the_border_of_a_level_map_is_level() -> None:
    """Zeros outside a log-density of -6 would raise the last two pixels of it."""
    network = DeepConvNet()
    bilinear_upsampling_(network)
    last = network.features[-1]
    with torch.inference_mode():
        last.weight.zero_()
        last.bias.fill_(-6)
        raw = network(torch.zeros(1, 3, 48, 64))
    assert raw.shape == (1, 1, 44, 60)
    assert torch.allclose(raw, torch.tensor(-6.0), atol=1e-5)


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("engine", ["torch", "openvino"])
@pytest.mark.parametrize("model", ["live_net", "deep_convnet", "attention_net"])
def test_a_picture_of_nothing_has_a_broad_centre_and_no_border(model: str, engine: str) -> None:
    predictor = load_model(model, "cpu", engine)  # type: ignore[arg-type]
    shown = pictures()
    if model == "deep_convnet" and engine == "torch":  # two seconds for each, and the engines are held alike
        shown = {name: shown[name] for name in ("white", "noise")}
    for name, picture in shown.items():
        density = predictor.densities(picture[None])[0]
        density = density / density.mean()
        height, width = density.shape
        border = np.ones_like(density, bool)
        border[height // 20 : -(height // 20), width // 20 : -(width // 20)] = False
        row, column = np.unravel_index(density.argmax(), density.shape)
        if name != "noise":  # in which there is something to see anywhere
            assert 0.25 < row / height < 0.75 and 0.25 < column / width < 0.75, name
        assert density[border].max() < 0.5 * density.max(), name
        assert density[height // 3 : -(height // 3), width // 3 : -(width // 3)].mean() > 1.8, name
