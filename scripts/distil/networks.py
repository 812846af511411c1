"""What is trained: a network and, for the Deep ConvNet, adapters that predict a teacher's features."""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F
from dino import DinoNet
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from salviewer.media.export import atomic_path
from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.deep_convnet import DeepConvNet, bilinear_upsampling_


class BandNormalisation(nn.Module):
    """Local response normalisation whose sums over channels are one matrix product, quick on a card."""

    def __init__(self, channels: int, size: int, alpha: float, beta: float) -> None:
        super().__init__()
        rows = torch.arange(channels)
        band = ((rows[:, None] - rows[None]).abs() <= size // 2).float() * (alpha / size)
        self.register_buffer("band", band[:, :, None, None], persistent=False)
        self.beta = beta

    def forward(self, x: Tensor) -> Tensor:
        return x * (1 + F.conv2d(x * x, self.band)).pow(-self.beta).to(x.dtype)


NAMES = (*ARCHITECTURES, "dino")


def build(name: str) -> nn.Module:
    """One of ``NAMES``, with fresh weights."""
    return DinoNet() if name == "dino" else ARCHITECTURES[name].build()


class Student(nn.Module):
    """A network and its adapters.

    Args:
        name: in ``NAMES``.
        wide: channels of the teacher's encoder to be predicted after the Deep ConvNet's fifth convolution; 0
            for no hints. Its seventh predicts the 64 channels before the teacher's head.
    """

    def __init__(self, name: str, wide: int) -> None:
        super().__init__()
        self.network = build(name)
        self.hinted = wide > 0 and isinstance(self.network, DeepConvNet)
        self._kept: list[Tensor] = []
        if isinstance(self.network, DeepConvNet):
            self.network.features[2] = BandNormalisation(96, 5, 1e-4, 0.75)
        if self.hinted:
            self.wide, self.top = nn.Conv2d(512, wide, 1), nn.Conv2d(128, 64, 1)
            layers = self.network.features
            places = [place for place, layer in enumerate(layers) if isinstance(layer, nn.Conv2d)]
            for place in (places[4] + 1, places[6] + 1):
                layers[place].register_forward_hook(lambda module, given, got: self._kept.append(got))

    def forward(self, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        """(what the network gives, the predicted features: at stride 4, at stride 8)."""
        self._kept.clear()
        raw = self.network(x)
        if not self.hinted:
            return raw, []
        wide, top = self._kept
        return raw, [self.top(top), self.wide(F.avg_pool2d(wide, 2))]

    def begin(self, weights: str) -> None:
        """Load a network's or an encoder's weights, where there are any."""
        if weights:
            found = load_file(weights)
            part = self.network if found.keys() == self.network.state_dict().keys() else self.network.encoder
            part.load_state_dict(found)
        elif isinstance(self.network, DeepConvNet):
            bilinear_upsampling_(self.network)


def write(network: nn.Module, path: Path) -> None:
    """Weights in float32, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_path(path) as scratch:
        save_file({key: value.contiguous() for key, value in network.state_dict().items()}, scratch)
