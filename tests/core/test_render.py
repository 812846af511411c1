"""The overlay shows the picture where it is cold, colour where it is hot, and is the same everywhere."""

import cmap
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from salviewer.core import render as render_module
from salviewer.core.postprocess import PostprocessSettings, Threshold
from salviewer.core.render import COLORMAPS, OverlayStyle, heat_layer, layer_size, overlay, render
from salviewer.core.saliency_map import SaliencyMap

SHARP = PostprocessSettings(sigma=0)


def spot(shape=(24, 32), size=(640, 480), at=(8, 20), sigma=2.5):
    y, x = np.mgrid[: shape[0], : shape[1]]
    field = np.exp(-((y - at[0]) ** 2 + (x - at[1]) ** 2) / (2 * sigma**2))
    return SaliencyMap(field.astype(np.float32), size, "test")


def photo(width, height, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def luminance(rgb):
    return np.asarray(rgb, float) @ (0.2126, 0.7152, 0.0722)


# ---- style


def test_every_colormap_exists_and_uniform_ones_come_first():
    for name in COLORMAPS:
        assert cmap.Colormap(name).lut(256).shape == (256, 4)
    assert 8 <= len(COLORMAPS) == len(set(COLORMAPS))
    assert COLORMAPS.index("viridis") < COLORMAPS.index("turbo") < COLORMAPS.index("jet")
    assert OverlayStyle().colormap in COLORMAPS


@pytest.mark.parametrize(
    "wrong",
    [{"colormap": "no_such"}, {"opacity": 1.2}, {"opacity": float("nan")}, {"gamma": 0.1}, {"fade": -1}],
)
def test_style_names_the_wrong_value(wrong):
    (value,) = wrong.values()
    with pytest.raises(ValueError, match=str(value)):
        OverlayStyle(**wrong)


# ---- layer


@pytest.mark.parametrize(
    ("shape", "size", "expected"),
    [
        ((240, 320), (6000, 4000), (960, 640)),
        ((240, 320), (3000, 4000), (720, 960)),
        ((240, 320), (800, 600), (800, 600)),
        ((240, 320), (1, 1), (320, 240)),
        ((240, 320), (30000, 10), (960, 240)),
        ((1, 1), (1, 1), (1, 1)),
        ((1080, 1920), (6000, 4000), (1920, 1080)),
    ],
)
def test_layer_size(shape, size, expected):
    assert layer_size(shape, size) == expected


@pytest.mark.parametrize("name", COLORMAPS)
def test_hot_is_vivid_and_cold_is_clear(name):
    layer = heat_layer(spot(), SHARP, OverlayStyle(colormap=name, opacity=1))
    hot = layer[round(8.5 / 24 * 480), round(20.5 / 32 * 640)]
    assert hot[3] >= 250
    assert layer[-1, 0, 3] == 0
    assert np.ptp(hot[:3].astype(int)) >= 60 or luminance(hot[:3]) > 200


@pytest.mark.parametrize("name", COLORMAPS)
def test_no_colour_is_dark_enough_to_veil_the_picture(name):
    layer = heat_layer(spot(), SHARP, OverlayStyle(colormap=name))
    linear = (layer[layer[..., 3] > 0][:, :3] / 255.0) ** 2.2
    assert luminance(linear).min() > 0.09


def test_alpha_rises_with_the_field_and_is_scaled_by_opacity():
    ramp = SaliencyMap(np.linspace(0, 1, 64, dtype=np.float32)[None], (640, 10), "test")
    full = heat_layer(ramp, SHARP, OverlayStyle(opacity=1, fade=0.5))[0, :, 3].astype(int)
    half = heat_layer(ramp, SHARP, OverlayStyle(opacity=0.5, fade=0.5))[0, :, 3].astype(int)
    assert (np.diff(full) >= 0).all() and full[0] == 0 and full[-1] == 255
    assert abs(full - 2 * half).max() <= 1
    quarter = full[160]
    assert quarter == pytest.approx(255 * 0.5, abs=8)  # smoothstep(0.25 / 0.5)


def test_gamma_lifts_and_lowers_weak_spots():
    shown = [heat_layer(spot(), SHARP, OverlayStyle(gamma=g))[..., 3].sum(dtype=int) for g in (0.5, 1, 2)]
    assert shown[0] > shown[1] > shown[2]


def test_the_layer_has_no_blocks():
    """One cell spans 20 layer pixels: the largest step between neighbours stays near the smooth slope."""
    alpha = heat_layer(spot(), SHARP, OverlayStyle(opacity=1, fade=0.5))[..., 3].astype(int)
    assert abs(np.diff(alpha, axis=1)).max() <= 12


def test_a_threshold_edge_is_sharp_and_hides_the_cold_side():
    style = OverlayStyle(opacity=1, fade=0.2)
    alpha = heat_layer(spot(), PostprocessSettings(0, Threshold("absolute", 0.5)), style)[..., 3].astype(int)
    row = alpha[170]
    assert set(np.unique(row)) >= {0, 255}
    assert ((row > 0) & (row < 255)).sum() <= 4
    radius = 2.5 * np.sqrt(2 * np.log(2)) * 20
    assert (row == 255).sum() == pytest.approx(2 * radius, abs=4)


@pytest.mark.parametrize("threshold", [Threshold("percentile", 100), Threshold("percentile", 75)])
@pytest.mark.parametrize("fade", [0.0, 0.5])
def test_what_the_threshold_hides_is_not_painted(threshold, fade):
    layer = heat_layer(spot(sigma=8), PostprocessSettings(0, threshold), OverlayStyle(fade=fade))
    shown = (layer[..., 3] > 0).mean()
    assert shown == pytest.approx(1 - threshold.value / 100, abs=0.02)


@given(
    hnp.arrays(
        np.float32, hnp.array_shapes(min_dims=2, max_dims=2, max_side=12), elements=st.floats(0, 1, width=32)
    ),
    st.tuples(st.integers(1, 60), st.integers(1, 60)),
    st.sampled_from([0.0, 0.02, 0.25]),
    st.sampled_from(["0", "0.5", "1", "p50", "p100"]),
)
@settings(max_examples=60)
def test_any_map_over_any_small_picture(density, size, sigma, threshold):
    saliency = SaliencyMap(density, size, "test")
    post = PostprocessSettings(sigma, Threshold.parse(threshold))
    layer = heat_layer(saliency, post, OverlayStyle())
    width, height = layer_size(density.shape, size)
    assert layer.shape == (height, width, 4) and layer.dtype == np.uint8
    out = render(photo(*size), saliency, post)
    assert out.shape == (size[1], size[0], 3) and out.dtype == np.uint8


# ---- overlay


def reference_overlay(pixels, layer):
    """Premultiplied bilinear blend in float64, the obvious way; no layer larger than the picture."""

    def taps(n, m):
        centre = np.clip((np.arange(n) + 0.5) * m / n - 0.5, 0, m - 1)
        low = np.floor(centre).astype(int)
        return low, np.minimum(low + 1, m - 1), centre - low

    alpha = layer[..., 3:] / 255
    ink = np.concatenate([layer[..., :3] * alpha, alpha], axis=2)
    a, b, f = taps(pixels.shape[0], layer.shape[0])
    ink = ink[a] + (ink[b] - ink[a]) * f[:, None, None]
    a, b, f = taps(pixels.shape[1], layer.shape[1])
    ink = ink[:, a] + (ink[:, b] - ink[:, a]) * f[:, None]
    return pixels * (1 - ink[..., 3:]) + ink[..., :3]


@pytest.mark.parametrize("size", [(64, 48), (640, 480), (333, 1001), (1000, 7)])
def test_overlay_is_the_premultiplied_bilinear_blend(size):
    pixels = photo(*size)
    layer = np.random.default_rng(1).integers(0, 256, (min(40, size[1]), min(64, size[0]), 4), dtype=np.uint8)
    error = overlay(pixels, layer) - reference_overlay(pixels, layer)
    assert abs(error).max() <= 3  # rounded to whole levels four times: ink, down, across, blend
    assert abs(error.mean()) < 0.25


def test_a_pixel_under_alpha_zero_keeps_its_value_whatever_colour_lies_there():
    pixels = photo(300, 200)
    layer = np.full((50, 75, 4), 255, np.uint8)
    layer[..., 3] = 0
    np.testing.assert_array_equal(overlay(pixels, layer), pixels)


def test_opacity_zero_is_the_picture():
    pixels = photo(300, 200)
    np.testing.assert_array_equal(render(pixels, spot(), style=OverlayStyle(opacity=0)), pixels)


def test_an_opaque_layer_replaces_the_picture():
    layer = np.zeros((3, 4, 4), np.uint8)
    layer[:] = (200, 100, 50, 255)
    assert (overlay(photo(90, 70), layer) == (200, 100, 50)).all()


def test_strips_cannot_be_seen(monkeypatch):
    pixels, saliency = photo(700, 531), spot(size=(700, 531))
    whole = render(pixels, saliency)
    for strip_pixels in (1, 700 * 7, 10**9):
        monkeypatch.setattr(render_module, "_STRIP_PIXELS", strip_pixels)
        np.testing.assert_array_equal(render(pixels, saliency), whole)


def test_a_layer_larger_than_the_picture_is_averaged():
    layer = np.zeros((100, 100, 4), np.uint8)
    layer[:, :50] = (255, 255, 255, 255)
    out = overlay(np.zeros((1, 1, 3), np.uint8), layer)
    assert out[0, 0, 0] == pytest.approx(127.5, abs=1)


def test_read_only_and_mirrored_pictures_work():
    pixels = photo(30, 20)
    pixels.setflags(write=False)
    saliency = spot(size=(30, 20))
    out = render(pixels, saliency)
    mirrored = render(
        np.ascontiguousarray(pixels)[:, ::-1], SaliencyMap(saliency.density[:, ::-1], (30, 20), "m")
    )
    assert abs(mirrored[:, ::-1].astype(int) - out).max() <= 2


@pytest.mark.parametrize(
    ("pixels", "layer"),
    [
        (np.zeros((4, 4), np.uint8), np.zeros((4, 4, 4), np.uint8)),
        (np.zeros((4, 4, 3), np.float32), np.zeros((4, 4, 4), np.uint8)),
        (np.zeros((0, 4, 3), np.uint8), np.zeros((4, 4, 4), np.uint8)),
        (np.zeros((4, 4, 3), np.uint8), np.zeros((4, 4, 3), np.uint8)),
    ],
)
def test_overlay_refuses_other_arrays(pixels, layer):
    with pytest.raises(ValueError, match="uint8"):
        overlay(pixels, layer)


def test_the_hot_spot_lies_where_the_map_is_hot():
    pixels = np.full((480, 640, 3), 128, np.uint8)
    changed = abs(render(pixels, spot()).astype(int) - 128).sum(axis=2)
    rows, columns = np.nonzero(changed > 60)
    assert rows.mean() == pytest.approx(8.5 / 24 * 480, abs=4)
    assert columns.mean() == pytest.approx(20.5 / 32 * 640, abs=4)


def test_render_is_deterministic():
    pixels, saliency = photo(1200, 800), spot(size=(1200, 800))
    np.testing.assert_array_equal(render(pixels, saliency), render(pixels, saliency))
