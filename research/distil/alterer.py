"""Augmentation of whole batches on the card: cropped, mirrored, recoloured, degraded, mixed.

The distributions are those of `salviewer.training.augmentation`.
"""

from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from research.distil.card_data import summing_to_1

TO_YCC = ((0.299, 0.587, 0.114), (-0.168736, -0.331264, 0.5), (0.5, -0.418688, -0.081312))
QUANTA = (
    (16, 11, 10, 16, 24, 40, 51, 61), (12, 12, 14, 19, 26, 58, 60, 55), (14, 13, 16, 24, 40, 57, 69, 56),
    (14, 17, 22, 29, 51, 87, 80, 62), (18, 22, 37, 56, 68, 109, 103, 77), (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101), (72, 92, 95, 98, 112, 100, 103, 99),
)  # fmt: skip
"""JPEG's example table for luminance (ITU-T T.81, annex K)."""


class Alterer:
    """Draw alterations and apply them. All randomness comes from one generator.

    Args:
        seed: for the generator.
        device: where the pictures are.
        size: (height, width) of the results, at most that of the pictures.
    """

    def __init__(self, seed: int, device: str, size: tuple[int, int]) -> None:
        self.random = np.random.default_rng(seed)
        self.device = device
        self.size = size
        steps = np.arange(8)
        basis = np.sqrt(2 / 8) * np.cos((2 * steps[None] + 1) * steps[:, None] * np.pi / 16)
        basis[0] /= math.sqrt(2)
        self._dct = self._on(basis)
        self._quanta = self._on(np.array(QUANTA))
        self._ycc = self._on(np.array(TO_YCC))
        self._rgb = self._on(np.linalg.inv(np.array(TO_YCC)))

    def _on(self, values: np.ndarray) -> Tensor:
        return torch.from_numpy(np.asarray(values, np.float32)).to(self.device, non_blocking=True)

    def windows(self, count: int, stretch: float, crop: float) -> Tensor:
        """Draw windows (n, 4): height and width in fractions of the whole, centre row and column in -1..1."""
        draw = self.random.random((count, 6))
        ratio = np.exp(math.log(9 / 16) + draw[:, 0] * math.log((21 / 9) / (9 / 16))) / (4 / 3)
        shaped = draw[:, 1] < stretch
        scale = crop + (1 - crop) * draw[:, 2]
        height = scale * np.where(shaped, np.minimum(1, 1 / ratio), 1)
        width = scale * np.where(shaped, np.minimum(1, ratio), 1)
        row = (1 - height) * (2 * draw[:, 3] - 1)
        column = (1 - width) * (2 * draw[:, 4] - 1)
        flip = np.where(draw[:, 5] < 0.5, -1, 1)
        return self._on(np.stack([height, width * flip, row, column], 1))

    def seen_through(self, windows: Tensor, values: Tensor, size: tuple[int, int]) -> Tensor:
        """Sample float (n, c, H, W) through the windows to (n, c, h, w)."""
        zero = torch.zeros_like(windows[:, 0])
        theta = torch.stack(
            [
                torch.stack([windows[:, 1], zero, windows[:, 3]], 1),
                torch.stack([zero, windows[:, 0], windows[:, 2]], 1),
            ],
            1,
        )
        grid = F.affine_grid(theta, [len(values), values.shape[1], *size], align_corners=False)
        return F.grid_sample(values, grid, "bilinear", "border", align_corners=False)

    def labelled(
        self, stimuli: Tensor, maps: Tensor, points: Tensor, stretch: float, crop: float
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Crop pictures (0..255), densities (sum 1) and fixations ((n, m, 2) in -1..1) alike.

        A picture stays whole where too little density would be left. Fixations outside the window get places
        outside -1..1.
        """
        windows = self.windows(len(stimuli), stretch, crop)
        full = maps.float()[:, None]
        size = (full.shape[-2], full.shape[-1])
        through = self.seen_through(windows, full, size)
        area = windows[:, 0] * windows[:, 1].abs()
        kept = through.mean((1, 2, 3)) * area / full.mean((1, 2, 3)).clamp_min(1e-6)
        whole = torch.stack(
            [torch.ones_like(area), windows[:, 1].sign(), torch.zeros_like(area), torch.zeros_like(area)], 1
        )
        windows = torch.where((kept < 0.5)[:, None], whole, windows)
        target = summing_to_1(self.seen_through(windows, full, size)[:, 0])
        seen = (points - windows[:, None, 2:]) / windows[:, None, :2]
        return self.seen_through(windows, stimuli.float(), self.size), target, seen

    def unlabelled(self, stimuli: Tensor, stretch: float, crop: float, mix: float) -> Tensor:
        """Crop pictures (0..255), and blend a share ``mix`` of them with another of the batch."""
        x = self.seen_through(self.windows(len(stimuli), stretch, crop), stimuli.float(), self.size)
        draw = self.random.random((len(x), 2))
        share = np.where(draw[:, 0] < mix, 0.5 + 0.5 * draw[:, 1], 1)
        share_ = self._on(share)[:, None, None, None]
        return share_ * x + (1 - share_) * x.roll(1, 0)

    def recoloured(self, x: Tensor, strength: float) -> Tensor:
        """Change contrast, saturation and brightness."""
        draw = self._on(self.random.uniform(-strength, strength, (len(x), 3)))[:, :, None, None]
        gain, saturation, shift = 1 + draw[:, 0:1], 1 + draw[:, 1:2], 128 * draw[:, 2:3]
        grey = (x * self._ycc[0][None, :, None, None]).sum(1, keepdim=True)
        mixed = gain * (saturation * x + (1 - saturation) * grey - 128) + 128 + shift
        return mixed.round().clamp(0, 255)

    def degraded(self, x: Tensor, share: float) -> Tensor:
        """Darken, blur, add noise to or coarsely compress a share of the pictures."""
        chosen = np.flatnonzero(self.random.random(len(x)) < share)
        kinds = self.random.integers(4, size=len(chosen))
        x = x.clone()
        for kind in range(4):
            rows = chosen[kinds == kind]
            if not len(rows):
                continue
            index = torch.from_numpy(rows).to(self.device)
            much = self._on(self.random.random(len(rows)))[:, None, None, None]
            some = x[index]
            if kind == 0:
                some = some * (0.7 - 0.6 * much)
            elif kind == 1:
                some = self._blurred(some, (0.7 + 2.3 * float(self.random.random())) * x.shape[-1] / 320)
            elif kind == 2:
                some = some + torch.randn_like(some) * (5 + 25 * much)
            else:
                some = self._compressed(some, 50 - 42 * float(self.random.random()))
            x[index] = some.round().clamp(0, 255)
        return x

    def _blurred(self, x: Tensor, sigma: float) -> Tensor:
        radius = math.ceil(3 * sigma)
        kernel = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
        kernel_ = self._on(kernel / kernel.sum()).repeat(3, 1)
        x = F.pad(x, (radius, radius, radius, radius), mode="reflect")
        x = F.conv2d(x, kernel_[:, None, :, None], groups=3)
        return F.conv2d(x, kernel_[:, None, None, :], groups=3)

    def _compressed(self, x: Tensor, quality: float) -> Tensor:
        """Compress as JPEG at this quality does, with the luminance table for all three channels."""
        count, _, height, width = x.shape
        rows, columns = height // 8, width // 8
        inner = torch.einsum("nchw,dc->ndhw", x[:, :, : 8 * rows, : 8 * columns] - 128, self._ycc)
        blocks = inner.reshape(count, 3, rows, 8, columns, 8)
        coded = torch.einsum("ui,ncribj,vj->ncrubv", self._dct, blocks, self._dct)
        factor = (5000 / quality if quality < 50 else 200 - 2 * quality) / 100
        quanta = (self._quanta * factor).clamp_min(1)[None, None, None, :, None, :]
        coded = (coded / quanta).round() * quanta
        blocks = torch.einsum("ui,ncrubv,vj->ncribj", self._dct, coded, self._dct)
        plain = torch.einsum("nchw,dc->ndhw", blocks.reshape(count, 3, 8 * rows, 8 * columns), self._rgb)
        x = x.clone()
        x[:, :, : 8 * rows, : 8 * columns] = plain + 128
        return x
