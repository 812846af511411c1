"""Soft targets: a trained model's maps of the pictures another network learns from."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from salviewer.models.predictor import Predictor
from salviewer.models.preprocess import resize
from salviewer.training.pack import Pack


def teach(
    teacher: Predictor, pack: Pack, progress: Callable[[int, int], None] | None = None
) -> NDArray[np.float16]:
    """The teacher's maps, float16 (n, h, w) at the pack's size, each scaled to peak 1.

    Every map is the mean of the picture's and its mirror image's.
    """
    count, height, width = pack.stimuli.shape[:3]
    maps = np.empty((count, height, width), np.float16)
    for start in range(0, count, 8):
        stimuli = np.asarray(pack.stimuli[start : start + 8])
        straight = teacher.densities(stimuli)
        mirrored = teacher.densities(np.ascontiguousarray(stimuli[:, :, ::-1]))[:, :, ::-1]
        for offset, density in enumerate(straight + mirrored):
            full = np.asarray(resize(density, (height, width)), np.float32)
            maps[start + offset] = full / full.max()
        if progress is not None:
            progress(min(start + 8, count), count)
    return maps
