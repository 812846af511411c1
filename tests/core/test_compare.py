"""A difference is second minus first, in multiples of the average, and is coloured by its sign and size."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from maps import gaussian, photo, uniform

from salviewer.core.compare import compare, difference_layer, draw_difference, resample
from salviewer.core.metrics import cc, kl, sim
from salviewer.core.postprocess import PostprocessSettings
from salviewer.core.render import OverlayStyle
from salviewer.core.saliency_map import SaliencyMap

SHARP = PostprocessSettings(sigma=0)
LEFT, RIGHT = gaussian(at=(0.3, 0.5)), gaussian(at=(0.7, 0.5))


def test_a_map_and_itself():
    same = compare(LEFT, LEFT)
    assert not same.difference.any()
    assert (same.cc, same.sim) == pytest.approx((1, 1)) and same.kl_first == pytest.approx(0, abs=1e-9)
    assert min(same.kl_first, same.kl_second) >= 0  # regularised, it would be -2e-16
    assert not difference_layer(same, (640, 480))[..., 3].any()
    grey = photo(64, 48)
    grey[:] = grey[..., :1]
    np.testing.assert_array_equal(draw_difference(grey, same), grey)


def test_numbers_are_the_metrics_and_the_difference_is_in_multiples_of_the_average():
    found = compare(LEFT, uniform(LEFT.density.shape), SHARP)
    a, b = LEFT.density, uniform(LEFT.density.shape).density
    assert found.cc == cc(a, b) and found.sim == pytest.approx(sim(a, b))
    assert found.kl_first == pytest.approx(kl(a, b)) and found.kl_second == pytest.approx(kl(b, a))
    assert found.kl_first != pytest.approx(found.kl_second)
    assert found.difference.max() == pytest.approx(1, abs=1e-3)  # uniform minus nothing
    assert found.difference.min() == pytest.approx(1 - a.max() * a.size, rel=1e-4)
    assert found.difference.mean() == pytest.approx(0, abs=1e-5)


def test_turned_round_it_changes_its_sign():
    there, back = compare(LEFT, RIGHT), compare(RIGHT, LEFT)
    np.testing.assert_array_equal(there.difference, -back.difference)
    assert (there.cc, there.sim) == pytest.approx((back.cc, back.sim))
    assert (there.kl_first, there.kl_second) == (back.kl_second, back.kl_first)


def test_resolution_hardly_matters():
    fine = compare(LEFT, gaussian((240, 320), at=(0.35, 0.5)))
    coarse = compare(LEFT, gaussian(at=(0.35, 0.5)))
    assert fine.difference.shape == (240, 320) and coarse.difference.shape == (120, 160)
    assert fine.sim == pytest.approx(coarse.sim, abs=0.01)
    assert fine.cc == pytest.approx(coarse.cc, abs=0.01)
    same = compare(LEFT, gaussian((240, 320), at=(0.3, 0.5)))
    assert same.sim > 0.98 and abs(same.difference).max() < 0.05 * fine.difference.max()


@given(
    hnp.arrays(
        np.float32, hnp.array_shapes(min_dims=2, max_dims=2, max_side=9), elements=st.floats(0, 1, width=32)
    ),
    st.tuples(st.integers(1, 20), st.integers(1, 20)),
)
def test_resampling_keeps_the_mass_and_where_it_lies(density, shape):
    density = SaliencyMap(density, (9, 9), "test").density
    moved = resample(density, shape)
    assert moved.shape == shape and moved.min() >= 0 and moved.sum() == pytest.approx(1, abs=1e-5)
    coarse = resample(resample(density, (density.shape[0] * 3, density.shape[1] * 2)), density.shape)
    np.testing.assert_allclose(coarse, density, atol=1e-6)


def test_red_is_where_the_second_has_more_and_blue_where_the_first_has():
    layer = difference_layer(compare(LEFT, RIGHT), (640, 480)).astype(int)
    red, blue = layer[240, 448], layer[240, 192]
    assert red[0] > 150 and red[0] > red[2] + 100 and blue[2] > 150 and blue[2] > blue[0] + 100
    assert red[3] == blue[3] == round(255 * OverlayStyle().opacity)
    assert layer[10, 10, 3] == 0 and layer[240, 320, 3] < 10
    turned = difference_layer(compare(RIGHT, LEFT), (640, 480)).astype(int)
    assert abs(layer[..., 3] - turned[..., 3]).max() <= 2


def test_a_common_peak_makes_two_differences_comparable():
    weak = SaliencyMap(0.8 * LEFT.density + 0.2 * RIGHT.density, LEFT.source_size, "test")
    found = compare(LEFT, weak, SHARP)
    peak = float(compare(LEFT, RIGHT, SHARP).difference.max())
    alone = difference_layer(found, (640, 480))[..., 3]
    beside = difference_layer(found, (640, 480), peak=peak)[..., 3]
    assert 0 < beside.mean() < 0.7 * alone.mean()
    with pytest.raises(ValueError, match="is positive, not 0"):
        difference_layer(found, (640, 480), peak=0)


def test_it_is_drawn_over_the_picture_in_grey():
    pixels = photo(640, 480)
    drawn = draw_difference(pixels, compare(LEFT, RIGHT))
    assert (np.ptp(drawn[:40].astype(int), axis=2) == 0).all() and drawn[:40].std() > 20
    assert drawn.shape == pixels.shape and np.ptp(drawn[240, 448].astype(int)) > 60
