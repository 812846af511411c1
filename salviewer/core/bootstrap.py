"""How far a mean over pictures may be from that over all such pictures: intervals by the bootstrap."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2000
LEVEL = 0.95

_AT_ONCE = 4_000_000  # numbers drawn at once, so that many pictures take no more memory than few


def intervals(
    values: NDArray[np.float64], resamples: int = RESAMPLES, level: float = LEVEL, seed: int = 0
) -> NDArray[np.float64]:
    """Percentile bootstrap intervals of the means over pictures.

    As many pictures as there are are drawn with replacement, `resamples` times; the interval of a column is
    what holds the middle `level` of its means. Every column has the same draws, and so has every call of as
    many rows with the same seed. Efron & Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13.

    It tells how the mean would vary with other pictures of the same kind; it knows nothing of another
    training's weights, other viewers, or another data set. Of fewer than about ten pictures it is too narrow,
    and of a single one a point.

    Args:
        values: (n, m), a row a picture, a column a metric; NaN where a picture has none. n >= 1.
        resamples: how many means, 1 or more.
        level: share of them within, in 0..1.
        seed: of the draws.

    Returns:
        (m, 2), low and high; NaN for a column of NaN alone.

    Raises:
        ValueError: not such an array.
    """
    means = _means(values, resamples, np.random.default_rng(seed))
    return _middle(means, values.shape[1], level)


def macro_intervals(
    groups: Sequence[NDArray[np.float64]], resamples: int = RESAMPLES, level: float = LEVEL, seed: int = 0
) -> NDArray[np.float64]:
    """Percentile bootstrap intervals of the mean over groups of the means over pictures.

    Each group is drawn anew from itself, so that every group counts alike, however many pictures it has, and
    keeps its number (a stratified bootstrap: Efron & Tibshirani, 1993, chapter 8). The interval knows nothing
    of other groups.

    Args:
        groups: (n, m) each, with n of its own and m alike, as `intervals` takes them; at least one.
        resamples, level, seed: as there.

    Returns:
        (m, 2), low and high; NaN for a column that is NaN throughout in a group.

    Raises:
        ValueError: not such arrays.
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
    """(resamples, m): the means of as many rows of (n, m) values, drawn with replacement."""
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
        with np.errstate(invalid="ignore"):  # 0 / 0 where all that were drawn lack the metric
            means.append((times @ filled) / (times @ known))
    return np.concatenate(means)


def _middle(every: NDArray[np.float64], columns: int, level: float) -> NDArray[np.float64]:
    """(m, 2): the ends of the middle ``level`` of each column, NaN for one of NaN alone."""
    found = np.full((columns, 2), np.nan)
    ends = (0.5 - level / 2, 0.5 + level / 2)
    for column in np.flatnonzero(~np.isnan(every).all(axis=0)):
        found[column] = np.nanquantile(every[:, column], ends)
    return found
