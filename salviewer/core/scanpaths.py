"""Scanpaths: fixations in their order, and how alike two of them are.

A path is float64 (n, 2) of (row, column) in 0..1 of the picture's height and width, in the order in which its
fixations were made.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Path = NDArray[np.float64]

GRID = (8, 12)
"""Rows and columns of ScanMatch's cells, as the authors recommend."""

_THRESHOLD = 3.5
"""Distance of two cells, in cells' heights, from which their substitution costs."""

_BANDWIDTH = 0.12
"""Of the mean shift that makes regions for the sequence score, in fractions of the picture's width."""

_STEPS = 50


def scan_match(first: Path, second: Path, aspect: float = 1.0) -> float:
    """Compare two paths by ScanMatch: 1 for the same sequence of cells, lower for less alike.

    Both become sequences of `GRID` cells, aligned by Needleman and Wunsch's algorithm without a gap penalty.
    Near cells may stand for each other: their substitution scores from 1, for the same, down to below 0,
    for those further apart than a threshold. The score of the alignment is divided by the longer length.
    Durations are not used. Cristino, Mathot, Theeuwes, Gilchrist, "ScanMatch: A novel method for comparing
    fixation sequences", Behavior Research Methods 2010.

    Args:
        first, second: paths with at least one fixation.
        aspect: width / height of the picture.

    Raises:
        ValueError: a path is empty.
    """
    rows, columns = GRID
    across = rows * aspect / columns  # of a cell's height: how wide it is
    r, c = np.divmod(np.arange(rows * columns), columns)
    distance = np.hypot(r[:, None] - r[None], across * (c[:, None] - c[None]))
    similarity = 1 - distance / _THRESHOLD
    cells = [_cells(path, GRID) for path in (first, second)]
    return _aligned(cells[0], cells[1], lambda a, b: float(similarity[a, b])) / max(map(len, cells))


def sequence_score(first: Path, second: Path, regions: NDArray[np.float64], aspect: float = 1.0) -> float:
    """Compare two paths as sequences of the picture's regions: 1 for the same, 0 for nothing in common.

    Each fixation is named by the nearest region; the sequences are aligned by Needleman and Wunsch's
    algorithm, 1 for the same region, 0 for another and for gaps, divided by the longer length. Yang et al.,
    "Predicting goal-directed human attention using inverse reinforcement learning", CVPR 2020, after Borji,
    Tavakoli, Sihite, Itti 2013.

    Args:
        first, second: paths with at least one fixation.
        regions: (k, 2) centres, from `regions_of` of all fixations on the picture.
        aspect: width / height of the picture.
    """
    names = [_nearest(path, regions, aspect) for path in (first, second)]
    return _aligned(names[0], names[1], lambda a, b: float(a == b)) / max(map(len, names))


def regions_of(points: Path, aspect: float = 1.0) -> NDArray[np.float64]:
    """Return the centres of the regions that fixations gather in, by mean shift with a flat kernel.

    Args:
        points: (n, 2), n >= 1, the fixations of all viewers.
        aspect: width / height of the picture.

    Returns:
        (k, 2) of (row, column) in 0..1, k >= 1.
    """
    scale = np.array([1 / aspect, 1.0])  # in widths of the picture
    seen = np.asarray(points, np.float64) * scale
    modes = seen.copy()
    for _ in range(_STEPS):
        near = ((modes[:, None] - seen[None]) ** 2).sum(2) <= _BANDWIDTH**2
        moved = (near @ seen) / near.sum(1, keepdims=True)
        if np.abs(moved - modes).max() < 1e-6:
            break
        modes = moved
    kept: list[NDArray[np.float64]] = []
    for mode in modes:
        if all(((mode - other) ** 2).sum() > _BANDWIDTH**2 / 4 for other in kept):
            kept.append(mode)
    return np.asarray(np.array(kept) / scale, np.float64)


def multi_match(
    first: Path,
    second: Path,
    size: tuple[int, int],
    durations: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None,
) -> dict[str, float]:
    """Compare two paths by MultiMatch's measures, each 0..1 and 1 for the same, by ``multimatch-gaze``.

    Jarodzka, Holmqvist, Nystrom, "A vector-based, multidimensional scanpath similarity measure", ETRA 2010;
    Wagner, Halchenko, Hanke, "multimatch-gaze", Journal of Open Source Software 2019.

    Args:
        first, second: paths.
        size: (width, height) of the picture in pixels.
        durations: of both paths' fixations in seconds; without them there is no measure of duration.

    Returns:
        ``shape``, ``direction``, ``length``, ``position`` and ``duration``; nothing where a path has fewer
        than three fixations.

    Raises:
        ImportError: ``multimatch-gaze`` is not installed.
    """
    if min(len(first), len(second)) < 3:
        return {}
    import multimatch_gaze

    records = []
    for number, path in enumerate((first, second)):
        times = durations[number] if durations is not None else np.ones(len(path))
        rows = zip(path[:, 1] * size[0], path[:, 0] * size[1], times, strict=True)
        kinds = [("start_x", "<f8"), ("start_y", "<f8"), ("duration", "<f8")]
        records.append(np.array(list(rows), dtype=kinds))
    found = np.ravel(np.asarray(multimatch_gaze.docomparison(*records, screensize=list(size)), np.float64))
    names = ("shape", "direction", "length", "position", "duration")
    scores = {name: float(value) for name, value in zip(names, found, strict=True) if np.isfinite(value)}
    if durations is None:
        scores.pop("duration", None)
    return scores


def _cells(path: Path, grid: tuple[int, int]) -> NDArray[np.int64]:
    points = np.asarray(path, np.float64)
    if points.ndim != 2 or not len(points):
        raise ValueError("a path has at least one fixation")
    cells = np.clip((points * grid).astype(np.int64), 0, np.array(grid) - 1)
    return np.asarray(cells[:, 0] * grid[1] + cells[:, 1], np.int64)


def _nearest(path: Path, regions: NDArray[np.float64], aspect: float) -> NDArray[np.int64]:
    if not len(path):
        raise ValueError("a path has at least one fixation")
    scale = np.array([1 / aspect, 1.0])
    apart = ((np.asarray(path)[:, None] - regions[None]) * scale) ** 2
    return np.asarray(apart.sum(2).argmin(1), np.int64)


def _aligned(
    first: NDArray[np.int64], second: NDArray[np.int64], alike: Callable[[int, int], float]
) -> float:
    """Return the score of the best alignment; gaps cost nothing."""
    above = np.zeros(len(second) + 1)
    for a in first:
        here = np.zeros(len(second) + 1)
        for column, b in enumerate(second, 1):
            here[column] = max(above[column], here[column - 1], above[column - 1] + alike(int(a), int(b)))
        above = here
    return float(above[-1])
