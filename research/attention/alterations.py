"""Alter a batch: pictures, targets, fixations and aspect ratios alike."""

from __future__ import annotations

import torch
from torch import Tensor

from research.distil.alterer import Alterer
from research.distil.card_data import summing_to_1


def altered(
    stimuli: Tensor,
    target: Tensor,
    points: Tensor,
    aspects: Tensor,
    mirrored: Tensor,
    seed: int,
    stretch: float,
    degrade: float,
    crop: float,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Crop, mirror, recolour and degrade a batch.

    Args:
        stimuli: uint8 (n, 3, h, w).
        target: (n, h', w'), densities.
        points: (n, m, 2), fixations in -1..1.
        aspects: (n,), true width / height of the pictures.
        mirrored: (n,), whether a picture may be mirrored.
        seed: of all randomness.
        stretch: share of pictures that are cropped to another aspect ratio.
        degrade: share of pictures that are darkened, blurred, noisy or compressed.
        crop: smallest share of each side that is kept.

    Returns:
        the four first arguments, altered; a window's aspect ratio is that of what it shows.
    """
    size, small = (stimuli.shape[-2], stimuli.shape[-1]), (target.shape[-2], target.shape[-1])
    alterer = Alterer(seed, "cpu", size)
    windows = alterer.windows(len(stimuli), stretch, crop)
    windows[:, 1] = torch.where(mirrored, windows[:, 1], windows[:, 1].abs())
    area = windows[:, 0] * windows[:, 1].abs()
    through = alterer.seen_through(windows, target[:, None], small)
    kept = through.mean((1, 2, 3)) * area / target.mean((1, 2)).clamp_min(1e-12)
    one, zero = torch.ones(len(windows)), torch.zeros(len(windows))
    whole = torch.stack([one, windows[:, 1].sign(), zero, zero], 1)
    windows = torch.where((kept < 0.6)[:, None], whole, windows)
    target = summing_to_1(alterer.seen_through(windows, target[:, None], small)[:, 0])
    points = (points - windows[:, None, 2:]) / windows[:, None, :2]
    x = alterer.seen_through(windows, stimuli.float(), size)
    x = alterer.degraded(alterer.recoloured(x, 0.15), degrade)
    return x, target, points, aspects.float() * windows[:, 1].abs() / windows[:, 0]
