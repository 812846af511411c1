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
) -> NDArray[np.float16]:
    """The teacher's maps of these rows of a pack: float16 (n, h, w) at its size, each scaled to peak 1.

    Every map is the mean of the picture's and its mirror image's. The other rows of the result are zero.
    """
    count, height, width = pack.stimuli.shape[:3]
    maps = np.zeros((count, height, width), np.float16)
    for start in range(0, len(rows), 8):
        chosen = rows[start : start + 8]
        stimuli = np.asarray(pack.stimuli[chosen])
        straight = teacher.densities(stimuli)
        mirrored = teacher.densities(np.ascontiguousarray(stimuli[:, :, ::-1]))[:, :, ::-1]
        for row, density in zip(chosen, straight + mirrored, strict=True):
            full = np.asarray(resize(density, (height, width)), np.float32)
            maps[row] = full / full.max()
        if progress is not None:
            progress(min(start + 8, len(rows)), len(rows))
    return maps
