"""Distillation: maps of trained models as soft targets for another network."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from salviewer.models.loading import load_model
from salviewer.models.predictor import Predictor
from salviewer.models.preprocess import resize
from salviewer.training.pack import Pack
from salviewer.training.recipe import Recipe


def load_teachers(recipe: Recipe, device: str) -> tuple[Predictor, ...]:
    """Load the models that a recipe's ``teacher`` names, on torch; an empty tuple if it names none.

    Raises:
        SalviewerError: a model is missing or cannot be used.
    """
    return tuple(load_model(name, device, "torch") for name in recipe.teachers)


def teach(
    teachers: Sequence[Predictor],
    pack: Pack,
    rows: NDArray[np.int64],
    progress: Callable[[int, int], None] | None = None,
) -> tuple[NDArray[np.float16], NDArray[np.float32]]:
    """Return the teachers' maps of some rows of a pack, and a confidence for each.

    A map is the mean over all teachers of the predictions for the picture and, mirrored back, for its mirror
    image. The confidence is the correlation of these two, with negative values set to 0: a teacher that is
    sure of a picture does not depend on its orientation.

    Returns:
        float16 (n, h, w) at the pack's size, each map scaled to peak 1, and float32 (n,) in 0..1; both are
        zero in all other rows.
    """
    count, height, width = pack.stimuli.shape[:3]
    maps = np.zeros((count, height, width), np.float16)
    confidence = np.zeros(count, np.float32)
    for start in range(0, len(rows), 8):
        chosen = rows[start : start + 8]
        stimuli = np.asarray(pack.stimuli[chosen])
        straight = _mean(teachers, stimuli, (height, width))
        mirrored = _mean(teachers, np.ascontiguousarray(stimuli[:, :, ::-1]), (height, width))[:, :, ::-1]
        for row, one, other in zip(chosen, straight, mirrored, strict=True):
            full = one + other
            maps[row] = full / full.max()
            confidence[row] = _alike(one, other)
        if progress is not None:
            progress(min(start + 8, len(rows)), len(rows))
    return maps, confidence


def _mean(
    teachers: Sequence[Predictor], stimuli: NDArray[np.uint8], size: tuple[int, int]
) -> NDArray[np.float32]:
    """Return the mean of the teachers' densities, float32 (n, height, width); their own sizes may differ."""
    total = np.zeros((len(stimuli), *size), np.float32)
    for teacher in teachers:
        for row, density in enumerate(teacher.densities(stimuli)):
            full = np.asarray(resize(density, size), np.float32)
            total[row] += full / full.sum()
    return total / np.float32(len(teachers))


def _alike(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    a, b = one.astype(np.float64) - one.mean(), other.astype(np.float64) - other.mean()
    spread = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return max(float((a * b).sum()) / spread, 0.0) if spread > 0 else 1.0
