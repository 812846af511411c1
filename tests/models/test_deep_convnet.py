import pytest
import torch
from torch import nn

from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.deep_convnet import DeepConvNet, bilinear_upsampling_


@pytest.fixture(scope="module")
def network() -> DeepConvNet:
    torch.manual_seed(3)
    return DeepConvNet()


def test_layer_table_is_the_published_one(network: DeepConvNet) -> None:
    kinds = [type(module).__name__ for module in network.features]
    expected = ["Conv2d", "ReLU", "LocalResponseNorm", "MaxPool2d", "Conv2d", "ReLU", "MaxPool2d"]
    expected += ["Conv2d", "ReLU"] * 6 + ["Conv2d"]
    assert kinds == expected
    convolutions = [module for module in network.features if isinstance(module, nn.Conv2d)]
    assert [(item.out_channels, item.kernel_size[0]) for item in convolutions] == [
        (96, 7), (256, 5), (512, 3), (512, 5), (512, 5), (256, 7), (128, 11), (32, 11), (1, 13)
    ]  # fmt: skip
    assert all(item.stride == (1, 1) and item.padding[0] == item.kernel_size[0] // 2 for item in convolutions)
    norm = network.features[2]
    assert (norm.size, norm.alpha, norm.beta) == (5, 1e-4, 0.75)
    assert all(
        (pool.kernel_size, pool.stride) == (3, 2)
        for pool in network.features
        if isinstance(pool, nn.MaxPool2d)
    )
    last = network.upsample
    assert (last.kernel_size, last.stride, last.padding, last.bias) == ((8, 8), (4, 4), (2, 2), None)


def test_parameters_are_25_8_million(network: DeepConvNet) -> None:
    assert sum(item.numel() for item in network.parameters()) == 25_806_209


def test_initial_statistics(network: DeepConvNet) -> None:
    for module in network.features:
        if isinstance(module, nn.Conv2d):
            fan_in = module.in_channels * module.kernel_size[0] ** 2
            spread = (2 / fan_in) ** 0.5
            count = module.weight.numel()
            assert module.weight.std().item() == pytest.approx(spread, rel=4 / count**0.5)
            assert abs(module.weight.mean().item()) < 5 * spread / count**0.5
            assert not module.bias.any()
    torch.manual_seed(0)
    samples = torch.cat([DeepConvNet().upsample.weight.flatten() for _ in range(3)])
    assert samples.std().item() == pytest.approx(1e-4, rel=0.25)


def test_output_is_236x316(network: DeepConvNet) -> None:
    with torch.device("meta"):
        shape = DeepConvNet()(torch.zeros(2, 3, 240, 320)).shape
    assert shape == (2, 1, 236, 316)
    row = ARCHITECTURES["deep_convnet"]
    assert (row.input_size, row.output_size) == ((240, 320), (236, 316))
    with torch.inference_mode():
        assert network(torch.zeros(1, 3, 48, 64)).shape == (1, 1, 44, 60)


def test_bilinear_upsampling_interpolates_a_constant_exactly(network: DeepConvNet) -> None:
    other = DeepConvNet()
    bilinear_upsampling_(other)
    raised = other.upsample(torch.ones(1, 1, 8, 8))
    assert torch.allclose(raised[..., 6:-6, 6:-6], torch.ones(1))
