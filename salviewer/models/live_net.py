"""live_net, a small network for live use: Lite encoder, light top-down decoder, centre prior."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from salviewer.models.precision import in_float32
from salviewer.models.tables import (
    BLUR_SIGMA,
    DECODER_EPSILON,
    ENCODER_EPSILON,
    LITE0,
    LITE2,
    LIVE_WIDTH,
    PRIOR_SIZE,
    TAPS,
    Stages,
)


def _norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=ENCODER_EPSILON, momentum=0.01)


class SameConv(nn.Conv2d):
    """Convolution with TensorFlow's SAME padding, as the ImageNet weights expect."""

    def forward(self, x: Tensor) -> Tensor:
        kernel, stride = self.kernel_size[0], self.stride[0]
        total_h = max((math.ceil(x.shape[-2] / stride) - 1) * stride + kernel - x.shape[-2], 0)
        total_w = max((math.ceil(x.shape[-1] / stride) - 1) * stride + kernel - x.shape[-1], 0)
        if total_h % 2 or total_w % 2:
            x = F.pad(x, (total_w // 2, total_w - total_w // 2, total_h // 2, total_h - total_h // 2))
            padding = (0, 0)
        else:
            padding = (total_h // 2, total_w // 2)
        return F.conv2d(x, self.weight, self.bias, self.stride, padding, self.dilation, self.groups)


class MBConv(nn.Module):
    """Inverted residual block with ReLU6 and without squeeze-and-excitation."""

    def __init__(self, inputs: int, outputs: int, expansion: int, kernel: int, stride: int) -> None:
        super().__init__()
        width = inputs * expansion
        self.residual = stride == 1 and inputs == outputs
        self.expand = (
            nn.Sequential(nn.Conv2d(inputs, width, 1, bias=False), _norm(width), nn.ReLU6(True))
            if expansion > 1
            else nn.Identity()
        )
        self.depthwise = nn.Sequential(
            SameConv(width, width, kernel, stride, groups=width, bias=False),
            _norm(width),
            nn.ReLU6(True),
        )
        self.project = nn.Sequential(nn.Conv2d(width, outputs, 1, bias=False), _norm(outputs))

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.project(self.depthwise(self.expand(x)))
        return x + y if self.residual else y


class LiteEncoder(nn.Module):
    """An EfficientNet-Lite without its classifier; returns features at strides 4, 8, 16 and 32.

    Attributes:
        table: the stages.
        channels: channel counts of the features.
    """

    def __init__(self, table: Stages = LITE0) -> None:
        super().__init__()
        self.table = table
        self.channels = tuple(table[tap][3] for tap in TAPS)
        self.stem = nn.Sequential(SameConv(3, 32, 3, 2, bias=False), _norm(32), nn.ReLU6(True))
        stages = []
        inputs = 32
        for expansion, kernel, stride, outputs, repeats in table:
            blocks = [MBConv(inputs, outputs, expansion, kernel, stride)]
            blocks += [MBConv(outputs, outputs, expansion, kernel, 1) for _ in range(repeats - 1)]
            stages.append(nn.Sequential(*blocks))
            inputs = outputs
        self.stages = nn.ModuleList(stages)

    def forward(self, x: Tensor) -> list[Tensor]:
        features = []
        x = self.stem(x)
        for index, stage in enumerate(self.stages):
            x = stage(x)
            if index in TAPS:
                features.append(x)
        return features


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
        features = self.encoder(x)
        top = self.merges[-1](self.laterals[-1](features[-1]))
        for level in range(len(features) - 2, -1, -1):
            size = features[level].shape[-2:]
            above = F.interpolate(top, size=size, mode="bilinear", align_corners=False)
            top = self.merges[level](self.laterals[level](features[level]) + above)
        top = self.refine(top)
        with in_float32(x):
            logits = self.head(top.float())
            size = logits.shape[-2:]
            logits = logits + F.interpolate(self.prior, size=size, mode="bilinear", align_corners=False)
            return raise_smoothly(logits, x.shape[-2], x.shape[-1], BLUR_SIGMA)


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
