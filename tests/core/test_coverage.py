"""Coverage is the exact area of outline and cell in common."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salviewer.core.coverage import coverage

inside = st.floats(0, 1)
anywhere = st.floats(-3, 4)


def overlap(low, high, cells):
    """How much of each of `cells` equal parts of 0..1 lies in low..high."""
    edges = np.arange(cells + 1) / cells
    return np.clip(np.minimum(high, edges[1:]) - np.maximum(low, edges[:-1]), 0, None) * cells


@given(st.tuples(anywhere, anywhere), st.tuples(anywhere, anywhere))
def test_a_rectangle_covers_the_product_of_its_overlaps(xs, ys):
    (left, right), (top, bottom) = sorted(xs), sorted(ys)
    outline = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
    expected = np.outer(overlap(top, bottom, 5), overlap(left, right, 7))
    np.testing.assert_allclose(coverage(outline, (5, 7)), expected, atol=1e-9)
    np.testing.assert_allclose(coverage(outline[::-1], (5, 7)), expected, atol=1e-9)


@given(st.lists(st.tuples(inside, inside), min_size=3, max_size=3))
def test_a_triangle_covers_its_area_on_every_grid(points):
    (ax, ay), (bx, by), (cx, cy) = points
    area = abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2
    for shape in ((1, 1), (4, 9), (60, 80)):
        assert coverage(np.array(points), shape).mean() == pytest.approx(area, abs=1e-9)


@given(st.lists(st.tuples(anywhere, anywhere), min_size=3, max_size=9))
def test_any_outline_covers_between_none_and_all_and_a_coarse_grid_sums_a_fine_one(points):
    fine = coverage(np.array(points), (12, 8))
    assert fine.min() >= 0 and fine.max() <= 1
    if len(points) == 3:  # cannot cross itself
        coarse = coverage(np.array(points), (3, 2))
        np.testing.assert_allclose(fine.reshape(3, 4, 2, 4).mean(axis=(1, 3)), coarse, atol=1e-9)


def test_cells_that_a_slanted_side_crosses_are_covered_in_part():
    triangle = np.array([[0, 0], [1, 0], [0, 1]])
    expected = [[1, 1, 0.5], [1, 0.5, 0], [0.5, 0, 0]]
    np.testing.assert_allclose(coverage(triangle, (3, 3)), expected, atol=1e-12)


def test_a_figure_of_eight_covers_both_its_loops():
    eight = np.array([[0, 0], [1, 1], [1, 0], [0, 1]])
    assert coverage(eight, (64, 64)).mean() == pytest.approx(0.5, abs=0.002)


def test_far_away_or_flat_is_nothing():
    square = np.array([[0.0, 0.0], [1, 0], [1, 1], [0, 1]])
    for shift in ((2, 0), (-50, 0), (0, 3), (0, -99)):
        assert not coverage(square + shift, (9, 9)).any()
    assert not coverage(square * (1, 0), (9, 9)).any() and not coverage(square * (0, 1), (9, 9)).any()
