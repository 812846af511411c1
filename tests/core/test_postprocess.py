"""Smoothing keeps the sum and is round on the picture; thresholds hide the right part; bad values fail."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter

from salviewer.core.postprocess import (
    PostprocessSettings,
    Threshold,
    normalised_field,
    postprocess,
    smooth,
    threshold_level,
)
from salviewer.core.saliency_map import SaliencyMap

RAW = PostprocessSettings(sigma=0)


def random_map(shape=(24, 32), size=(640, 480), seed=0):
    rng = np.random.default_rng(seed)
    return SaliencyMap(rng.random(shape, dtype=np.float32) ** 4, size, "test")


def impulse(shape, at):
    density = np.zeros(shape, np.float32)
    density[at] = 1
    return density


# ---- Threshold


@pytest.mark.parametrize(
    ("text", "threshold"),
    [
        ("0.3", Threshold("absolute", 0.3)),
        ("0", Threshold("absolute", 0)),
        ("1", Threshold("absolute", 1)),
        ("p75", Threshold("percentile", 75)),
        (" P7.5 ", Threshold("percentile", 7.5)),
        ("75%", Threshold("percentile", 75)),
        ("100 %", Threshold("percentile", 100)),
    ],
)
def test_threshold_parses(text, threshold):
    assert Threshold.parse(text) == threshold


@pytest.mark.parametrize(
    "text", ["", "p", "%", "hot", "p75%", "-0.1", "1.5", "75", "p101", "-1%", "nan", "pnan"]
)
def test_threshold_refuses_with_one_sentence(text):
    with pytest.raises(ValueError) as caught:
        Threshold.parse(text)
    assert "threshold" in str(caught.value) and "\n" not in str(caught.value)


def test_threshold_explains_a_bare_percentage():
    with pytest.raises(ValueError, match="p75"):
        Threshold.parse("75")


@given(st.sampled_from(["percentile", "absolute"]), st.floats(0, 1))
def test_threshold_text_round_trips(kind, share):
    threshold = Threshold(kind, share * (100 if kind == "percentile" else 1))
    assert Threshold.parse(str(threshold)) == threshold


def test_threshold_text_is_short():
    assert str(Threshold("percentile", 75)) == "p75"
    assert str(Threshold("absolute", 0.3)) == "0.3"


@pytest.mark.parametrize(
    "wrong",
    [
        {"sigma": -0.01},
        {"sigma": 0.3},
        {"sigma": math.nan},
        {"normalise": "sum"},
        {"fixed_peak": 0},
        {"fixed_peak": math.inf},
    ],
)
def test_settings_name_the_wrong_value(wrong):
    (value,) = wrong.values()
    with pytest.raises(ValueError, match=str(value)):
        PostprocessSettings(**wrong)


def test_threshold_kind_is_checked():
    with pytest.raises(ValueError, match="'top'"):
        Threshold("top", 1)


# ---- smooth


@given(
    st.integers(1, 40),
    st.integers(1, 40),
    st.floats(1e-4, 0.25),
    st.integers(1, 3000),
    st.integers(1, 3000),
    st.integers(0, 9),
)
def test_smoothing_gives_a_density_without_new_peaks(h, w, sigma, picture_w, picture_h, seed):
    density = random_map((h, w), seed=seed).density
    out = smooth(density, sigma, (picture_w, picture_h))
    assert out.shape == density.shape and out.dtype == np.float32
    assert out.min() >= 0
    assert out.sum(dtype=np.float64) == pytest.approx(1, abs=1e-6)
    assert out.max() <= density.max() * (1 + 1e-5)


def test_smoothing_agrees_with_scipy_mirrored_at_the_borders():
    density = random_map((240, 320)).density
    ours = smooth(density, 0.02, (320, 240))
    theirs = gaussian_filter(density.astype(np.float64), 6.4, mode="reflect", truncate=8)
    np.testing.assert_allclose(ours, theirs, rtol=1e-4)


def test_uniform_stays_uniform():
    flat = np.full((17, 23), 1 / (17 * 23), np.float32)
    np.testing.assert_allclose(smooth(flat, 0.1, (400, 300)), flat, rtol=1e-5)


def test_no_smoothing_is_the_same_array():
    density = random_map().density
    assert smooth(density, 0, (640, 480)) is density


@pytest.mark.parametrize("size", [(1600, 1200), (1000, 3000), (3000, 1000)])
def test_the_spot_is_round_on_the_picture(size):
    shape = (240, 320)
    out = smooth(impulse(shape, (120, 160)), 0.03, size).astype(np.float64)
    y, x = np.mgrid[: shape[0], : shape[1]]
    spread_x = np.sqrt((out * (x - 160) ** 2).sum()) * size[0] / shape[1]
    spread_y = np.sqrt((out * (y - 120) ** 2).sum()) * size[1] / shape[0]
    assert spread_x == pytest.approx(0.03 * size[0], rel=0.01)
    assert spread_y == pytest.approx(0.03 * size[0], rel=0.01)


def test_a_very_long_picture_is_flat_across_and_spread_along():
    out = smooth(impulse((24, 32), (3, 5)), 0.02, (30000, 10))
    assert np.ptp(out, axis=0).max() < 1e-6
    assert out.argmax() % 32 == 5


def test_smoothing_refuses_a_negative_sigma():
    with pytest.raises(ValueError, match=r"-0\.1"):
        smooth(random_map().density, -0.1, (4, 3))


# ---- normalise and threshold


def test_threshold_zero_leaves_everything():
    saliency = random_map()
    expected = saliency.density / saliency.density.max()
    for threshold in (Threshold("percentile", 0), Threshold("absolute", 0)):
        np.testing.assert_array_equal(postprocess(saliency, PostprocessSettings(0, threshold)), expected)


@pytest.mark.parametrize("percent", [1, 25, 50, 75, 99, 100])
def test_a_percentile_hides_that_share_of_the_cells(percent):
    field = postprocess(random_map(), PostprocessSettings(0, Threshold("percentile", percent)))
    assert (field == 0).sum() == round(percent / 100 * field.size)


def test_what_is_hidden_is_the_coldest_and_the_rest_is_unchanged():
    saliency = random_map()
    full = postprocess(saliency, RAW)
    part = postprocess(saliency, PostprocessSettings(0, Threshold("percentile", 60)))
    assert full[part == 0].max() < full[part > 0].min()
    np.testing.assert_array_equal(part[part > 0], full[part > 0])


def test_an_absolute_threshold_cuts_at_its_value():
    field = postprocess(random_map(), PostprocessSettings(0, Threshold("absolute", 0.4)))
    assert field[field > 0].min() >= 0.4 and field.max() == 1


def test_a_plateau_is_not_cut():
    field = np.array([[0, 1, 1, 1]], np.float32)
    assert threshold_level(field, Threshold("percentile", 50)) == 1


def test_peak_normalisation_does_not_depend_on_contrast_but_fixed_does():
    flat, sharp = (SaliencyMap(np.array([[1, 1, 1, a]], np.float32), (4, 1), "test") for a in (2, 97))
    assert normalised_field(flat, RAW).max() == normalised_field(sharp, RAW).max() == 1
    fixed = PostprocessSettings(0, normalise="fixed", fixed_peak=4)
    np.testing.assert_allclose(normalised_field(flat, fixed), [[0.2, 0.2, 0.2, 0.4]], rtol=1e-6)
    np.testing.assert_allclose(normalised_field(sharp, fixed), [[0.01, 0.01, 0.01, 0.97]], rtol=1e-6)


def test_fixed_normalisation_is_clipped():
    spot = SaliencyMap(impulse((30, 30), (4, 4)), (30, 30), "test")
    assert normalised_field(spot, PostprocessSettings(0, normalise="fixed")).max() == 1


def test_the_input_is_not_changed():
    saliency = random_map()
    before = saliency.density.copy()
    postprocess(saliency, PostprocessSettings(0.05, Threshold("percentile", 80)))
    np.testing.assert_array_equal(saliency.density, before)
