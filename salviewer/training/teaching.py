"""Soft targets: a trained model's maps of the pictures another network learns from."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from salviewer.models.predictor import Predictor
from salviewer.models.preprocess import resize
from salviewer.training.pack import Pack


def teach(
    teacher: Predictor,
    pack: Pack,
    rows: NDArray[np.int64],
    progress: Callable[[int, int], None] | None = None,
) -> tuple[NDArray[np.float16], NDArray[np.float32]]:
    """The teacher's maps of these rows of a pack, and its confidence in each.

    Every map is the mean of the picture's and its mirror image's, and the confidence how alike the two are:
    their correlation, 0 where it is negative. A teacher that is sure of a picture does not mind which way
    round it is.

    Returns:
        float16 (n, h, w) at the pack's size, each scaled to peak 1, and float32 (n,) in 0..1; both zero in
        the other rows.
    """
    count, height, width = pack.stimuli.shape[:3]
    maps = np.zeros((count, height, width), np.float16)
    confidence = np.zeros(count, np.float32)
    for start in range(0, len(rows), 8):
        chosen = rows[start : start + 8]
        stimuli = np.asarray(pack.stimuli[chosen])
        straight = teacher.densities(stimuli)
        mirrored = teacher.densities(np.ascontiguousarray(stimuli[:, :, ::-1]))[:, :, ::-1]
        for row, one, other in zip(chosen, straight, mirrored, strict=True):
            full = np.asarray(resize(one + other, (height, width)), np.float32)
            maps[row] = full / full.max()
            confidence[row] = _alike(one, other)
        if progress is not None:
            progress(min(start + 8, len(rows)), len(rows))
    return maps, confidence


def _alike(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    a, b = one.astype(np.float64) - one.mean(), other.astype(np.float64) - other.mean()
    spread = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return max(float((a * b).sum()) / spread, 0.0) if spread > 0 else 1.0
