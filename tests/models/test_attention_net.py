"""attention_net: its attention, its sense of proportions, and its graph for OpenVINO."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from skimage import data

from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.attention_net import AttentionNet, position_waves
from salviewer.models.card import ModelCard
from salviewer.models.engines.choice import torch_engine
from salviewer.models.engines.openvino_engine import OpenVinoEngine, compile_network
from salviewer.models.preprocess import resize
from salviewer.models.tables import ATTENTION_LAYERS

SIZE = (96, 136)


@pytest.fixture(scope="module")
def network() -> AttentionNet:
    torch.manual_seed(3)
    made = AttentionNet().eval().requires_grad_(False)
    for module in made.modules():  # statistics as after training, so that their folding is put to the test
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.running_mean, -0.2, 0.2)
            torch.nn.init.uniform_(module.running_var, 0.5, 2)
    torch.nn.init.normal_(made.priors, std=0.5)
    torch.nn.init.normal_(made.head.weight, std=0.3)
    return made


@pytest.fixture(scope="module")
def shown() -> np.ndarray:
    return np.asarray(resize(data.coffee(), SIZE), np.uint8)[None]


def as_input(shown: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(shown).permute(0, 3, 1, 2).float() / 127.5 - 1


def test_rows_sum_to_1_and_are_those_that_the_map_is_made_with(
    network: AttentionNet, shown: np.ndarray
) -> None:
    x = as_input(shown)
    rows = network.attention_rows(x)
    tokens = 6 * 9 + 3 * 5
    assert len(rows) == ATTENTION_LAYERS and {tuple(each.shape) for each in rows} == {(1, 6, tokens, tokens)}
    assert all(torch.allclose(each.sum(-1), torch.ones(1, 6, tokens), atol=1e-5) for each in rows)
    layer, some = network.layers[0], torch.randn(1, tokens, 192)
    assert torch.allclose(layer(some), layer.with_rows(some)[0], atol=1e-5)
    assert network(x).shape == (1, 1, *SIZE)


def test_a_place_is_known_by_the_true_proportions(network: AttentionNet, shown: np.ndarray) -> None:
    square, wide = (position_waves(4, 4, torch.tensor([ratio]), 2) for ratio in (1.0, 4.0))
    # On a picture four times as wide as high, the outer columns are as far out as sides of length 2 are.
    assert square[0, 0, 0] == pytest.approx(np.sin(-np.pi * 0.375))
    assert wide[0, 0, 0] == pytest.approx(np.sin(-np.pi * 0.375 / 2))
    assert wide[0, 0, 8] == pytest.approx(np.sin(-np.pi * 0.375 * 2))
    x = as_input(shown)
    own = torch.tensor([SIZE[1] / SIZE[0]])
    assert torch.equal(network(x), network(x, own))
    assert not torch.allclose(network(x, 3 * own), network(x, own), atol=1e-3)


def test_engines_agree_also_when_told_the_proportions(network: AttentionNet, shown: np.ndarray) -> None:
    weights = {name: value.numpy() for name, value in network.state_dict().items()}
    row = replace(ARCHITECTURES["attention_net"], input_size=SIZE, output_size=SIZE)
    card = ModelCard("attention_net", "A test", "logits", input_size=SIZE)
    eager = torch_engine(card, weights, "cpu")
    for aspect in (SIZE[1] / SIZE[0], 0.6):
        given = np.array([aspect], np.float32)
        theirs = eager.densities(shown, given)[0]
        ours = compile_network(row, weights, "logits")([shown, given])[0][0]
        assert np.abs(ours - theirs).max() < 1e-4 * theirs.max()
    engine = OpenVinoEngine(row, weights, "logits")
    near = 1e-4 if "float32" in engine.title else 0.05
    told, untold = engine.densities(shown, given)[0], engine.densities(shown)[0]
    assert np.abs(told - theirs).max() < near * theirs.max()
    assert np.abs(told - untold).max() > 0.01 * theirs.max()
