"""Intervals of means: against what is known of normal numbers, and the same every time."""

import numpy as np
import pytest

from salviewer.core.bootstrap import intervals


def test_the_interval_of_normal_numbers_is_that_of_the_textbook():
    values = np.random.default_rng(1).normal(3, 2, (400, 1))
    error = values.std() / 20
    low, high = intervals(values, resamples=20_000)[0]
    assert low == pytest.approx(values.mean() - 1.96 * error, abs=0.06 * error)
    assert high == pytest.approx(values.mean() + 1.96 * error, abs=0.06 * error)


def test_nineteen_of_twenty_intervals_hold_the_true_mean():
    draws = np.random.default_rng(2).exponential(1, (60, 400))  # 400 experiments of 60 pictures each
    low, high = intervals(draws).T
    assert 0.90 < ((low <= 1) & (high >= 1)).mean() < 0.98


def test_the_same_seed_gives_the_same_and_columns_share_their_draws():
    values = np.random.default_rng(3).normal(size=(30, 1))
    once = intervals(np.hstack([values, 5 - values]))
    assert np.array_equal(once, intervals(np.hstack([values, 5 - values])))
    assert not np.array_equal(once, intervals(np.hstack([values, 5 - values]), seed=1))
    assert once[1] == pytest.approx(5 - once[0][::-1])


def test_many_pictures_are_drawn_in_blocks(monkeypatch):
    values = np.random.default_rng(4).normal(size=(50, 2))
    whole = intervals(values, resamples=300)
    monkeypatch.setattr("salviewer.core.bootstrap._AT_ONCE", 700)
    assert np.array_equal(intervals(values, resamples=300), whole)


def test_a_picture_without_a_metric_is_left_out_of_it_alone():
    values = np.array([[1.0, np.nan, np.nan], [3.0, 2.0, np.nan], [2.0, 4.0, np.nan]])
    found = intervals(values)
    assert found[0].tolist() == [1.0, 3.0]
    assert found[1].tolist() == [2.0, 4.0]
    assert np.isnan(found[2]).all()


def test_a_single_picture_has_a_point_and_none_is_refused():
    assert intervals(np.array([[0.7]])).tolist() == [[0.7, 0.7]]
    with pytest.raises(ValueError, match="at least one row"):
        intervals(np.zeros((0, 3)))
