"""A scene in a file: its drawings in each arrangement; and two pictures as one."""

from dataclasses import replace

import numpy as np
import pytest

from salviewer.core.areas import Rectangle
from salviewer.core.following import Box, Tracked
from salviewer.core.hotspots import HotspotSettings
from salviewer.core.pairs import PairScene, Side, render_pair
from salviewer.core.region_drawing import COLOUR
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.scene import Arrangement, Scene, render_scene, render_without_map
from salviewer.core.views import VIEWS, view
from tests.core.maps import gaussian, photo

PIXELS = photo(320, 240)
SALIENCY = gaussian(size=(320, 240))
AREA = Rectangle(0.1, 0.1, 0.9, 0.9, name="All")


@pytest.mark.parametrize("name", VIEWS)
def test_a_plain_scene_is_its_view(name):
    expected = view(PIXELS, SALIENCY, name)
    assert np.array_equal(render_scene(PIXELS, SALIENCY, Scene(name)), expected)


@pytest.mark.parametrize("extra", [{"hotspots": HotspotSettings(2)}, {"areas": (AREA,)}])
def test_what_is_drawn_changes_the_picture_and_nothing_given(extra):
    before = PIXELS.copy()
    plain, drawn = (render_scene(PIXELS, SALIENCY, scene) for scene in (Scene(), Scene(**extra)))
    changed = (plain != drawn).any(axis=2)
    assert 0.002 < changed.mean() < 0.3
    assert np.array_equal(PIXELS, before)


def test_two_side_by_side_are_the_bare_picture_and_the_scene():
    scene = Scene("heatmap", hotspots=HotspotSettings(2), areas=(AREA,), arrangement="side")
    both = render_scene(PIXELS, SALIENCY, scene)
    assert np.array_equal(both[:, :320], PIXELS)
    assert np.array_equal(
        both[:, -320:], render_scene(PIXELS, SALIENCY, replace(scene, arrangement="single"))
    )


@pytest.mark.parametrize("divider", [0.0, 0.25, 1.0])
def test_a_swipe_parts_the_picture_at_its_divider(divider):
    scene = Scene("heatmap", arrangement="swipe", divider=divider)
    swiped, heat = (render_scene(PIXELS, SALIENCY, each) for each in (scene, Scene("heatmap")))
    at, line = round(320 * divider), 4
    assert np.array_equal(swiped[:, : max(at - line, 0)], PIXELS[:, : max(at - line, 0)])
    assert np.array_equal(swiped[:, at + line :], heat[:, at + line :])


def test_areas_lie_on_both_sides_of_a_divider_as_on_the_screen():
    plain = Scene("heatmap", arrangement="swipe", divider=0.5)
    changed = (
        render_scene(PIXELS, SALIENCY, plain) != render_scene(PIXELS, SALIENCY, replace(plain, areas=(AREA,)))
    ).any(axis=2)
    assert changed[:, :150].any() and changed[:, 170:].any()


def test_the_difference_of_a_picture_with_itself_is_the_picture_in_grey():
    side = Side(PIXELS, SALIENCY)
    shown = render_pair(side, side, PairScene("difference"))
    assert shown.shape == PIXELS.shape
    assert np.ptp(shown, axis=2).max() == 0


def test_a_difference_is_red_where_b_has_more_and_blue_where_a_does():
    left, right = gaussian(size=(320, 240), at=(0.25, 0.5)), gaussian(size=(320, 240), at=(0.75, 0.5))
    grey = np.full_like(PIXELS, 128)
    shown = render_pair(Side(grey, left), Side(grey, right), PairScene("difference")).astype(int)
    assert shown[120, 80, 2] > shown[120, 80, 0] + 50 and shown[120, 240, 0] > shown[120, 240, 2] + 50


def test_b_beside_a_has_a_s_height_and_keeps_its_shape():
    tall = Side(photo(100, 480), gaussian(size=(100, 480)))
    both = render_pair(Side(PIXELS, SALIENCY), tall, PairScene("side"))
    assert both.shape[0] == 240
    gap = both.shape[1] - 320 - 50
    assert 0 < gap < 20
    assert np.array_equal(both[:, :320], render_scene(PIXELS, SALIENCY, Scene()))


def test_b_behind_a_divider_is_framed_in_a():
    tall = Side(photo(100, 480), gaussian(size=(100, 480)))
    both = render_pair(Side(PIXELS, SALIENCY), tall, PairScene("swipe", divider=0.2))
    assert both.shape == PIXELS.shape
    assert (both[:, -20:] == 255).all()  # beside the narrower picture


@pytest.mark.parametrize("arrangement", ["single", "side", "swipe"])
def test_a_followed_region_is_drawn_over_the_view(arrangement: Arrangement) -> None:
    pixels = np.full((90, 160, 3), 90, np.uint8)
    hot = SaliencyMap(np.full((9, 16), 1 / 144, np.float32), (160, 90), "flat")
    tracked = Tracked(3, Box(0.25, 0.4, 0.5, 0.8), 0.97, ((0.1, 0.9), (0.375, 0.6)))
    plain = Scene(arrangement=arrangement)
    without, with_it = (render_scene(pixels, hot, replace(plain, region=each)) for each in (None, tracked))
    left = with_it.shape[1] - 160
    changed = (without != with_it).any(axis=2)
    edge = changed[54, left + 38 : left + 43].any() and changed[54, left + 78 : left + 83].any()
    assert edge and changed[int(0.75 * 90), left + 38 : left + 42].any()
    assert not changed[:, left + 100 :].any()
    if arrangement == "side":
        assert not changed[:, :160].any()
    bare = render_without_map(pixels, replace(plain, region=tracked))
    assert bare.shape == with_it.shape
    line = bare[54, left + 38 : left + 43].astype(int)  # antialiased yellow
    assert (line[:, 0] - line[:, 2] > 100).any() and COLOUR[0] - COLOUR[2] > 200
    assert (pixels == 90).all()
