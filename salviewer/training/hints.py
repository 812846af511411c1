"""Hints: during training, a network also predicts a pretrained encoder's features from one of its layers.

Romero et al., "FitNets: hints for thin deep nets", ICLR 2015. A network from scratch then learns from every
cell of every picture, for which a thousand fixation maps are too few. The adapter that makes the prediction
is discarded after the run.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from salviewer.errors import SalviewerError
from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.engines.torch_engine import TorchEngine
from salviewer.models.lite_encoder import LiteEncoder
from salviewer.models.predictor import Predictor
from salviewer.training.recipe import Recipe

_TAPS = (1, 2, 3)  # strides 8, 16 and 32 of the encoder


class Hinted(nn.Module):
    """A network with an adapter from one of its layers to an encoder's features.

    Args:
        architecture, network: the student.
        hints: number of channels of the features.

    Raises:
        SalviewerError: the architecture has no layer for hints.
    """

    def __init__(self, architecture: str, network: nn.Module, hints: int) -> None:
        super().__init__()
        taker = ARCHITECTURES[architecture].hint_layer
        if taker is None:
            raise SalviewerError(f"the recipe gives hints, and {architecture} has no layer to take them")
        layer, channels = taker
        self.network = network
        self.adapter = nn.Conv2d(channels, hints, 1)
        self._seen: list[Tensor] = []
        network.get_submodule(layer).register_forward_hook(
            lambda module, inputs, output: self._seen.append(output)
        )

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return the network's output and the predicted features, (n, c, h, w)."""
        self._seen.clear()
        raw = self.network(x)
        return raw, self.adapter(self._seen.pop())


def hint_channels(encoder: LiteEncoder) -> int:
    """Return the number of channels of `hints_of` this encoder's features."""
    return sum(encoder.channels[tap] for tap in _TAPS)


def hints_of(features: Sequence[Tensor], size: Sequence[int]) -> Tensor:
    """Return an encoder's features at strides 8, 16 and 32, concatenated: (n, c, *size) float32."""
    raised = [F.interpolate(features[tap].float(), size=tuple(size), mode="bilinear") for tap in _TAPS]
    return torch.cat(raised, 1)


def standardised(values: Tensor) -> Tensor:
    """Scale (n, c, h, w) to mean 0 and standard deviation 1 in each channel, over the batch."""
    values = values - values.mean((0, 2, 3), keepdim=True)
    return values / values.square().mean((0, 2, 3), keepdim=True).add(1e-6).sqrt()


class Hinter:
    """The encoder of a trained ``live_net``, as a source of hints.

    Args:
        teacher: a LiveNet in evaluation mode.
        size: (height, width) of the encoder's input, whatever the student's input size.

    Attributes:
        channels: number of channels of the hints.

    Raises:
        SalviewerError: the teacher has no such encoder.
    """

    def __init__(self, teacher: nn.Module, size: tuple[int, int]) -> None:
        encoder = getattr(teacher, "encoder", None)
        if not isinstance(encoder, LiteEncoder):
            raise SalviewerError(
                "hints come from the encoder of a live_net, and the teacher is another network"
            )
        self._encoder = encoder
        self.channels = hint_channels(encoder)
        self._size = size

    def loss(self, x: Tensor, predicted: Tensor) -> Tensor:
        """Return the mean squared error to the encoder's features, channels standardised over the batch."""
        with torch.no_grad():
            if x.shape[-2:] != self._size:
                x = F.interpolate(x, size=self._size, mode="bilinear", align_corners=False)
            wanted = standardised(hints_of(self._encoder(x), predicted.shape[-2:]))
        return (predicted.float() - wanted).square().mean()


def hinter_of(recipe: Recipe, teachers: Sequence[Predictor]) -> Hinter | None:
    """Return the source of a recipe's hints; None if it has none.

    Args:
        recipe: the recipe.
        teachers: the recipe's teachers, on torch; the first gives the hints.

    Raises:
        SalviewerError: the first teacher cannot give hints.
    """
    if not teachers or not recipe.hint_weight:
        return None
    engine = teachers[0].engine
    assert isinstance(engine, TorchEngine)
    return Hinter(engine.network, recipe.input_size)
