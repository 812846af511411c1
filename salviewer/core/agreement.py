"""Score a map against recorded fixations, in the same way for window, trainer and command line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.core import metrics, old_metrics
from salviewer.core.postprocess import smooth
from salviewer.core.resizing import resize
from salviewer.core.saliency_map import SaliencyMap

SIZE = (240, 320)
"""(height, width) at which all metrics are computed."""

CENTRE_SIGMA = (0.22, 0.18)
"""Standard deviations of the stated centre bias, in fractions of width and height: those of the mean fixation
map of 450 free-viewing photographs (OSIE, Crowd, Scenes; 0.215..0.228 and 0.168..0.195)."""

BLUR = 0.03
"""Standard deviation of a density made of fixations, in fractions of the width: about one degree."""


_SLACK = 1e-9
"""Of a cell: a fixation at a pixel's border, divided and multiplied by the size, stays in its pixel."""


@dataclass(frozen=True, slots=True, eq=False)
class Recorded:
    """Recorded fixations of one picture.

    Attributes:
        fixations: float64 (n, 2): (row, column) in 0..1 of the picture's height and width; empty if only a
            map was recorded.
        density: (h, w), non-negative: the fixation density over the whole picture, of any resolution
            and scale.
        viewers: int64 (n,), who made each fixation, in whose order they stand; -1 for unknown, None if nobody
            is known.
        starts, durations: float64 (n,) in seconds; None if unknown.
    """

    fixations: NDArray[np.floating[Any]]
    density: NDArray[np.float32]
    viewers: NDArray[np.int64] | None = None
    starts: NDArray[np.float64] | None = None
    durations: NDArray[np.float64] | None = None


def score(
    guess: NDArray[Any],
    truth: NDArray[Any],
    own: NDArray[np.int64],
    other: NDArray[np.int64],
    baseline: NDArray[Any],
    old: bool = False,
) -> dict[str, float]:
    """Compute all metrics of one map; those at fixations only if there are any.

    Args:
        guess, truth, baseline: (h, w), non-negative: prediction, fixation density, baseline of IG.
        own, other: (n, 2), cells fixated in this and in other pictures.
        old: whether to add AUC-Borji and EMD.
    """
    scores = {}
    if len(own):
        scores["NSS"] = metrics.nss(guess, own)
        scores["AUC-Judd"] = metrics.auc_judd(guess, own)
        if len(other):
            scores["sAUC"] = metrics.shuffled_auc(guess, own, other)
        scores["IG"] = metrics.information_gain(guess, own, baseline)
    scores |= {
        "CC": metrics.cc(guess, truth),
        "SIM": metrics.sim(guess, truth),
        "KL": metrics.kl(guess, truth),
    }
    if old:
        scores |= {"AUC-Borji": old_metrics.auc_borji(guess, own)} if len(own) else {}
        scores["EMD"] = old_metrics.emd(guess, truth)
    return scores


def agreement(saliency: SaliencyMap, recorded: Recorded) -> dict[str, float]:
    """Compute `score` of a map at `SIZE`, as `salviewer evaluate` does, except for two metrics:

    IG is over the uniform density, because a single picture has no known centre bias. sAUC needs other
    pictures and is missing.
    """
    cells = fixated_cells(recorded.fixations, SIZE)
    guess = np.asarray(resize(saliency.density, SIZE))
    return score(guess, levels(recorded.density, SIZE), cells, cells[:0], np.ones(SIZE))


def fixated_cells(fixations: NDArray[np.floating[Any]], size: tuple[int, int]) -> NDArray[np.int64]:
    """Return the fixated cells of a map of ``size`` (height, width): int64 (n, 2) of (row, column)."""
    shape = np.array(size)
    cells: NDArray[np.int64] = np.minimum((fixations * shape + _SLACK).astype(np.int64), shape - 1)
    return cells


def levels(density: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.uint8]:
    """Stretch a fixation density to ``size`` (height, width), in levels of 0..255 with the peak at 255."""
    small = np.asarray(resize(density, size), np.float32)
    found: NDArray[np.uint8] = np.rint(small * (255 / small.max())).astype(np.uint8)
    return found


def centre_bias(source_size: tuple[int, int]) -> SaliencyMap:
    """Return a Gaussian at the picture's centre, `CENTRE_SIGMA` wide, which any useful map must beat."""
    rows, columns = SIZE
    across = ((np.arange(columns) + 0.5) / columns - 0.5) / CENTRE_SIGMA[0]
    down = ((np.arange(rows) + 0.5) / rows - 0.5) / CENTRE_SIGMA[1]
    field = np.exp(-0.5 * (across[None] ** 2 + down[:, None] ** 2)).astype(np.float32)
    return SaliencyMap(field, source_size, "centre bias")


def people(recorded: Recorded, source_size: tuple[int, int]) -> SaliencyMap:
    """Return the recorded density as a map at `SIZE`, for display and comparison."""
    return SaliencyMap(np.asarray(resize(recorded.density, SIZE), np.float32), source_size, "people")


def estimated_density(
    fixations: NDArray[np.floating[Any]], source_size: tuple[int, int], size: tuple[int, int] = SIZE
) -> NDArray[np.float32]:
    """Estimate a density from fixations, if no map was recorded: a Gaussian of `BLUR` around each.

    Args:
        fixations: (n, 2) of (row, column) in 0..1, n >= 1.
        source_size: (width, height) of the picture; the Gaussian is round on it.
        size: (height, width) of the density.

    Returns:
        float32, ``size``, sums to 1.
    """
    counts = np.zeros(size, np.float32)
    np.add.at(counts, tuple(fixated_cells(fixations, size).T), 1)
    return smooth(counts / np.float32(counts.sum()), BLUR, source_size)
