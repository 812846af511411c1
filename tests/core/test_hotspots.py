"""Hotspots come hottest first, count no attention twice, and do not depend on the map's shape."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from maps import gaussian, photo, uniform

from salviewer.core.gaze import draw_hotspots
from salviewer.core.hotspots import Hotspot, HotspotSettings, find_hotspots
from salviewer.core.postprocess import PostprocessSettings
from salviewer.core.saliency_map import SaliencyMap

SHARP = PostprocessSettings(sigma=0)


def mixture(*spots, shape=(120, 160), size=(640, 480)):
    """Gaussians (x, y, mass) of standard deviation 0.02 of the width."""
    density = sum(mass * gaussian(shape, size, (x, y), 0.02).density for x, y, mass in spots)
    return SaliencyMap(density, size, "test")


def places(hotspots):
    return np.array([(spot.x, spot.y) for spot in hotspots])


def test_the_order_the_places_and_the_shares_of_three_spots():
    saliency = mixture((0.25, 0.25, 0.5), (0.75, 0.75, 0.3), (0.75, 0.25, 0.2))
    found = find_hotspots(saliency, HotspotSettings(3, 0.05), SHARP)
    assert [spot.number for spot in found] == [1, 2, 3]
    np.testing.assert_allclose(places(found), [(160, 120), (480, 360), (480, 120)], atol=3)
    within = 1 - np.exp(-(0.05**2) / (2 * 0.02**2))
    assert [spot.share for spot in found] == pytest.approx(np.array([0.5, 0.3, 0.2]) * within, abs=0.005)
    assert [spot.peak for spot in found] == pytest.approx([1, 0.6, 0.4], abs=0.01)


def test_the_shoulder_of_a_spot_is_not_the_next_one():
    saliency = mixture((0.3, 0.5, 0.9), (0.7, 0.5, 0.1))
    found = find_hotspots(saliency, HotspotSettings(2, 0.04), SHARP)
    np.testing.assert_allclose(places(found), [(192, 240), (448, 240)], atol=3)


@given(
    hnp.arrays(
        np.float32, hnp.array_shapes(min_dims=2, max_dims=2, max_side=16), elements=st.floats(0, 1, width=32)
    ),
    st.tuples(st.integers(1, 900), st.integers(1, 900)),
    st.integers(1, 12),
    st.floats(0.005, 0.5),
    st.sampled_from([0.0, 0.02]),
)
@settings(max_examples=150)
def test_any_map(density, size, count, radius, sigma):
    saliency = SaliencyMap(density, size, "test")
    post = PostprocessSettings(sigma=sigma)
    found = find_hotspots(saliency, HotspotSettings(count, radius), post)
    assert 1 <= len(found) <= count
    assert found[0].peak == pytest.approx(1)
    assert all(spot.share >= 0 for spot in found) and sum(spot.share for spot in found) <= 1 + 1e-5
    peaks = [spot.peak for spot in found]
    assert peaks == sorted(peaks, reverse=True)
    assert ((places(found) >= 0) & (places(found) <= size)).all()
    gaps = np.hypot(*(places(found)[:, None] - places(found)).transpose(2, 0, 1)) + 1e9 * np.eye(len(found))
    assert gaps.min() >= radius * size[0] - 1e-6
    assert find_hotspots(saliency, HotspotSettings(count, radius), post) == found
    more = find_hotspots(saliency, HotspotSettings(count + 3, radius), post)
    assert more[: len(found)] == found


def test_a_disc_is_round_on_the_picture_whatever_the_maps_shape():
    """Two spots, one above the other, nearer than a radius in one picture and farther in another."""
    density = np.zeros((40, 40), np.float32)
    density[10, 20], density[20, 20] = 1, 0.9
    for height, expected in ((100, 1), (1000, 2)):  # apart by 25 and by 250 pixels
        saliency = SaliencyMap(density, (1000, height), "test")
        assert len(find_hotspots(saliency, HotspotSettings(9, 0.05), SHARP)) == expected


def test_equal_places_are_visited_from_the_centre_then_from_the_top_left():
    assert places(find_hotspots(uniform(), HotspotSettings(1)))[0] == pytest.approx([310, 230])
    corners = mixture(*((x, y, 1) for x in (0.25, 0.75) for y in (0.25, 0.75)))
    expected = [(160, 120), (480, 120), (160, 360), (480, 360)]
    for post in (SHARP, PostprocessSettings()):
        np.testing.assert_allclose(places(find_hotspots(corners, HotspotSettings(4), post)), expected, atol=3)


def test_mirrored_maps_have_mirrored_hotspots():
    saliency = mixture((0.2, 0.3, 0.5), (0.6, 0.7, 0.3), (0.8, 0.2, 0.2))
    mirrored = SaliencyMap(saliency.density[:, ::-1], (640, 480), "test")
    found, turned = find_hotspots(saliency), find_hotspots(mirrored)
    np.testing.assert_allclose(places(found)[:3], [(640, 0)] + places(turned)[:3] * (-1, 1), atol=1e-6)
    assert [s.share for s in found[:3]] == pytest.approx([s.share for s in turned[:3]], abs=1e-5)


def test_resolution_of_map_and_picture_do_not_matter():
    spots = ((0.21, 0.33, 0.5), (0.64, 0.72, 0.3), (0.83, 0.25, 0.2))
    small = find_hotspots(mixture(*spots, shape=(90, 120)), HotspotSettings(3))
    large = find_hotspots(mixture(*spots, shape=(240, 320), size=(6400, 4800)), HotspotSettings(3))
    np.testing.assert_allclose(places(small) * 10, places(large), atol=30)
    assert [s.share for s in small] == pytest.approx([s.share for s in large], abs=0.01)


def test_it_stops_at_a_share():
    saliency = mixture((0.25, 0.25, 0.5), (0.75, 0.75, 0.3), (0.75, 0.25, 0.2))
    for share, expected in ((0.3, 1), (0.5, 2), (0.75, 2), (0.9, 3)):
        assert len(find_hotspots(saliency, HotspotSettings(9, 0.08, share), SHARP)) == expected


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"count": 0}, r"1\.\.100 hotspots, not 0"),
        ({"count": 101}, "not 101"),
        ({"radius": 0.6}, "of the picture's width, not 0.6"),
        ({"radius": float("nan")}, "not nan"),
        ({"share": 0}, "up to 1, not 0"),
    ],
)
def test_settings_name_the_wrong_value(wrong, said):
    with pytest.raises(ValueError, match=said):
        HotspotSettings(**wrong)


# ---- drawn


def test_rings_and_path_lie_where_the_hotspots_are():
    spots = [Hotspot(1, 160, 240, 0.5, 1), Hotspot(2, 480, 240, 0.3, 0.5)]
    pixels = np.full((480, 640, 3), 128, np.uint8)
    draw_hotspots(pixels, spots, 0.07, path=False)
    changed = (pixels != 128).any(axis=2)
    assert changed[240, 160 - 45] and changed[240, 160 + 45] and changed[240 - 45, 480]
    assert not changed[238, 157]  # no label hides the hotspot
    assert not changed[240, 330:420].any() and not changed[240 - 30, 160]
    draw_hotspots(pixels, spots, 0.07)
    assert (pixels[240, 210:430] != 128).any(axis=1).all() and not (pixels[:180] != 128).any()


def test_part_of_a_picture_can_be_drawn_on():
    whole = photo(300, 100)
    alone = np.ascontiguousarray(whole[:, 150:])
    before = whole[:, :150].copy()
    spots = [Hotspot(1, 30, 40, 0.5, 1), Hotspot(2, 149, 99, 0.2, 0.4)]
    draw_hotspots(whole[:, 150:], spots, 0.1)
    draw_hotspots(alone, spots, 0.1)
    np.testing.assert_array_equal(whole[:, 150:], alone)
    np.testing.assert_array_equal(whole[:, :150], before)
    assert (alone != photo(300, 100)[:, 150:]).any()


@pytest.mark.parametrize("size", [(1, 1), (3, 40), (30_000, 12)])
def test_odd_pictures(size):
    pixels = photo(*size)
    draw_hotspots(pixels, find_hotspots(gaussian(size=size)), 0.07)
