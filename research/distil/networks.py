"""Networks to train, and the student: a network with adapters that predict a teacher's features."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from research.distil.dino import DinoNet
from salviewer.media.saving import atomic_path
from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.deep_convnet import DeepConvNet, bilinear_upsampling_
from salviewer.models.lite_encoder import LiteEncoder
from salviewer.models.tables import LAYERS, TAPS


class BandNormalisation(nn.Module):
    """Local response normalisation whose sums over channels are one matrix product, quick on a card."""

    band: Tensor

    def __init__(self, channels: int, size: int, alpha: float, beta: float) -> None:
        super().__init__()
        rows = torch.arange(channels)
        band = ((rows[:, None] - rows[None]).abs() <= size // 2).float() * (alpha / size)
        self.register_buffer("band", band[:, :, None, None], persistent=False)
        self.beta = beta

    def forward(self, x: Tensor) -> Tensor:
        return x * (1 + F.conv2d(x * x, self.band)).pow(-self.beta).to(x.dtype)


def load(network: nn.Module, path: Path) -> None:
    """Load the weights of a network, or of its encoder alone."""
    found = load_file(path)
    part = network if found.keys() == network.state_dict().keys() else network.get_submodule("encoder")
    part.load_state_dict(found)


NAMES = (*ARCHITECTURES, "dino")


def build(name: str) -> nn.Module:
    """Build the network of this name (in ``NAMES``) with new weights."""
    return DinoNet() if name == "dino" else ARCHITECTURES[name].build()


def on(network: nn.Module, device: str) -> nn.Module:
    """Move a network to a device, channels last."""
    return network.to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]


class Student(nn.Module):
    """A network and the adapters that predict a teacher's features.

    Args:
        name: in ``NAMES``.
        hints: channel counts of the teacher's two features; empty for no hints. They are predicted from the
            fifth and the seventh convolution of the Deep ConvNet, and from the last layers of a live_net's
            encoder at strides 16 and 32.
    """

    def __init__(self, name: str, hints: tuple[int, ...] = ()) -> None:
        super().__init__()
        self.network = build(name)
        self._kept: list[Tensor] = []
        if isinstance(self.network, DeepConvNet):
            self.network.features[2] = BandNormalisation(96, 5, 1e-4, 0.75)
        self._layers = self._taught() if hints else []
        self.adapters = nn.ModuleList(
            nn.Conv2d(width, wanted, 1) for (_, width), wanted in zip(self._layers, hints, strict=True)
        )
        for layer, _ in self._layers:
            layer.register_forward_hook(lambda module, given, got: self._kept.append(got))

    def _taught(self) -> list[tuple[nn.Module, int]]:
        if isinstance(self.network, DeepConvNet):
            layers = self.network.features
            places = [place for place, layer in enumerate(layers) if isinstance(layer, nn.Conv2d)]
            return [
                (layers[place + 1], LAYERS[index][0]) for index, place in enumerate(places) if index in (4, 6)
            ]
        encoder = self.network.encoder
        assert isinstance(encoder, LiteEncoder)
        return [(encoder.stages[tap], encoder.table[tap][3]) for tap in TAPS[2:]]

    def forward(self, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Return the network's output and the predicted features."""
        self._kept.clear()
        raw = self.network(x)
        return raw, [adapter(seen) for adapter, seen in zip(self.adapters, self._kept, strict=True)]

    def initialise(self, weights: str) -> None:
        """Load weights of the network or its encoder from a path; empty for none."""
        if weights:
            load(self.network, Path(weights))
        elif isinstance(self.network, DeepConvNet):
            bilinear_upsampling_(self.network)


def write(network: nn.Module, path: Path) -> None:
    """Write the weights as they are, atomically."""
    _save(network.state_dict(), path)


def write_to_ship(weights: Mapping[str, Tensor], path: Path) -> None:
    """Write weights as they ship, in float16, atomically."""
    _save({key: value.half() if value.is_floating_point() else value for key, value in weights.items()}, path)


def _save(weights: Mapping[str, Tensor], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_path(path) as scratch:
        save_file({key: value.contiguous() for key, value in weights.items()}, scratch)
