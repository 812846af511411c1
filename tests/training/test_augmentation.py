"""Pictures altered for training."""

from __future__ import annotations

import numpy as np
from skimage import data

from salviewer.training.augmentation import cut, degraded, other_shape

STIMULUS = np.ascontiguousarray(data.astronaut()[::2, ::2][:192, :256])


def test_windows_reach_from_a_phone_upright_to_a_cinema_screen() -> None:
    random = np.random.default_rng(1)
    windows = [other_shape(240, 320, random) for _ in range(500)]
    ratios = np.array([columns / rows for rows, columns in windows])
    assert ratios.min() > 0.55 and ratios.min() < 0.6 and ratios.max() < 2.35 and ratios.max() > 2.2
    assert all(rows == 240 or columns == 320 for rows, columns in windows)  # the largest of its shape


def test_a_window_that_nobody_looked_into_is_not_cut() -> None:
    target = np.zeros((192, 256), np.float32)
    target[:8] = 1 / (8 * 256)
    points = np.array([[0.01, 0.5]], np.float32)
    for seed in range(20):
        shown, inside, kept = cut(STIMULUS, target, points, (40, 256), np.random.default_rng(seed))
        assert len(kept) == 1 and inside.sum() > 0.5 and shown.shape[:2] == inside.shape


def test_degraded_pictures_are_darker_or_softer_or_rougher_and_each_is_another() -> None:
    kinds = set()
    clean = STIMULUS.astype(float)
    for seed in range(40):
        bad = degraded(STIMULUS, np.random.default_rng(seed))
        assert bad.shape == STIMULUS.shape and bad.dtype == np.uint8
        change = np.abs(bad - clean).mean()
        assert change > 0.5
        assert np.array_equal(bad, degraded(STIMULUS, np.random.default_rng(seed)))
        rough = np.abs(np.diff(bad.astype(float), axis=1)).mean() / np.abs(np.diff(clean, axis=1)).mean()
        if bad.mean() < 0.8 * clean.mean():
            kinds.add("dark")
        else:
            assert np.corrcoef(bad.ravel(), STIMULUS.ravel())[0, 1] > 0.8
            kinds.add("soft" if rough < 0.95 else "rough")
    assert kinds == {"dark", "soft", "rough"}
