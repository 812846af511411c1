"""live_net, a small network for live use: Lite encoder, light top-down decoder, centre prior."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from salviewer.models.lite_encoder import LiteEncoder
from salviewer.models.precision import in_float32
from salviewer.models.tables import BLUR_SIGMA, DECODER_EPSILON, LITE0, LITE2, LIVE_WIDTH, PRIOR_SIZE


class Separable(nn.Sequential):
    """Depthwise 3x3 then 1x1 convolution, with batch normalisation and ReLU."""

    def __init__(self, channels: int) -> None:
        super().__init__(
            nn.Conv2d(channels, channels, 3, padding=1, groups=channels, bias=False),
            nn.Conv2d(channels, channels, 1, bias=False),
            nn.BatchNorm2d(channels, eps=DECODER_EPSILON),
            nn.ReLU(True),
        )


class LiveNet(nn.Module):
    """3.0 M parameters, 1.3 GFLOP at 240x320; returns log-densities (logits) at the input's size.

    1x1 laterals bring four encoder stages to ``WIDTH`` channels. Top-down sums with separable convolutions
    lead to stride 4, where a learned low-resolution centre prior is added to one logit per cell. The logits
    are resized bilinearly to full size and smoothed with a fixed Gaussian of 2.2 pixels. At the stride's
    period that leaves less than a ten-thousandth of the power of bilinear resizing alone, so no grid is
    visible, and human fixation maps (9 pixels wide here) keep their peaks.
    """

    WIDTH = LIVE_WIDTH
    ENCODER = LITE0

    def __init__(self) -> None:
        super().__init__()
        self.encoder = LiteEncoder(self.ENCODER)
        self.laterals = nn.ModuleList(nn.Conv2d(width, self.WIDTH, 1) for width in self.encoder.channels)
        self.merges = nn.ModuleList(Separable(self.WIDTH) for _ in self.encoder.channels)
        self.refine = Separable(self.WIDTH)
        self.head = nn.Conv2d(self.WIDTH, 1, 1)
        self.prior = nn.Parameter(torch.zeros(1, 1, *PRIOR_SIZE))
        nn.init.normal_(self.head.weight, std=0.01)
        assert self.head.bias is not None
        nn.init.zeros_(self.head.bias)

    def forward(self, x: Tensor) -> Tensor:
        """Map pictures to log-densities.

        Args:
            x: float, (n, 3, h, w), normalised with mean 0.5 and standard deviation 0.5; 240x320 as trained.

        Returns:
            (n, 1, h, w) logits; a softmax over the pixels gives the density.
        """
        return self.finish(x, self.features(x))

    def features(self, x: Tensor) -> Tensor:
        """Return the decoder's features, (n, ``WIDTH``, h / 4, w / 4), from which the head makes logits."""
        features = self.encoder(x)
        top = self.merges[-1](self.laterals[-1](features[-1]))
        for level in range(len(features) - 2, -1, -1):
            size = features[level].shape[-2:]
            above = F.interpolate(top, size=size, mode="bilinear", align_corners=False)
            top = self.merges[level](self.laterals[level](features[level]) + above)
        refined: Tensor = self.refine(top)
        return refined

    def low_logits(self, features: Tensor) -> Tensor:
        """Return float32 logits at the features' size, with the prior."""
        logits = self.head(features.float())
        size = logits.shape[-2:]
        raised: Tensor = logits + F.interpolate(self.prior, size=size, mode="bilinear", align_corners=False)
        return raised

    def finish(self, x: Tensor, features: Tensor) -> Tensor:
        """Return full-size logits of the pictures ``x`` from their features."""
        with in_float32(x):
            return raise_smoothly(self.low_logits(features), x.shape[-2], x.shape[-1], BLUR_SIGMA)


class LargeLiveNet(LiveNet):
    """`LiveNet` with EfficientNet-Lite2's encoder: 4.4 M parameters, 1.9 GFLOP at 240x320."""

    ENCODER = LITE2


def raise_smoothly(logits: Tensor, height: int, width: int, sigma: float) -> Tensor:
    """Resize (n, 1, h, w) bilinearly to (n, 1, height, width), then blur by ``sigma`` pixels."""
    full = F.interpolate(logits, size=(height, width), mode="bilinear", align_corners=False)
    radius = math.ceil(3 * sigma)
    kernel = torch.exp(-0.5 * (torch.arange(-radius, radius + 1, device=full.device) / sigma) ** 2)
    kernel = (kernel / kernel.sum()).to(full.dtype)
    full = F.pad(full, (radius, radius, radius, radius), mode="replicate")
    return F.conv2d(F.conv2d(full, kernel[None, None, :, None]), kernel[None, None, None, :])
