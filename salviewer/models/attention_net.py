"""attention_net: a convolutional encoder, global self-attention over its coarse features, a light decoder."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from salviewer.models.lite_encoder import LiteEncoder
from salviewer.models.live_net import Separable, raise_smoothly
from salviewer.models.precision import in_float32
from salviewer.models.tables import (
    ATTENTION_HEADS,
    ATTENTION_HIDDEN,
    ATTENTION_LAYERS,
    ATTENTION_LEVELS,
    ATTENTION_WIDTH,
    BLUR_SIGMA,
    FREQUENCIES,
    LITE2,
    LIVE_WIDTH,
    PRIOR_SIZE,
    PRIORS,
)


class AttentionLayer(nn.Module):
    """Multi-head self-attention, then two linear layers, each normalised before and added to its input.

    Vaswani et al., "Attention is all you need", NeurIPS 2017, with the normalisation of Xiong et al., "On
    layer normalization in the transformer architecture", ICML 2020.
    """

    def __init__(self) -> None:
        super().__init__()
        self.before = nn.LayerNorm(ATTENTION_WIDTH)
        self.query_key_value = nn.Linear(ATTENTION_WIDTH, 3 * ATTENTION_WIDTH)
        self.output = nn.Linear(ATTENTION_WIDTH, ATTENTION_WIDTH)
        self.between = nn.LayerNorm(ATTENTION_WIDTH)
        self.widen = nn.Linear(ATTENTION_WIDTH, ATTENTION_HIDDEN)
        self.narrow = nn.Linear(ATTENTION_HIDDEN, ATTENTION_WIDTH)

    def forward(self, x: Tensor) -> Tensor:
        """Map tokens (n, t, width) to tokens."""
        query, key, value = self._heads(x)
        mixed = F.scaled_dot_product_attention(query, key, value)
        return self._rest(x, mixed)

    def with_rows(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return the tokens, and the attention rows (n, heads, t, t), each summing to 1."""
        query, key, value = self._heads(x)
        rows = (query @ key.transpose(-2, -1) / math.sqrt(query.shape[-1])).softmax(-1)
        return self._rest(x, rows @ value), rows

    def _heads(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        count, tokens, width = x.shape
        every = self.query_key_value(self.before(x))
        every = every.reshape(count, tokens, 3, ATTENTION_HEADS, width // ATTENTION_HEADS)
        query, key, value = every.permute(2, 0, 3, 1, 4)
        return query, key, value

    def _rest(self, x: Tensor, mixed: Tensor) -> Tensor:
        x = x + self.output(mixed.transpose(1, 2).flatten(2))
        wide: Tensor = self.narrow(F.relu(self.widen(self.between(x))))
        return x + wide


class AttentionNet(nn.Module):
    """5.4 M parameters; returns log-densities (logits) at the input's size.

    The encoder's features at strides 16 and 32 become tokens that all attend to each other in three layers,
    so that what stands in one place can depend on every other: a large object on all its parts, a column on
    the page. A token knows where it is by waves over the picture's true proportions. A top-down decoder as
    live_net's leads from the tokens and the encoder's finer features to stride 4. The centre prior is a
    mixture of four learned ones, with weights from the mean token, so that pages can have another than
    photographs.

    After Lou et al., "TranSalNet: towards perceptually relevant visual saliency prediction", Neurocomputing
    2022.
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = LiteEncoder(LITE2)
        channels = self.encoder.channels
        self.entries = nn.ModuleList(
            nn.Conv2d(channels[level], ATTENTION_WIDTH, 1) for level in ATTENTION_LEVELS
        )
        self.positions = nn.Linear(4 * FREQUENCIES + 3, ATTENTION_WIDTH)
        self.layers = nn.ModuleList(AttentionLayer() for _ in range(ATTENTION_LAYERS))
        self.norm = nn.LayerNorm(ATTENTION_WIDTH)
        widths = [
            ATTENTION_WIDTH if level in ATTENTION_LEVELS else width for level, width in enumerate(channels)
        ]
        self.laterals = nn.ModuleList(nn.Conv2d(width, LIVE_WIDTH, 1) for width in widths)
        self.merges = nn.ModuleList(Separable(LIVE_WIDTH) for _ in channels)
        self.refine = Separable(LIVE_WIDTH)
        self.head = nn.Conv2d(LIVE_WIDTH, 1, 1)
        self.gate = nn.Linear(ATTENTION_WIDTH, PRIORS)
        self.priors = nn.Parameter(torch.zeros(1, PRIORS, *PRIOR_SIZE))
        nn.init.normal_(self.head.weight, std=0.01)
        assert self.head.bias is not None
        nn.init.zeros_(self.head.bias)
        for layer in self.layers:
            assert isinstance(layer, AttentionLayer)
            for last in (layer.output, layer.narrow):
                nn.init.normal_(last.weight, std=0.02)
                nn.init.zeros_(last.bias)

    def forward(self, x: Tensor, aspects: Tensor | None = None) -> Tensor:
        """Map pictures to log-densities.

        Args:
            x: float, (n, 3, h, w), normalised with mean 0.5 and standard deviation 0.5.
            aspects: float (n,), the true width / height of each picture before it was resized to (h, w);
                w / h if left out.

        Returns:
            (n, 1, h, w) logits; a softmax over the pixels gives the density.
        """
        features = self.encoder(x)
        tokens = self._tokens(features, x, aspects)
        for layer in self.layers:
            tokens = layer(tokens)
        return self._decoded(features, tokens, x)

    def attention_rows(self, x: Tensor, aspects: Tensor | None = None) -> list[Tensor]:
        """Return the attention rows of every layer, (n, heads, t, t), for the arguments of `forward`.

        Tokens are the places at stride 16, row by row, then those at stride 32.
        """
        features = self.encoder(x)
        tokens = self._tokens(features, x, aspects)
        found = []
        for layer in self.layers:
            assert isinstance(layer, AttentionLayer)
            tokens, rows = layer.with_rows(tokens)
            found.append(rows)
        return found

    def grids(self, x: Tensor) -> list[tuple[int, int]]:
        """Return (rows, columns) of the tokens at each stride, the finest first."""
        height, width = x.shape[-2:]
        return [(math.ceil(height / stride), math.ceil(width / stride)) for stride in (16, 32)]

    def _tokens(self, features: list[Tensor], x: Tensor, aspects: Tensor | None) -> Tensor:
        if aspects is None:
            aspects = x.new_full((x.shape[0],), x.shape[-1] / x.shape[-2])
        parts = []
        for entry, level in zip(self.entries, ATTENTION_LEVELS, strict=True):
            feature = features[level]
            with in_float32(x):
                waves = position_waves(feature.shape[-2], feature.shape[-1], aspects.float(), level)
                places = self.positions(waves)
            parts.append(entry(feature).flatten(2).transpose(1, 2) + places)
        return torch.cat(parts, 1)

    def _decoded(self, features: list[Tensor], tokens: Tensor, x: Tensor) -> Tensor:
        tokens = self.norm(tokens)
        begin = 0
        inputs = list(features)
        for level in ATTENTION_LEVELS:
            height, width = features[level].shape[-2:]
            part = tokens[:, begin : begin + height * width]
            inputs[level] = part.transpose(1, 2).reshape(len(part), -1, height, width)
            begin += height * width
        top = self.merges[-1](self.laterals[-1](inputs[-1]))
        for level in range(len(inputs) - 2, -1, -1):
            size = inputs[level].shape[-2:]
            above = F.interpolate(top, size=size, mode="bilinear", align_corners=False)
            top = self.merges[level](self.laterals[level](inputs[level]) + above)
        top = self.refine(top)
        with in_float32(x):
            logits = self.head(top.float())
            shares = self.gate(tokens.float().mean(1)).softmax(1)
            prior = (shares[:, :, None, None] * self.priors).sum(1, keepdim=True)
            size = logits.shape[-2:]
            logits = logits + F.interpolate(prior, size=size, mode="bilinear", align_corners=False)
            return raise_smoothly(logits, x.shape[-2], x.shape[-1], BLUR_SIGMA)


def position_waves(height: int, width: int, aspects: Tensor, level: int) -> Tensor:
    """Describe the places of a grid over pictures of given proportions.

    Coordinates are lengths from the picture's middle, where the picture has an area of 1: on a wide picture,
    columns are further apart. Waves of 8 lengths, from twice the side of a square picture to a twentieth of
    it, follow Vaswani et al. (NeurIPS 2017), in two dimensions.

    Args:
        height, width: of the grid.
        aspects: (n,), width / height of each picture.
        level: of the features, 2 (stride 16) or 3 (stride 32), which is told apart.

    Returns:
        (n, height * width, 4 * FREQUENCIES + 3): sines and cosines over rows and columns, the logarithm of
        the aspect ratio, and one number for each level.
    """
    rows = (torch.arange(height, device=aspects.device) + 0.5) / height - 0.5
    columns = (torch.arange(width, device=aspects.device) + 0.5) / width - 0.5
    side = aspects.sqrt()
    down = (rows[None] / side[:, None])[:, :, None].expand(-1, -1, width).flatten(1)
    right = (columns[None] * side[:, None])[:, None].expand(-1, height, -1).flatten(1)
    frequencies = torch.pi * 40 ** (torch.arange(FREQUENCIES, device=aspects.device) / (FREQUENCIES - 1))
    angles = torch.stack([down, right], 2)[..., None] * frequencies
    angles = angles.flatten(2)
    last = aspects.log()[:, None, None].expand(-1, height * width, 1)
    marks = [torch.full_like(last, float(level == one)) for one in ATTENTION_LEVELS]
    return torch.cat([angles.sin(), angles.cos(), last, *marks], 2)
