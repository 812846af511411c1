"""Areas have the shares that formulas give, are cut at the border, and must not be empty."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from maps import gaussian, uniform
from scipy.special import erf

from salviewer.core.areas import Ellipse, Meter, Polygon, Rectangle, measure
from salviewer.core.postprocess import PostprocessSettings, normalised_field
from salviewer.core.saliency_map import SaliencyMap

SHARP = PostprocessSettings(sigma=0)
fraction = st.floats(0, 1)


def normal(low, high, sigma):
    """The share of a normal distribution around 0.5 between two places."""
    return (erf((high - 0.5) / sigma / 2**0.5) - erf((low - 0.5) / sigma / 2**0.5)) / 2


@given(st.tuples(fraction, fraction), st.tuples(fraction, fraction))
def test_on_an_even_map_share_is_size(xs, ys):
    (left, right), (top, bottom) = sorted(xs), sorted(ys)
    assume((right - left) * (bottom - top) > 1e-6)
    (score,) = measure(uniform(), [Rectangle(left, top, right, bottom)], SHARP)
    assert score.size == pytest.approx((right - left) * (bottom - top), rel=1e-6)
    assert score.share == pytest.approx(score.size, rel=1e-5)
    assert score.density == pytest.approx(1, rel=1e-5) and score.mean == score.peak == pytest.approx(1)


@pytest.mark.parametrize("box", [(0.3, 0.4, 0.7, 0.6), (0.123, 0.456, 0.567, 0.789), (0.5, 0.5, 1, 1)])
def test_a_rectangle_on_a_gaussian_gets_the_product_of_two_integrals(box):
    left, top, right, bottom = box
    (score,) = measure(gaussian(sigma=0.1), [Rectangle(left, top, right, bottom)])
    expected = normal(left, right, 0.1) * normal(top, bottom, 0.1 * 640 / 480)
    assert score.share == pytest.approx(expected, abs=5e-4)


@pytest.mark.parametrize("radius", [0.011, 0.1, 0.23])
def test_a_disc_on_a_gaussian_gets_what_rayleigh_says(radius):
    (score,) = measure(gaussian(sigma=0.1), [Ellipse(0.5, 0.5, radius, radius * 640 / 480)])
    assert score.share == pytest.approx(1 - np.exp(-(radius**2) / (2 * 0.1**2)), rel=5e-3)
    assert score.size == pytest.approx(np.pi * radius**2 * 640 / 480, rel=1e-6)
    assert score.density == pytest.approx(score.share / score.size)


def test_shape_of_the_map_does_not_matter():
    areas = [Rectangle(0.31, 0.27, 0.66, 0.9), Polygon(((0.2, 0.2), (0.9, 0.3), (0.4, 0.8)))]
    shares = [
        [score.share for score in measure(gaussian(shape, sigma=0.1), areas)]
        for shape in ((60, 80), (240, 320), (90, 50))
    ]
    np.testing.assert_allclose(shares[0], shares[1], atol=1e-3)
    np.testing.assert_allclose(shares[2], shares[1], atol=1e-3)


def test_a_partition_gets_everything_once_and_overlaps_get_theirs_twice():
    saliency = gaussian(at=(0.42, 0.61))
    tiles = [
        Rectangle(a, c, b, d)
        for a, b in ((0, 0.337), (0.337, 1))
        for c, d in ((0, 0.61), (0.61, 0.8), (0.8, 1))
    ]
    assert sum(score.share for score in measure(saliency, tiles)) == pytest.approx(1, abs=1e-5)
    whole = Rectangle(0, 0, 1, 1)
    both = measure(saliency, [whole, replace(whole, name="again")])
    assert [score.share for score in both] == pytest.approx([1, 1]) and [s.rank for s in both] == [1, 1]


def test_what_is_off_the_picture_is_cut_off():
    saliency = gaussian(at=(0.1, 0.2))
    over, cut = measure(saliency, [Rectangle(-0.7, -2, 0.3, 0.5), Rectangle(0, 0, 0.3, 0.5)])
    assert (over.size, over.share, over.mean) == pytest.approx((cut.size, cut.share, cut.mean))
    assert over.size == pytest.approx(0.15)


def test_ranks_follow_shares():
    areas = [Rectangle(0, 0, 0.1, 0.1), Rectangle(0.4, 0.4, 0.6, 0.6), Rectangle(0.6, 0.6, 0.8, 0.8)]
    assert [score.rank for score in measure(gaussian(), areas)] == [3, 1, 2]


def test_mean_and_peak_are_the_colour_bars():
    hot, cold = measure(
        gaussian(), [Rectangle(0.4, 0.4, 0.6, 0.6), Rectangle(0.7, 0.4, 0.9, 0.6)], PostprocessSettings()
    )
    assert hot.peak == pytest.approx(1) and 0.3 < hot.mean < 1 and cold.peak < 0.1 > cold.mean
    (fixed,) = measure(
        gaussian(), [hot.area], PostprocessSettings(sigma=0, normalise="fixed", fixed_peak=100)
    )
    density = gaussian().density
    assert fixed.peak == pytest.approx(density.max() * density.size / 100, rel=1e-5)
    assert fixed.share == hot.share and fixed.density == hot.density


def test_an_area_smaller_than_a_cell_is_scored():
    density = np.zeros((4, 4), np.float32)
    density[1, 2] = 1
    saliency = SaliencyMap(density, (40, 40), "test")
    tiny = Ellipse(0.62, 0.38, 0.001, 0.001)
    (score,) = measure(saliency, [tiny], SHARP)
    assert score.peak == 1 and score.mean == pytest.approx(1)
    assert score.density == pytest.approx(16) and score.share == pytest.approx(np.pi * 16e-6, rel=1e-6)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Rectangle(0.2, 0.2, 0.2, 0.9, name="Logo"), "'Logo' covers nothing"),
        (lambda: Rectangle(0.5, 0.2, 0.2, 0.9), "left and top come before"),
        (lambda: Rectangle(1.1, 0, 2, 1), "covers nothing of the picture"),
        (lambda: Rectangle(float("nan"), 0, 2, 1), "no number"),
        (lambda: Rectangle(0, 0, float("inf"), 1), "no number"),
        (lambda: Rectangle(0, 0, 1e9, 1), "far away"),
        (lambda: Ellipse(0.5, 0.5, 0, 0.2), "covers nothing"),
        (lambda: Ellipse(0.5, 0.5, -0.1, 0.2), "not negative"),
        (lambda: Polygon(((0, 0), (1, 1))), "three points, not 2"),
        (lambda: Polygon(((0, 0), (1, 1), (0.5, 0.5))), "covers nothing"),
    ],
)
def test_what_is_no_area_is_refused_in_a_sentence(make, said):
    with pytest.raises(ValueError, match=said):
        make()


def test_an_area_keeps_its_id_when_it_is_changed():
    first, second = Rectangle(0, 0, 1, 1), Rectangle(0, 0, 1, 1)
    assert first.id != second.id
    assert replace(first, name="Logo", left=0.2).id == first.id


def test_a_meter_measures_only_what_is_new_and_gives_the_same():
    saliency = gaussian()
    meter = Meter(saliency, normalised_field(saliency, PostprocessSettings()))
    areas = [Rectangle(0.1, 0.1, 0.4, 0.4, name="a"), Ellipse(0.5, 0.5, 0.2, 0.2)]
    assert meter.unknown(areas) == 2
    assert meter.measure(areas) == measure(saliency, areas)
    renamed = [replace(areas[0], name="b"), areas[1], Rectangle(0.6, 0.6, 0.9, 0.9)]
    assert meter.unknown(renamed) == 1
    assert meter.measure(renamed) == measure(saliency, renamed)
    assert meter.measure([]) == () and meter.unknown(renamed) == 3


@pytest.mark.parametrize("hue", [-1, 1.5, True, "red"])
def test_a_hue_is_a_whole_number(hue):
    with pytest.raises(ValueError, match="the hue of the area 'Logo' is a whole number"):
        Rectangle(0, 0, 1, 1, name="Logo", hue=hue)
