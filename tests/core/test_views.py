"""Every view draws its content at the picture's size, and does not change the picture."""

import tracemalloc

import numpy as np
import pytest
from cmap import Colormap
from hypothesis import given, settings
from hypothesis import strategies as st
from maps import gaussian, photo, uniform

from salviewer.core.focus import focus_layer
from salviewer.core.postprocess import PostprocessSettings, Threshold
from salviewer.core.render import COLORMAPS, OverlayStyle, heat_layer, layer_size, render
from salviewer.core.views import VIEWS, heatmap, heatmap_layer, side_by_side, view

SHARP = PostprocessSettings(sigma=0)
STYLE = OverlayStyle()


@given(
    st.sampled_from(tuple(VIEWS)),
    st.tuples(st.integers(1, 70), st.integers(1, 70)),
    st.sampled_from(["0", "0.5", "p60", "p100"]),
    st.sampled_from([OverlayStyle(), OverlayStyle("magma", 1, 0.5, 0), OverlayStyle(opacity=0)]),
)
@settings(max_examples=60)
def test_any_view_of_any_small_picture(name, size, threshold, style):
    pixels = photo(*size)
    before = pixels.copy()
    post = PostprocessSettings(threshold=Threshold.parse(threshold))
    seen = view(pixels, gaussian((9, 7), size), name, post, style)
    assert seen.dtype == np.uint8 and seen.shape[0] == size[1] and seen.shape[2] == 3
    assert seen.shape[1] == size[0] or (name == "side-by-side" and seen.shape[1] > 2 * size[0])
    assert not np.shares_memory(seen, pixels)
    np.testing.assert_array_equal(pixels, before)


def test_the_default_is_the_overlay_and_other_names_are_refused():
    pixels = photo(64, 48)
    np.testing.assert_array_equal(view(pixels, gaussian()), render(pixels, gaussian()))
    with pytest.raises(ValueError, match=r"one of overlay, heatmap, .* not 'fog'"):
        view(pixels, gaussian(), "fog")


# ---- heatmap alone


@pytest.mark.parametrize("name", COLORMAPS)
def test_the_heatmap_goes_from_the_colormaps_cold_end_to_its_hot_end(name):
    seen = heatmap(gaussian(), SHARP, OverlayStyle(colormap=name, opacity=0.1)).astype(int)
    ends = np.rint(Colormap(name).lut(256)[[0, -1], :3] * 255)
    assert seen.shape == (480, 640, 3)
    assert abs(seen[0, 0] - ends[0]).max() <= 2 and abs(seen[240, 320] - ends[1]).max() <= 3


def test_what_the_threshold_hides_is_as_cold_as_the_coldest():
    seen = heatmap_layer(gaussian(), PostprocessSettings(0, Threshold("absolute", 0.5)), STYLE)
    cold = (seen == seen[0, 0]).all(axis=2)
    disc = np.pi * 0.08**2 * 2 * np.log(2) * 640 / 480
    assert (~cold).mean() == pytest.approx(disc, rel=0.02)


@pytest.mark.parametrize("size", [(32, 24), (640, 480), (2000, 900)])
def test_the_heatmap_comes_in_any_size(size):
    seen = heatmap(gaussian(), SHARP, STYLE, size)
    assert seen.shape == (size[1], size[0], 3)
    hottest = seen[size[1] // 2, size[0] // 2]
    assert abs(hottest.astype(int) - heatmap(gaussian(), SHARP, STYLE)[240, 320]).max() <= 45


# ---- focus


def test_focus_is_clear_where_attention_goes_and_dark_dull_and_blurred_elsewhere():
    pixels = photo(640, 480)
    seen = view(pixels, gaussian(), "focus", SHARP, OverlayStyle(opacity=0.75, fade=0.5))
    np.testing.assert_array_equal(seen[230:250, 310:330], pixels[230:250, 310:330])
    fog, clear = seen[:100].astype(float), pixels[:100].astype(float)
    assert fog.mean() < 0.5 * clear.mean()
    assert np.ptp(fog, axis=2).mean() < 0.1 * np.ptp(clear, axis=2).mean()
    assert abs(np.diff(fog, axis=1)).mean() < 0.1 * abs(np.diff(clear, axis=1)).mean()


def test_focus_is_clear_where_the_heatmap_is_opaque():
    post = PostprocessSettings(0, Threshold("absolute", 0.2))
    pixels = photo(640, 480)
    fog = focus_layer(pixels, gaussian(), post, STYLE)[..., 3].astype(int)
    heat = heat_layer(gaussian(), post, OverlayStyle(opacity=1))[..., 3].astype(int)
    assert abs(fog + heat - 255).max() <= 1


def test_the_fog_thickens_with_opacity_and_is_none_at_zero():
    pixels = photo(640, 480)
    light = [
        view(pixels, gaussian(), "focus", SHARP, OverlayStyle(opacity=opacity))[:100].mean()
        for opacity in (0, 0.2, 0.4, 0.75, 1)
    ]
    assert light == sorted(light, reverse=True) and light[0] == pixels[:100].mean()
    assert light[-1] < 0.35 * light[0]
    np.testing.assert_array_equal(view(pixels, gaussian(), "focus", style=OverlayStyle(opacity=0)), pixels)


def test_an_even_map_leaves_no_fog_and_a_full_threshold_only_fog():
    pixels = photo(300, 200)
    np.testing.assert_array_equal(view(pixels, uniform(size=(300, 200)), "focus"), pixels)
    everything = PostprocessSettings(threshold=Threshold("percentile", 100))
    assert (focus_layer(pixels, uniform(size=(300, 200)), everything, STYLE)[..., 3] == 255).all()


def test_the_layer_is_small_whatever_the_picture():
    pixels = np.zeros((4000, 6000, 3), np.uint8)
    saliency = gaussian(size=(6000, 4000))
    assert focus_layer(pixels, saliency, SHARP, STYLE).shape[:2] == (640, 960)
    assert layer_size(saliency.density.shape, (6000, 4000)) == (960, 640)


@pytest.mark.parametrize("name", ["focus", "contours", "heatmap"])
def test_memory_beside_the_result_is_bounded(name):
    pixels = np.zeros((4000, 6000, 3), np.uint8)
    saliency = gaussian(size=(6000, 4000))
    tracemalloc.start()  # numpy's arrays, and with them all that OpenCV returns
    try:
        view(pixels, saliency, name)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < pixels.nbytes + 64 * 2**20


# ---- side by side


def test_side_by_side_is_the_picture_a_gap_and_the_overlay():
    pixels = photo(640, 480)
    seen = view(pixels, gaussian(), "side-by-side")
    np.testing.assert_array_equal(seen[:, :640], pixels)
    np.testing.assert_array_equal(seen[:, -640:], render(pixels, gaussian()))
    gap = seen[:, 640:-640]
    assert 5 <= gap.shape[1] <= 20 and (gap == 255).all()


def test_side_by_side_needs_one_height():
    with pytest.raises(ValueError, match="one height, not 10 and 12"):
        side_by_side(photo(8, 10), photo(8, 12))
