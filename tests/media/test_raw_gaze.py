"""Fixations in raw gaze samples: places, times, blinks and files that are something else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.io import savemat

from salviewer.errors import DataError
from salviewer.media.data.raw_gaze import RawGaze, fixations_of


def test_looks_saccades_and_blinks_are_told_apart() -> None:
    random = np.random.default_rng(0)

    def look(x: float, y: float, count: int) -> np.ndarray:
        return np.array([x, y]) + random.uniform(-3, 3, (count, 2))

    saccade = np.linspace([100, 100], [400, 300], 10)[1:-1]
    blink = np.full((12, 2), np.nan)
    passing = look(600, 50, 12)  # 50 ms
    gaze = np.concatenate([look(100, 100, 48), saccade, look(400, 300, 72), blink, passing, look(20, 30, 24)])
    seen = fixations_of(gaze)
    assert seen.starts is not None and seen.durations is not None
    np.testing.assert_allclose(seen.points, [[100, 100], [300, 400], [30, 20]], atol=1.5)
    np.testing.assert_allclose(seen.durations, [0.2, 0.3, 0.1], atol=0.011)
    np.testing.assert_allclose(seen.starts, [0, 56 / 240, 152 / 240], atol=0.011)
    assert not len(fixations_of(np.full((90, 2), -1.0)).points)


def test_a_file_without_samples_is_named(tmp_path: Path) -> None:
    (tmp_path / "anna").mkdir()
    savemat(tmp_path / "anna" / "p1.mat", {"p1": {"other": 1}})
    gaze = RawGaze(tmp_path)
    assert list(gaze) == ["p1"] and "p2" not in gaze
    with pytest.raises(DataError, match="it has no DATA with eyeData"):
        gaze["p1"]
