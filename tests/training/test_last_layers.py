"""research/domains: the Deep ConvNet in two parts, the first kept on disk, the last convolved in tiles."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from salviewer.models.deep_convnet import DeepConvNet

ROOT = Path(__file__).parents[2]
if not (ROOT / "research" / "domains").is_dir():
    pytest.skip("research is not packed with the tests", allow_module_level=True)
sys.path.insert(0, str(ROOT))

from research.distil.card_data import SIZE, normalised  # noqa: E402
from research.distil.networks import write  # noqa: E402
from research.domains import adapt_last_layers as training  # noqa: E402
from research.domains.quick_convolution import QuickConvolution  # noqa: E402
from research.domains.sets import Domain  # noqa: E402

sys.path.remove(str(ROOT))


@pytest.mark.parametrize(("kernel", "tile"), [(5, 16), (7, 16), (11, 20)])
def test_tiles_give_the_values_and_gradients_of_the_convolution(kernel: int, tile: int) -> None:
    torch.manual_seed(1)
    plain = nn.Conv2d(3, 4, kernel, padding=kernel // 2)
    x = torch.randn(2, 3, 23, 31, requires_grad=True)
    expected = plain(x)
    inputs = (x, plain.weight, plain.bias)
    gradients = torch.autograd.grad(expected.square().sum(), inputs)
    found = QuickConvolution(plain, tile)(x)
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-5)
    for one, other in zip(torch.autograd.grad(found.square().sum(), inputs), gradients, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-3)


def test_passes_over_parts_of_a_batch_add_up_to_its_gradients() -> None:
    torch.manual_seed(1)
    plain = nn.Conv2d(3, 4, 5, padding=2)
    x = torch.randn(5, 3, 23, 31)
    gradients = torch.autograd.grad(plain(x).square().sum(), (plain.weight, plain.bias))
    quick = QuickConvolution(plain, 14)
    quick.hold()
    for start in range(2):
        quick(x[start::2]).square().sum().backward()
    quick.release()
    for parameter, expected in zip((plain.weight, plain.bias), gradients, strict=True):
        torch.testing.assert_close(parameter.grad, expected, rtol=1e-4, atol=1e-3)


def test_both_parts_are_the_network_and_a_stopped_run_is_taken_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    torch.manual_seed(2)
    network = DeepConvNet()
    nn.init.normal_(network.upsample.weight, std=0.05)
    file = tmp_path / "first.npy"
    pixels = np.random.default_rng(3).integers(0, 256, (*SIZE, 3)).astype(np.uint8)
    first = training.FirstLayers(network.state_dict(), 7, file, 2)
    last = training.LastLayers(network, 7)
    with torch.inference_mode():
        expected = network(normalised(torch.from_numpy(pixels).permute(2, 0, 1)[None].float()))
        found = last(first.of(1, pixels)[None])
        again = last(first.of(1, np.zeros_like(pixels))[None])  # what is kept, whatever the picture
    assert (found - expected).abs().max() < 0.01 * expected.abs().max()  # kept in float16
    assert torch.equal(found, again)

    weights = tmp_path / "init.safetensors"
    write(network, weights)
    truth = np.ones((2, *SIZE), np.uint8)
    truth[:, 100:140, 200:240] = 255
    points = np.full((2, 1, 2), 0.1, np.float32)
    domain = Domain("some", ["a", "b"], np.stack([pixels, pixels[::-1]]), truth, None, 1.0, points, True)
    monkeypatch.setattr(training, "domains_of", lambda args: [(domain, 1)])
    threads = torch.get_num_threads()
    given = ["--init", str(weights), "--data", "none", "--taught", "none", "--work", str(tmp_path)]
    given += ["--name", "a", "--still", "7"]
    try:
        assert training.main([*given, "--seconds", "0.5"]) == 0
        first_state = torch.load(tmp_path / "a.checkpoint", weights_only=True)
        assert training.main([*given, "--seconds", str(first_state["spent"] + 0.5)]) == 0
    finally:
        torch.set_num_threads(threads)
    second_state = torch.load(tmp_path / "a.checkpoint", weights_only=True)
    assert "taken up at step" in capsys.readouterr().out
    assert 0 < first_state["step"] < second_state["step"]
    learning = training.first_of(network, 7)
    for key, value in network.state_dict().items():
        layer = int(key.split(".")[1]) if key.startswith("features") else 99
        assert torch.equal(second_state["network"][key], value) == (layer < learning), key
