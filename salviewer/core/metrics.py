"""Metrics of saliency benchmarks: how well a map predicts where people looked.

Conventions shared by all metrics:

- A map is a finite, two-dimensional array of numbers; all arithmetic is in float64.
- Fixations are an (n, 2) integer array of (row, column) cells of the map, one row per fixation. Repeated
  cells count repeatedly.
- Metrics at fixations (NSS, both AUC, information gain) compare a map with points; CC, SIM and KL compare it
  with a density estimated from them.
- Every function raises ValueError with one sentence if shapes differ, there are no fixations, a fixation is
  outside the map, or the metric cannot use the map.

They agree with the `pysaliency` package (a test dependency). Where conventions differ, the docstring says
which one is used. An overview: Bylinskii, Judd, Oliva, Torralba, Durand, "What do different
evaluation metrics tell us about saliency models?", PAMI 2019.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Map = NDArray[np.floating[Any]] | NDArray[np.integer[Any]]
Fixations = NDArray[np.integer[Any]]

EPS = 2.2204e-16
"""Regularisation of KL and information gain, as in the MIT/Tuebingen benchmark."""


def nss(prediction: Map, fixations: Fixations) -> float:
    """Return the normalised scanpath saliency: the mean z-score of the map at the fixations.

    0 is chance, higher is better, no upper bound. Invariant to ``a * map + b`` with a > 0. The standard
    deviation is the population's; a constant map scores 0. Peters, Iyer, Itti, Koch, "Components of
    bottom-up gaze allocation in natural images", Vision Research 2005.

    Args:
        prediction: (h, w).
        fixations: (n, 2) of (row, column).
    """
    values = _map(prediction, "the map")
    at = _at(values, fixations, "fixations")
    spread = values.std()
    if values.min() == values.max() or spread == 0:
        return 0.0
    return float((at.mean() - values.mean()) / spread)


def auc_judd(prediction: Map, fixations: Fixations) -> float:
    """Return the area under the ROC curve that separates fixated cells from all others.

    0.5 is chance, 1 perfect. Invariant to every strictly increasing change of the map; a constant map
    scores 0.5. As in the paper, only the values at fixations serve as thresholds, joined by straight
    lines, so it is slightly more than the exact area if fixations are few. No random jitter is
    added to break ties (theirs is of 1e-7): the result is that of pysaliency with ``jitter=False``, and the
    same every time. Judd, Ehinger, Durand, Torralba, "Learning to predict where humans look", ICCV 2009.

    Args:
        prediction: (h, w).
        fixations: (n, 2) of (row, column).

    Raises:
        ValueError: also when every cell is fixated, so that there are no negatives.
    """
    values = _map(prediction, "the map")
    positives = _at(values, fixations, "fixations")
    free = np.ones(values.shape, bool)
    rows, columns = np.asarray(fixations).T
    free[rows, columns] = False
    negatives = values[free]
    if negatives.size == 0:
        raise ValueError("AUC needs at least one cell that nobody fixated")
    thresholds, hits = np.unique(positives, return_counts=True)
    cells = np.bincount(np.searchsorted(thresholds, negatives, side="right"), minlength=len(thresholds) + 1)
    hit_rate = np.concatenate([[0], hits[::-1].cumsum() / positives.size, [1]])
    false_alarm_rate = np.concatenate([[0], cells[:0:-1].cumsum() / negatives.size, [1]])
    return float(np.trapezoid(hit_rate, false_alarm_rate))


def shuffled_auc(prediction: Map, fixations: Fixations, other: Fixations) -> float:
    """Return the area under the ROC curve that separates this picture's fixations from other pictures'.

    0.5 is chance, which is what a pure centre bias scores; 1 is perfect. Invariant to every strictly
    increasing change of the map; a constant map scores 0.5. All of `other` is used, without drawing a
    sample, and ties count half: the probability that a fixation's value exceeds another picture's, as in
    pysaliency's sAUC. Zhang, Tong, Marks, Shan, Cottrell, "SUN: A Bayesian framework for saliency using
    natural statistics", Journal of Vision 2008.

    Args:
        prediction: (h, w).
        fixations: (n, 2) of (row, column).
        other: (m, 2) of (row, column): fixations on other pictures, scaled to this map's cells.
    """
    values = _map(prediction, "the map")
    positives = _at(values, fixations, "fixations")
    negatives = np.sort(_at(values, other, "other fixations"))
    beaten = np.searchsorted(negatives, positives, side="left")
    not_lost = np.searchsorted(negatives, positives, side="right")
    return float((beaten + not_lost).mean() / (2 * negatives.size))


def cc(prediction: Map, truth: Map) -> float:
    """Return Pearson's linear correlation coefficient of two maps, -1..1.

    Symmetric; invariant to ``a * map + b`` with a > 0 of either. 0 when either map is constant (pysaliency
    agrees when one is, and has NaN when both are). Le Meur, Le Callet, Barba, "Predicting visual fixations on
    video based on low-level visual features", Vision Research 2007.

    Args:
        prediction: (h, w).
        truth: (h, w), the density of fixations.
    """
    first, second = _pair(prediction, truth)
    if first.min() == first.max() or second.min() == second.max():
        return 0.0
    first = first - first.mean()
    second = second - second.mean()
    norm = np.sqrt((first * first).sum()) * np.sqrt((second * second).sum())
    return float(np.clip((first * second).sum() / norm, -1, 1)) if norm > 0 else 0.0


def sim(prediction: Map, truth: Map) -> float:
    """Return the similarity: the mass that two densities have in common, 0 (disjoint) to 1 (equal).

    Symmetric; invariant to the scale of either map, because both are divided by their sum. A map that is 0
    everywhere counts as the uniform density. Judd, Durand, Torralba, "A benchmark of computational
    models of saliency to predict human fixations", MIT technical report 2012.

    Args:
        prediction: (h, w), non-negative.
        truth: (h, w), non-negative.
    """
    first, second = _pair(prediction, truth)
    return float(np.minimum(_density(first, "the map"), _density(second, "the true map")).sum())


def kl(prediction: Map, truth: Map) -> float:
    """Return the Kullback-Leibler divergence of prediction from truth, in nats; 0 is perfect, lower better.

    ``sum(t * log(EPS + t / (p + EPS)))`` over both maps divided by their sums: the regularisation of the
    MIT/Tuebingen benchmark (pysaliency's ``MIT_KLDiv``), which bounds it by about 36. Not symmetric. A
    map that is 0 everywhere stands for the uniform density. Le Meur, Le Callet, Barba, 2007.

    Args:
        prediction: (h, w), non-negative.
        truth: (h, w), non-negative.
    """
    first, second = _pair(prediction, truth)
    p, t = _density(first, "the map"), _density(second, "the true map")
    return float((t * np.log(EPS + t / (p + EPS))).sum())


def information_gain(prediction: Map, fixations: Fixations, baseline: Map) -> float:
    """Return the bits per fixation that the map explains beyond the baseline, usually the centre bias.

    ``mean(log2(EPS + p) - log2(EPS + b))`` at the fixations, both maps divided by their sums. 0 when the
    map is no better than the baseline. The EPS is Bylinskii et al.'s: a density of 0 under a fixation
    costs some tens of bits, where pysaliency, which has no EPS, gives minus infinity. Densities above 1e-9
    agree to 1e-6. A map that is 0 everywhere counts as the uniform density. Kuemmerer, Wallis, Bethge,
    "Information-theoretic model comparison unifies saliency metrics", PNAS 2015.

    Args:
        prediction: (h, w), non-negative.
        fixations: (n, 2) of (row, column).
        baseline: (h, w), non-negative.
    """
    first, second = _pair(prediction, baseline, "the baseline")
    p = _at(_density(first, "the map"), fixations, "fixations")
    b = _at(_density(second, "the baseline"), fixations, "fixations")
    return float((np.log2(EPS + p) - np.log2(EPS + b)).mean())


def _map(array: Map, what: str) -> NDArray[np.float64]:
    values = np.asarray(array, dtype=np.float64)
    if values.ndim != 2 or values.size == 0:
        raise ValueError(f"{what} is a non-empty HxW array, not of shape {values.shape}")
    if not np.isfinite(values).all():
        raise ValueError(f"{what} holds values that are not finite")
    return values


def _pair(
    prediction: Map, truth: Map, name: str = "the true map"
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    first, second = _map(prediction, "the map"), _map(truth, name)
    if first.shape != second.shape:
        raise ValueError(f"the map has shape {first.shape} and {name} {second.shape}; they must be the same")
    return first, second


def _density(values: NDArray[np.float64], what: str) -> NDArray[np.float64]:
    if values.min() < 0:
        raise ValueError(f"{what} is negative somewhere and cannot be read as a density")
    total = values.sum()
    return values / total if total > 0 else np.full_like(values, 1 / values.size)


def _at(values: NDArray[np.float64], fixations: Fixations, what: str) -> NDArray[np.float64]:
    """Return the values at the fixated cells, one per fixation."""
    cells = np.asarray(fixations)
    if cells.ndim != 2 or cells.shape[1] != 2 or not np.issubdtype(cells.dtype, np.integer):
        raise ValueError(
            f"{what} are an (n, 2) integer array of (row, column), not {cells.dtype} {cells.shape}"
        )
    if len(cells) == 0:
        raise ValueError(f"there are no {what}")
    if (cells < 0).any() or (cells >= values.shape).any():
        raise ValueError(f"{what} lie outside the map of {values.shape[0]} x {values.shape[1]} cells")
    found: NDArray[np.float64] = values[cells[:, 0], cells[:, 1]]
    return found
