"""EfficientNet-Lite without its classifier: an encoder with ImageNet weights to start from."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from salviewer.models.tables import ENCODER_EPSILON, LITE0, TAPS, Stages


def _norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=ENCODER_EPSILON, momentum=0.01)


class SameConv(nn.Conv2d):
    """Convolution with TensorFlow's SAME padding, as the ImageNet weights expect."""

    def forward(self, x: Tensor) -> Tensor:
        kernel, stride = self.kernel_size[0], self.stride[0]
        if any(isinstance(side, torch.SymInt) for side in x.shape[-2:]):
            # An export for pictures of any size allows no branch on their size. No kernel is smaller than
            # its stride here, so no maximum is needed either; OpenVINO knows // but not %.
            down, right = ((side - 1) // stride * stride + kernel - side for side in x.shape[-2:])
            x = F.pad(x, (right // 2, right - right // 2, down // 2, down - down // 2))
            return F.conv2d(x, self.weight, self.bias, self.stride, 0, self.dilation, self.groups)
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
