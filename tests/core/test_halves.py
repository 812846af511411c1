"""How well one half of the viewers predicts the other: well if they agree, not at all if they do not."""

import numpy as np
import pytest

from salviewer.core.agreement import SIZE, centre_bias
from salviewer.core.split_half import half_scores, halve

BIAS = centre_bias((320, 240)).density.astype(np.float64)
NOWHERE = np.zeros((0, 2), np.int64)


def test_viewers_stay_together_and_fixations_need_not():
    viewers = np.repeat(np.arange(5), [3, 1, 4, 1, 5])
    half = halve(14, viewers, "a")
    assert half is not None
    sides = [set(viewers[half].tolist()), set(viewers[~half].tolist())]
    assert not sides[0] & sides[1] and (len(sides[0]), len(sides[1])) == (2, 3)
    alone = halve(14, None, "a")
    assert alone is not None and alone.sum() == 7


def test_the_division_follows_from_the_name():
    first, again, other = (halve(40, None, name) for name in ("Indoor/001", "Indoor/001", "Indoor/002"))
    assert first is not None and other is not None
    assert np.array_equal(first, again) and not np.array_equal(first, other)


@pytest.mark.parametrize(("count", "viewers"), [(3, None), (3, [0, 1, 2]), (6, [2] * 6), (0, None)])
def test_too_few_are_not_halved(count, viewers):
    assert halve(count, None if viewers is None else np.array(viewers), "a") is None


def scores(points: np.ndarray) -> dict[str, float]:
    half = halve(len(points), None, "a")
    assert half is not None
    return half_scores(points.astype(np.float32), half, 4 / 3, NOWHERE, BIAS)


def test_people_who_agree_predict_each_other_and_people_who_do_not_do_not():
    rng = np.random.default_rng(0)
    agreed = scores(np.clip(rng.normal((0.3, 0.7), 0.02, (60, 2)), 0, 0.999))
    at_odds = scores(rng.uniform(0, 0.999, (60, 2)))
    assert agreed["NSS"] > 6 and agreed["AUC-Judd"] > 0.99 and agreed["CC"] > 0.9 and agreed["IG"] > 3
    assert abs(at_odds["NSS"]) < 0.5 and at_odds["AUC-Judd"] < 0.65 and at_odds["CC"] < 0.4
    assert "sAUC" not in agreed


def test_both_directions_count_the_same():
    points = np.random.default_rng(5).uniform(0, 0.999, (21, 2)).astype(np.float32)
    half = halve(21, None, "b")
    assert half is not None
    one, other = (half_scores(points, side, 4 / 3, NOWHERE, BIAS) for side in (half, ~half))
    assert one == pytest.approx(other)


def test_a_fixation_where_the_half_never_looked_costs_bits_and_not_tens_of_them():
    points = np.array([[0.2, 0.2], [0.2, 0.21], [0.8, 0.8], [0.8, 0.81]], np.float32)
    found = half_scores(points, np.array([True, True, False, False]), 4 / 3, NOWHERE, BIAS)
    assert -5 < found["IG"] < -4  # log2 of the baseline's share, 0.05
    assert BIAS.shape == SIZE
