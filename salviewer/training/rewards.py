"""Train by reward: the map as a policy over places, by REINFORCE with a self-critical baseline.

REINFORCE is by Williams, Machine Learning 1992; the reward of the policy's own best choice as the baseline by
Rennie et al., "Self-critical sequence training for image captioning", CVPR 2017.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

DEGREE = 0.03
"""One degree of visual angle as a share of a picture's width, as in the data that live_net was trained on."""


def reward_map(targets: Tensor, fixations: Tensor) -> Tensor:
    """Return what each place earns: (n, h, w) in 0..1.

    Where fixations were recorded, 1 within a degree of one and 0 elsewhere; in pictures without any, the
    target density (of a teacher, for example) divided by its peak.

    Args:
        targets: (n, h, w), densities summing to 1.
        fixations: (n, h, w), counts.
    """
    radius = DEGREE * targets.shape[-1]
    extent = math.floor(radius)
    side = torch.arange(-extent, extent + 1, device=targets.device, dtype=targets.dtype)
    disc = (side[:, None].square() + side.square() <= radius**2).to(targets.dtype)
    hits = (F.conv2d(fixations[:, None], disc[None, None], padding=extent)[:, 0] > 0.5).to(targets.dtype)
    recorded = fixations.sum((1, 2), keepdim=True) > 0
    peaks = targets.amax((1, 2), keepdim=True).clamp_min(1e-12)
    return torch.where(recorded, hits, targets / peaks)


def reward_loss(logits: Tensor, reward: Tensor, samples: int) -> Tensor:
    """Return (n,): minus the mean reward of places drawn from the map; its gradient is REINFORCE's.

    The baseline of a picture is the reward of the map's peak. Without gradients, the expectation over all
    places is returned instead, so that watched pictures are scored without chance.

    Args:
        logits: (n, h, w); their softmax is the policy.
        reward: (n, h, w), from `reward_map`.
        samples: places to draw for each picture.
    """
    log_p, earned = logits.flatten(1).log_softmax(1), reward.flatten(1)
    if not torch.is_grad_enabled():
        return -(log_p.exp() * earned).sum(1)
    policy = log_p.detach().exp()
    drawn = policy.multinomial(samples, replacement=True)
    gained = earned.gather(1, drawn)
    baseline = earned.gather(1, policy.argmax(1, keepdim=True))
    surrogate = -((gained - baseline) * log_p.gather(1, drawn)).mean(1)
    return surrogate - surrogate.detach() - gained.mean(1)
