"""The Deep ConvNet of Pan, Sayrol, Giro-i-Nieto, McGuinness, O'Connor.

"Shallow and Deep Convolutional Networks for Saliency Prediction", CVPR 2016.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from salviewer.models.precision import in_float32
from salviewer.models.tables import LAYERS


class DeepConvNet(nn.Module):
    """Nine convolutions and one transposed convolution; 25.8 M parameters, about 260 GFLOP at 240x320.

    ReLU between the convolutions, local response normalisation (5, 1e-4, 0.75) and 3x3/2 max pooling after
    the first, the same pooling after the second, an 8x8 stride-4 padding-2 transposed convolution without
    bias at the end. Source: Pan et al. 2016, section 3.2; the layer table is ``LAYERS``.

    The transposed convolution repeats its border cells outside, where the published network sees zeros: a
    log-density has no level, and zeros beside logits of -6 raised the last two pixels of an empty picture to
    its peak.
    """

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        channels = 3
        for index, (width, kernel, pooled) in enumerate(LAYERS):
            layers.append(nn.Conv2d(channels, width, kernel, padding=kernel // 2))
            if index < len(LAYERS) - 1:
                layers.append(nn.ReLU(inplace=True))
            if index == 0:
                layers.append(nn.LocalResponseNorm(5, alpha=1e-4, beta=0.75))
            if pooled:
                layers.append(nn.MaxPool2d(3, stride=2))
            channels = width
        self.features = nn.Sequential(*layers)
        self.upsample = nn.ConvTranspose2d(1, 1, 8, stride=4, padding=2, bias=False)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Initialise as published: He (fan in, ReLU) for convolutions, N(0, 1e-4) for the transposed one.

        1e-4 is the standard deviation, as in the authors' code. Biases start at zero.
        """
        for module in self.features:
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_in", nonlinearity="relu")
                assert module.bias is not None
                nn.init.zeros_(module.bias)
        nn.init.normal_(self.upsample.weight, std=1e-4)

    def forward(self, x: Tensor) -> Tensor:
        """Map pictures to saliency.

        Args:
            x: float, (n, 3, h, w), normalised with mean 0.5 and standard deviation 0.5; 240x320 as published.

        Returns:
            (n, 1, h', w'): 236x316 for 240x320. Intensities or logits, as the model's card says.
        """
        features = self.features[:-1](x)
        with in_float32(x):
            return self.upsampled(self.features[-1](features.float()))

    def upsampled(self, cells: Tensor) -> Tensor:
        """Enlarge what the last convolution gives: (n, 1, h, w) to (n, 1, 4 h, 4 w)."""
        bordered = F.pad(cells, (1, 1, 1, 1), mode="replicate")
        # Four more pixels of padding cut off the cells that the repeated border adds.
        return F.conv_transpose2d(bordered, self.upsample.weight, stride=4, padding=2 + 4)


def start_at_log_density(network: DeepConvNet) -> str:
    """Prepare the network for training on log-densities; return words for its card."""
    bilinear_upsampling_(network)
    return "random weights (He; the transposed convolution interpolates bilinearly)"


def bilinear_upsampling_(network: DeepConvNet, gain: float = 1.0) -> None:
    """Set the transposed convolution to bilinear interpolation times ``gain``, as recipe ``modern`` does.

    N(0, 1e-4) leaves a network whose gradients start four orders of magnitude too small for a log-density.
    """
    ramp = 1 - (torch.arange(8, dtype=torch.float32) - 3.5).abs() / 4
    with torch.no_grad():
        network.upsample.weight.copy_((torch.outer(ramp, ramp) * gain)[None, None])
