"""Bootstrap intervals: how much a mean over pictures may differ with other pictures of the same kind."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2000
LEVEL = 0.95

_AT_ONCE = 4_000_000  # numbers drawn at once, to bound memory for many pictures


def intervals(
    values: NDArray[np.float64], resamples: int = RESAMPLES, level: float = LEVEL, seed: int = 0
) -> NDArray[np.float64]:
    """Return percentile bootstrap intervals of the means over pictures.

    The n pictures are drawn with replacement, `resamples` times; a column's interval contains the middle
    `level` of its means. All columns share the same draws, and so do all calls with the same number of rows
    and the same seed. Efron & Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13.

    The interval shows how the mean varies with other pictures of the same kind, not with another training,
    other viewers, or another data set. For fewer than about ten pictures it is too narrow, and for one it is
    a point.

    Args:
        values: (n, m), a row per picture, a column per metric; NaN if a picture lacks the metric. n >= 1.
        resamples: number of means, at least 1.
        level: share of the means inside, 0..1.
        seed: of the draws.

    Returns:
        (m, 2), low and high; NaN for a column of only NaN.

    Raises:
        ValueError: the array has another shape.
    """
    means = _means(values, resamples, np.random.default_rng(seed))
    return _middle(means, values.shape[1], level)


def macro_intervals(
    groups: Sequence[NDArray[np.float64]], resamples: int = RESAMPLES, level: float = LEVEL, seed: int = 0
) -> NDArray[np.float64]:
    """Return percentile bootstrap intervals of the mean over groups of the means over pictures.

    Each group is resampled within itself and keeps its size, so that every group has equal weight (a
    stratified
    bootstrap: Efron & Tibshirani, 1993, chapter 8). The interval does not cover other groups.

    Args:
        groups: arrays (n, m), with any n and the same m, as in `intervals`; at least one.
        resamples, level, seed: as in `intervals`.

    Returns:
        (m, 2), low and high; NaN for a column that is NaN throughout in a group.

    Raises:
        ValueError: the arrays have other shapes.
    """
    if not groups:
        raise ValueError("there is not one group")
    total = np.mean(
        [
            _means(values, resamples, np.random.default_rng([seed, number]))
            for number, values in enumerate(groups)
        ],
        axis=0,
    )
    return _middle(total, groups[0].shape[1], level)


def _means(
    values: NDArray[np.float64], resamples: int, generator: np.random.Generator
) -> NDArray[np.float64]:
    """Return (resamples, m): the means of n rows of (n, m) values, drawn with replacement."""
    if values.ndim != 2 or len(values) == 0:
        raise ValueError(f"values are an (n, m) array of at least one row, not of shape {values.shape}")
    count = len(values)
    known = ~np.isnan(values)
    filled = np.where(known, values, 0.0)
    means = []
    for start in range(0, resamples, max(1, _AT_ONCE // count)):
        block = min(resamples - start, max(1, _AT_ONCE // count))
        drawn = generator.integers(count, size=(block, count)) + count * np.arange(block)[:, None]
        times = np.bincount(drawn.ravel(), minlength=block * count).reshape(block, count).astype(np.float64)
        with np.errstate(invalid="ignore"):  # 0 / 0 if all drawn pictures lack the metric
            means.append((times @ filled) / (times @ known))
    return np.concatenate(means)


def _middle(every: NDArray[np.float64], columns: int, level: float) -> NDArray[np.float64]:
    """Return (m, 2): the ends of the middle ``level`` of each column, NaN for a column of only NaN."""
    found = np.full((columns, 2), np.nan)
    ends = (0.5 - level / 2, 0.5 + level / 2)
    for column in np.flatnonzero(~np.isnan(every).all(axis=0)):
        found[column] = np.nanquantile(every[:, column], ends)
    return found
