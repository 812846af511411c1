"""live_net_recurrent, a network for video: live_net with a convolutional GRU between decoder and head."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from salviewer.models.live_net import LiveNet
from salviewer.models.precision import in_float32
from salviewer.models.tables import LIVE_WIDTH, MEMORY_RATE, MEMORY_RATES, MEMORY_STEP, MEMORY_WIDTH


class Memory(nn.Module):
    """A convolutional GRU at stride 8 whose update gate knows the time between two frames; 56,000 parameters.

    The features x of a frame become u, with half the resolution and ``MEMORY_WIDTH`` channels; h is the
    state, moved along with the picture's motion by the caller, and d = h - u. As in a GRU (Cho et al., EMNLP
    2014; convolutional in Ballas et al., ICLR 2016), there are a reset gate r and an update gate z:

        candidate = u + C(r * d)
        h' = z * candidate + (1 - z) * h,    1 - z = exp(-rate * seconds)

    ``rate`` is computed for each place and channel, so a memory fades by time and not by the number of
    frames (as the decay in GRU-D, Che et al., Scientific Reports 2018). The features of the head are x + U(h'
    - u): what memory and frame have in common passes unchanged. With an empty state h = u, so that the first
    frame's features stay exactly as they are.
    """

    def __init__(self) -> None:
        super().__init__()
        width = MEMORY_WIDTH
        self.down = nn.Conv2d(LIVE_WIDTH, width, 2, stride=2, bias=False)
        self.compare = nn.Conv2d(2 * width, width, 3, padding=1)
        self.interval = nn.Parameter(torch.zeros(width))
        self.gates = nn.Conv2d(width, 2 * width, 3, padding=1)
        self.candidate = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.up = nn.Conv2d(width, LIVE_WIDTH, 1, bias=False)
        nn.init.zeros_(self.candidate.weight)
        nn.init.normal_(self.gates.weight, std=0.01)
        assert self.gates.bias is not None
        with torch.no_grad():
            self.gates.bias.zero_()[:width] = 1.0  # 93 % of the memory fades from one frame to the next

    def forward(self, x: Tensor, state: Tensor, seconds: Tensor) -> tuple[Tensor, Tensor]:
        """Take one step.

        Args:
            x: (n, 64, h, w), live_net's features of a frame.
            state: (n, ``MEMORY_WIDTH``, ceil(h / 2), ceil(w / 2)), from the last step.
            seconds: (n,), time since then; negative if there is no state.

        Returns:
            features for the head, shaped as ``x``, and the new state.
        """
        height, width = x.shape[-2:]
        u = self.down(F.pad(x, (0, width % 2, 0, height % 2)))
        seconds = seconds.reshape(-1, 1, 1, 1)
        known = (seconds >= 0).to(u.dtype)
        d = known * (state - u)
        passed = seconds.clamp_min(0)
        interval = (passed.clamp_min(MEMORY_STEP) / MEMORY_RATE).log() * self.interval.reshape(1, -1, 1, 1)
        rate, reset = self.gates(F.relu(self.compare(torch.cat([u, d], 1)) + interval)).chunk(2, 1)
        low, high = MEMORY_RATES
        kept = (-passed * rate.clamp(low, high).exp() / MEMORY_RATE).exp()
        change = self.candidate(reset.sigmoid() * d)
        change = change + kept * (d - change)  # h' - u
        raised = F.interpolate(self.up(change), size=x.shape[-2:], mode="bilinear", align_corners=False)
        return x + raised, u + change


class LiveNetRecurrent(LiveNet):
    """`LiveNet` with `Memory`; for a single picture it is `LiveNet`."""

    def __init__(self) -> None:
        super().__init__()
        self.memory = Memory()

    def step(self, x: Tensor, state: Tensor, seconds: Tensor) -> tuple[Tensor, Tensor]:
        """Map the next frames of videos to log-densities.

        Args:
            x: (n, 3, h, w), as for `LiveNet.forward`.
            state, seconds: as for `Memory.forward`.

        Returns:
            (n, 1, h, w) logits, and the new state, both float32.
        """
        features = self.features(x)
        with in_float32(x):
            features, state = self.memory(features.float(), state, seconds)
        return self.finish(x, features), state
