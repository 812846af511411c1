"""Scanpaths: the measures' fixed points, their order, and what is drawn."""

from __future__ import annotations

import numpy as np
import pytest
from skimage import data

from salviewer.core.scanpath_drawing import draw_scanpath
from salviewer.core.scanpaths import GRID, multi_match, regions_of, scan_match, sequence_score

RANDOM = np.random.default_rng(4)
PATH = np.array([[0.1, 0.1], [0.5, 0.5], [0.5, 0.9], [0.9, 0.2]])


def test_a_path_is_like_itself_and_less_like_others() -> None:
    regions = regions_of(PATH)
    assert len(regions) == 4
    near = np.clip(PATH + RANDOM.normal(0, 0.02, PATH.shape), 0, 0.999)
    far = 1 - PATH
    for score in (scan_match, lambda a, b: sequence_score(a, b, regions)):
        assert score(PATH, PATH) == pytest.approx(1)
        assert score(PATH, near) > score(PATH, far)
        assert score(PATH, PATH[::-1]) < 1
        assert score(PATH, near) == pytest.approx(score(near, PATH))
    assert scan_match(PATH, PATH[:2]) == pytest.approx(0.5)  # two of four, the rest are gaps


def test_scan_match_by_hand() -> None:
    """Two fixations, of which the second lies one column further: 1 + (1 - 1 cell / 3.5), over 2."""
    rows, columns = GRID
    aspect = columns / rows  # square cells
    first = np.array([[0.5 / rows, 0.5 / columns], [4.5 / rows, 4.5 / columns]])
    second = first + np.array([[0, 0], [0, 1 / columns]])
    assert scan_match(first, second, aspect) == pytest.approx((1 + 1 - 1 / 3.5) / 2)


def test_sequence_score_by_hand() -> None:
    regions = np.array([[0.1, 0.1], [0.5, 0.5], [0.9, 0.9]])
    abc, acb, ab = regions, regions[[0, 2, 1]], regions[:2]
    assert sequence_score(abc, acb, regions) == pytest.approx(2 / 3)
    assert sequence_score(abc, ab, regions) == pytest.approx(2 / 3)
    assert sequence_score(abc[:1], abc[2:], regions) == 0


def test_regions_gather_what_lies_near() -> None:
    centres = np.array([[0.2, 0.2], [0.8, 0.7]])
    points = np.concatenate([centre + RANDOM.normal(0, 0.01, (20, 2)) for centre in centres])
    found = regions_of(points, 1.5)
    assert len(found) == 2
    for centre in centres:
        assert np.abs(found - centre).sum(1).min() < 0.02


def test_multi_match_is_one_for_the_same() -> None:
    pytest.importorskip("multimatch_gaze")
    times = np.full(len(PATH), 0.2)
    same = multi_match(PATH, PATH, (640, 480), (times, times))
    assert set(same) == {"shape", "direction", "length", "position", "duration"}
    assert all(value == pytest.approx(1) for value in same.values())
    other = multi_match(PATH, 1 - PATH, (640, 480))
    assert "duration" not in other and other["position"] < 0.9
    assert multi_match(PATH[:2], PATH, (640, 480)) == {}


def test_an_empty_path_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one fixation"):
        scan_match(PATH, PATH[:0])
    with pytest.raises(ValueError, match="at least one fixation"):
        sequence_score(PATH[:0], PATH, PATH)


def test_a_path_is_drawn_where_it_lies() -> None:
    picture = data.coffee()
    before = picture.copy()
    drawn = draw_scanpath(picture, PATH, np.array([0.1, 0.9, 0.2, 0.2]))
    np.testing.assert_array_equal(picture, before)
    changed = np.abs(drawn.astype(int) - picture).sum(2) > 60
    assert 0.002 < changed.mean() < 0.1
    for row, column in PATH:
        y, x = int(row * 400), int(column * 600)
        assert changed[max(0, y - 14) : y + 15, max(0, x - 14) : x + 15].any()
    assert not changed[:30, 450:].any()
