"""Losses and quick scores for training."""

from __future__ import annotations

import torch
from torch import Tensor

from salviewer.training.recipe import Recipe
from salviewer.training.rewards import reward_loss, reward_map


def loss_of(raw: Tensor, targets: Tensor, fixations: Tensor, recipe: Recipe) -> Tensor:
    """Return the recipe's loss, averaged over the batch.

    Args:
        raw: (n, 1, h, w), the network's output.
        targets: (n, h, w), densities summing to 1.
        fixations: (n, h, w), counts.
        recipe: ``loss`` and its weights.
    """
    raw = raw.float()[:, 0]
    if recipe.loss == "mse":
        peaks = targets.amax((1, 2), keepdim=True)
        return (raw - targets / peaks.clamp_min(1e-12)).square().mean()
    if recipe.loss == "reward":
        anchor = probabilistic(raw, targets, fixations, 0, 0)
        gain = reward_loss(raw, reward_map(targets, fixations), recipe.reward_samples)
        return (gain + recipe.reward_anchor * anchor).mean()
    return probabilistic(raw, targets, fixations, recipe.cc_weight, recipe.nss_weight).mean()


def probabilistic(
    logits: Tensor, targets: Tensor, fixations: Tensor, cc_weight: float, nss_weight: float
) -> Tensor:
    """Return (n,) KL - ``cc_weight`` CC - ``nss_weight`` NSS of the softmax of (n, h, w) logits.

    KL (in nats) and CC compare with the target density, NSS with the fixations if there are any. The
    weighted sum of saliency metrics as a loss follows Cornia et al., "Predicting human eye fixations via an
    LSTM-based saliency attentive model", IEEE TIP 2018.
    """
    log_p = logits.flatten(1).log_softmax(1)
    q = targets.flatten(1)
    counts = fixations.flatten(1)
    kl = (q * (q.clamp_min(1e-12).log() - log_p)).sum(1)
    # Correlations do not depend on scale; multiplying by the number of cells keeps the values near one.
    p = log_p.exp() * log_p.shape[1]
    p = p - p.mean(1, keepdim=True)
    q = q * log_p.shape[1]
    q = q - q.mean(1, keepdim=True)
    deviation = p.square().mean(1, keepdim=True).add(1e-6).sqrt()
    cc = (p * q).mean(1) / (deviation[:, 0] * q.square().mean(1).add(1e-6).sqrt())
    nss = (p / deviation * counts).sum(1) / counts.sum(1).clamp_min(1)
    return kl - cc_weight * cc - nss_weight * nss


@torch.no_grad()
def quick_scores(maps: Tensor, targets: Tensor, fixations: Tensor) -> dict[str, Tensor]:
    """Return NSS, CC and KL (nats) of each picture, (n,) each, to follow a run; reports use ``core.metrics``.

    ``maps`` and ``targets`` are (n, h, w) densities. NSS is NaN for a picture without fixations.
    """
    p, q, counts = maps.flatten(1).double(), targets.flatten(1).double(), fixations.flatten(1).double()
    centred = p - p.mean(1, keepdim=True)
    deviation = centred.square().mean(1, keepdim=True).sqrt().clamp_min(1e-20)
    truth = q - q.mean(1, keepdim=True)
    nss = (centred / deviation * counts).sum(1) / counts.sum(1)
    cc = (centred * truth).mean(1) / (deviation[:, 0] * truth.square().mean(1).sqrt().clamp_min(1e-20))
    kl = (q * ((q + 1e-12).log() - (p + 1e-12).log())).sum(1)
    return {"NSS": nss, "CC": cc, "KL": kl}
