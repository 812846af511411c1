"""A trained network as one module of torch: pictures in, densities out, gradients through it."""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from salviewer.models.architectures import Output
from salviewer.models.card import ModelCard
from salviewer.models.catalog import DEFAULT_MODEL, find_model
from salviewer.models.checkpoints import read_model
from salviewer.models.engines.torch_engine import density
from salviewer.models.preprocess import MEAN, STD

_TINY = torch.finfo(torch.float32).tiny


class SaliencyModule(nn.Module):
    """A network with its preparation of pictures and its density at the end, all of it differentiable.

    Its parameters ask for no gradients and it is in evaluation mode, so that it can stand in another
    training's loss as it is. ``module.requires_grad_(True)`` lets it learn too.

    Attributes:
        network: the trained network.
        card: its model card.
        input_size: (height, width) to which pictures are resized.
    """

    def __init__(self, network: nn.Module, card: ModelCard) -> None:
        super().__init__()
        self.network = network
        self.card = card
        self.input_size = card.form.input_size
        self._output: Output = card.output
        self.eval().requires_grad_(False)

    def forward(self, pictures: Tensor) -> Tensor:
        """Predict fixation densities.

        Args:
            pictures: float (n, 3, H, W), sRGB in 0..1, of any size. They are resized bilinearly with
                antialiasing, which differs a little from the area average of `salviewer.predict`.

        Returns:
            (n, h, w) at the network's resolution, non-negative, each summing to 1.

        Raises:
            ValueError: a tensor of another shape or type.
        """
        if pictures.ndim != 4 or pictures.shape[1] != 3 or not pictures.is_floating_point():
            raise ValueError(
                f"pictures are floats (n, 3, H, W) in 0..1, not {pictures.dtype} {tuple(pictures.shape)}"
            )
        known: tuple[Tensor, ...] = ()
        if self.card.form.takes_aspect:
            known = (pictures.new_full((len(pictures),), pictures.shape[-1] / pictures.shape[-2]),)
        if pictures.shape[-2:] != self.input_size:
            pictures = F.interpolate(
                pictures, size=self.input_size, mode="bilinear", align_corners=False, antialias=True
            )
        return density(self.network((pictures - MEAN) / STD, *known), self._output)

    def log_density(self, pictures: Tensor) -> Tensor:
        """Return the natural logarithm of `forward`, at least -87.3: for losses such as a KL divergence."""
        logarithm: Tensor = self(pictures).clamp_min(_TINY).log()
        return logarithm


def load_module(ref: str | Path = DEFAULT_MODEL, device: str | torch.device = "cpu") -> SaliencyModule:
    """Load a trained network as a module of torch.

    Args:
        ref: as for `salviewer.load_model`.
        device: where torch puts it.

    Raises:
        ModelError: the model cannot be found, read or trusted.
    """
    card, weights = read_model(find_model(ref))
    network = card.form.build_empty()
    network.load_state_dict(weights, assign=True)
    return SaliencyModule(network, card).to(device)
