"""How well maps agree with recorded fixations: one measure for window and trainer."""

import numpy as np
import pytest

from salviewer.core.agreement import (
    SIZE,
    Recorded,
    agreement,
    centre_bias,
    estimated_density,
    fixated_cells,
    levels,
    people,
)
from tests.core.maps import gaussian, uniform


def recorded_at(x: float, y: float, spread: float = 0.02, count: int = 60) -> Recorded:
    rng = np.random.default_rng(0)
    points = np.clip(rng.normal((y, x), spread, (count, 2)), 0, 0.999).astype(np.float32)
    return Recorded(points, estimated_density(points, (640, 480)))


def test_a_map_at_the_fixations_beats_the_centre_and_the_centre_beats_a_map_elsewhere():
    recorded = recorded_at(0.35, 0.5)
    good, centre, bad = (
        agreement(saliency, recorded)
        for saliency in (gaussian(at=(0.35, 0.5)), centre_bias((640, 480)), gaussian(at=(0.9, 0.9)))
    )
    for metric in ("NSS", "AUC-Judd", "IG", "CC", "SIM"):
        assert good[metric] > centre[metric] > bad[metric], metric
    assert good["KL"] < centre["KL"] < bad["KL"]


def test_the_uniform_map_is_the_zero_of_information_gain_and_of_nss():
    scores = agreement(uniform(), recorded_at(0.5, 0.5))
    assert scores["IG"] == pytest.approx(0, abs=1e-6) and scores["NSS"] == pytest.approx(0, abs=1e-6)
    assert scores["AUC-Judd"] == pytest.approx(0.5, abs=0.01)


def test_without_single_fixations_only_the_maps_are_compared():
    recorded = Recorded(np.zeros((0, 2), np.float32), gaussian().density)
    scores = agreement(gaussian(), recorded)
    assert set(scores) == {"CC", "SIM", "KL"} and scores["CC"] > 0.999


def test_people_as_a_map_agree_with_themselves():
    recorded = recorded_at(0.4, 0.6)
    scores = agreement(people(recorded, (640, 480)), recorded)
    assert scores["CC"] > 0.999 and scores["KL"] < 0.01


def test_the_estimated_density_lies_where_the_fixations_are_and_is_round_on_the_picture():
    density = estimated_density(np.array([[0.5, 0.25]], np.float32), (1280, 480))
    assert density.shape == SIZE and density.sum() == pytest.approx(1, abs=1e-5)
    row, column = np.unravel_index(density.argmax(), SIZE)
    assert (row, column) == (120, 80)
    spread = [
        np.sqrt((density.sum(axis) * (np.arange(n) - at) ** 2).sum() / n**2)
        for axis, n, at in ((0, SIZE[1], 80), (1, SIZE[0], 120))
    ]
    assert spread[0] * 1280 == pytest.approx(spread[1] * 480, rel=0.05)


def test_cells_of_the_last_row_and_column_exist():
    cells = fixated_cells(np.array([[0.9999, 0.9999], [0, 0]], np.float32), SIZE)
    assert cells.tolist() == [[239, 319], [0, 0]]


def test_levels_reach_255_whatever_the_scale():
    for scale in (1e-6, 1, 60000):
        assert levels(gaussian().density * np.float32(scale), SIZE).max() == 255
