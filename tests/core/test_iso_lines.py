"""Lines of equal value lie where the value is, are closed, and run with the higher side to their left."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from maps import gaussian, uniform
from scipy import ndimage

from salviewer.core.iso_lines import iso_lines, mass_level


def enclosed(line):
    """Signed area in fractions of the picture; positive when the inside lies to the left, rows downwards."""
    x, y = line.T
    return float((y[:-1] * x[1:] - x[:-1] * y[1:]).sum() / 2)


def sampled(field, line):
    """The field, bilinear between cell centres, along a line."""
    rows, columns = field.shape
    at = [line[:, 1] * rows - 0.5, line[:, 0] * columns - 0.5]
    return ndimage.map_coordinates(field.astype(float), at, order=1, mode="nearest")


@pytest.mark.parametrize("share", [0.25, 0.5, 0.75])
def test_the_smallest_area_with_a_share_of_a_gaussian_is_the_disc_known_by_formula(share):
    saliency = gaussian(sigma=0.08)
    (line,) = iso_lines(saliency.density, mass_level(saliency.density, share))
    radius = np.hypot(line[:, 0] - 0.5, (line[:, 1] - 0.5) * 480 / 640)
    assert radius == pytest.approx(np.full(len(line), 0.08 * np.sqrt(-2 * np.log(1 - share))), abs=1e-3)
    np.testing.assert_array_equal(line[0], line[-1])
    assert enclosed(line) > 0


def test_the_level_of_a_share_holds_that_share_and_a_cell_less_does_not():
    density = np.random.default_rng(0).random((30, 40)).astype(np.float32)
    density /= density.sum()
    for share in (0.1, 0.5, 0.99):
        level = mass_level(density, share)
        assert density[density >= level].sum() >= share > density[density > level].sum()
    assert mass_level(density, 0) == density.max() and mass_level(density, 1) == density.min()
    with pytest.raises(ValueError, match=r"0\.\.1, not 1\.5"):
        mass_level(density, 1.5)


def test_a_hole_runs_the_other_way_round():
    y, x = np.mgrid[-20:21, -20:21]
    ring = np.exp(-((np.hypot(x, y) - 10) ** 2) / 8).astype(np.float32)
    outer, inner = sorted(iso_lines(ring, 0.5), key=lambda line: -abs(enclosed(line)))
    assert enclosed(outer) > 0 > enclosed(inner)


def test_a_line_ends_at_the_borders():
    ramp = np.tile(np.linspace(0, 1, 11, dtype=np.float32), (5, 1))
    (line,) = iso_lines(ramp, 0.55)
    assert sorted(line[[0, -1], 1]) == [0, 1]
    assert line[:, 0] == pytest.approx(np.full(len(line), 6 / 11))


def test_no_line_through_an_even_map():
    even = uniform().density
    assert iso_lines(even, float(even.max())) == [] and iso_lines(even, float(even.max()) * 2) == []


@given(
    hnp.arrays(
        np.float32,
        hnp.array_shapes(min_dims=2, max_dims=2, max_side=9),
        elements=st.sampled_from([0.0, 0.25, 0.5, 1.0]),
    ),
    st.sampled_from([0.25, 0.3, 0.5, 0.9]),
)
@settings(max_examples=150)
def test_any_map(field, level):
    lines = iso_lines(field, level)
    assert bool(lines) == bool((field >= level).any() and (field < level).any())
    for line in lines:
        assert len(line) >= 2 and line.min() >= 0 and line.max() <= 1
        closed = np.array_equal(line[0], line[-1])
        at_border = ((line[[0, -1]] == 0) | (line[[0, -1]] == 1)).any(axis=1)
        assert closed or at_border.all()
        np.testing.assert_allclose(sampled(field, line), level, atol=1e-5)
