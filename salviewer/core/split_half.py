"""Measure how well people predict each other: one half's smoothed fixations against the other half."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.core.agreement import estimated_density, fixated_cells, score

HALF_OF_VIEWERS, HALF_OF_FIXATIONS = "half of the viewers", "half of the fixations"
"""Names of the two predictors, for display."""

ONE_VIEWER = "one viewer"
"""Name of the predictor that has one viewer's fixations, for display."""

LEAST = 4
"""Least fixations of a picture that can be split."""

BASELINE_SHARE = 0.05
"""Share of the baseline in a half's density. A Gaussian around each fixation is nearly 0 where the half never
looked, and a single fixation of the other half there would cost tens of bits. On 120 training pictures of
OSIE, Crowd and Scenes, information gain was 1.73, 0.94 and -0.15 bits without, 1.97, 1.09 and 0.53 with this
share, and NSS the same to 0.01."""


def halve(count: int, viewers: NDArray[np.int64] | None, name: str) -> NDArray[np.bool_] | None:
    """Split a picture's fixations into two random halves, always the same for the same name.

    Args:
        count: number of fixations.
        viewers: (count,), the viewer of each, if recorded; each viewer's fixations are in one half. None
            splits the fixations themselves.
        name: of the picture; seeds the split.

    Returns:
        (count,): true for one half, the smaller one if the number is odd. None if there are fewer than
        `LEAST` fixations, or all are by one viewer.
    """
    looked = np.arange(count) if viewers is None else viewers
    people = np.unique(looked)
    if count < LEAST or len(people) < 2:
        return None
    seed = int.from_bytes(hashlib.sha256(name.encode("utf-8", "surrogateescape")).digest()[:8], "big")
    chosen = np.random.default_rng(seed).permutation(people)[: len(people) // 2]
    return np.isin(looked, chosen)


def half_scores(
    fixations: NDArray[np.floating[Any]],
    half: NDArray[np.bool_],
    aspect: float,
    other: NDArray[np.int64],
    baseline: NDArray[np.float64],
) -> dict[str, float]:
    """Average `agreement.score` of each half's density against the other half.

    CC, SIM and KL compare the two halves' densities, both of few fixations. A model is compared with the
    density of all fixations, which is easier.

    Args:
        fixations: (n, 2) of (row, column) in 0..1.
        half: (n,), True for one half; neither half may be empty.
        aspect: width / height of the picture.
        other: (m, 2) cells fixated in other pictures, on the grid of the baseline.
        baseline: (h, w), non-negative: the baseline of IG, and `BASELINE_SHARE` of each density. Its size is
            the grid on which is measured.
    """
    picture, size = _picture(aspect), _grid(baseline)
    sides = [fixations[half], fixations[~half]]
    densities = [estimated_density(side, picture, size).astype(np.float64) for side in sides]
    prior = BASELINE_SHARE * baseline / baseline.sum()
    found = []
    for a, b in ((0, 1), (1, 0)):
        guess = (1 - BASELINE_SHARE) * densities[a] + prior
        found.append(score(guess, densities[b], fixated_cells(sides[b], size), other, baseline))
    return {metric: (found[0][metric] + found[1][metric]) / 2 for metric in found[0]}


def one_viewer_scores(
    fixations: NDArray[np.floating[Any]],
    viewers: NDArray[np.int64],
    aspect: float,
    other: NDArray[np.int64],
    baseline: NDArray[np.float64],
) -> dict[str, float]:
    """Average over viewers how well each one's smoothed fixations predict those of all others.

    Args:
        fixations: (n, 2) of (row, column) in 0..1.
        viewers: (n,): who made each.
        aspect, other, baseline: as for `half_scores`.

    Returns:
        no scores where fewer than two looked.
    """
    picture, size = _picture(aspect), _grid(baseline)
    prior = BASELINE_SHARE * baseline / baseline.sum()
    found = []
    for viewer in np.unique(viewers).tolist():
        mine = viewers == viewer
        if mine.all():
            return {}
        own = estimated_density(fixations[mine], picture, size).astype(np.float64)
        guess = (1 - BASELINE_SHARE) * own + prior
        truth = estimated_density(fixations[~mine], picture, size)
        found.append(score(guess, truth, fixated_cells(fixations[~mine], size), other, baseline))
    return {metric: float(np.mean([each[metric] for each in found])) for metric in found[0]} if found else {}


def _picture(aspect: float) -> tuple[int, int]:
    """(width, height) of a picture with this aspect ratio."""
    return max(1, round(1000 * aspect)), 1000


def _grid(baseline: NDArray[np.float64]) -> tuple[int, int]:
    return baseline.shape[0], baseline.shape[1]
