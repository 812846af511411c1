"""What a picture suggests by itself: pages drawn here."""

import cv2
import numpy as np
import pytest

from salviewer.core.area_shapes import Guides, enclosing, halved
from salviewer.core.areas import Ellipse, Rectangle
from salviewer.core.suggesting import TextLine, suggest
from tests.core.maps import gaussian

WIDTH, HEIGHT = 800, 600


def line(x, y, w, h, text):
    return TextLine(x / WIDTH, y / HEIGHT, (x + w) / WIDTH, (y + h) / HEIGHT, text)


def page():
    pixels = np.full((HEIGHT, WIDTH, 3), 245, np.uint8)
    cv2.rectangle(pixels, (100, 400), (299, 459), (200, 80, 30), -1)
    return pixels


LINES = (
    line(100, 60, 500, 70, "A large headline"),
    line(100, 200, 300, 22, "First line of a text"),
    line(100, 228, 280, 22, "and its second one"),
    line(150, 418, 100, 24, "Buy now"),
    line(500, 420, 120, 22, "no button"),
)


def test_a_button_has_the_box_that_it_stands_on():
    (button, *_rest) = suggest(page(), None, LINES)
    assert (button.kind, button.text) == ("button", "Buy now")
    sides = np.array([button.area.left, button.area.top, button.area.right, button.area.bottom])
    assert sides * (WIDTH, HEIGHT, WIDTH, HEIGHT) == pytest.approx([100, 400, 300, 460], abs=1)


def test_lines_make_blocks_and_the_largest_is_the_headline():
    found = {(one.kind, one.text) for one in suggest(page(), None, LINES)}
    assert found == {
        ("button", "Buy now"),
        ("headline", "A large headline"),
        ("text", "First line of a text and its second one"),
        ("text", "no button"),
    }


def test_hot_places_are_regions_unless_texts_cover_them():
    saliency = gaussian(size=(WIDTH, HEIGHT), at=(0.8, 0.3))
    (region,) = suggest(page(), saliency, ())
    assert region.kind == "region" and region.area.left < 0.8 < region.area.right
    cover = TextLine(0.6, 0.05, 1.0, 0.6, "x")
    assert [one.kind for one in suggest(page(), saliency, (cover,))] == ["text"]


def test_nothing_is_suggested_of_nothing_and_never_too_much():
    assert suggest(page(), None, ()) == ()
    many = [line(10 + 90 * (i % 8), 10 + 40 * (i // 8), 40, 12, str(i)) for i in range(80)]
    assert len(suggest(page(), None, many)) == 40


def test_a_picture_that_cannot_be_written_to_is_not():
    pixels = page()
    pixels.flags.writeable = False
    assert suggest(pixels, None, LINES)


def test_rectangles_are_cut_across_their_longer_side_on_the_picture():
    area = Rectangle(0.2, 0.2, 0.6, 0.8, name="Box", id="1", hue=3)
    first, second = halved(area, 2.0, 5)
    assert (first.right, second.left, first.id, first.hue, second.hue) == (0.4, 0.4, "1", 3, 5)
    first, second = halved(area, 1.0, 5)
    assert first.bottom == second.top == 0.5 and second.name == "Box 2"
    assert enclosing([area, Ellipse(0.8, 0.5, 0.1, 0.4)]) == pytest.approx((0.2, 0.1, 0.9, 0.9))


def test_edges_snap_to_other_edges_and_to_the_picture_within_reach():
    guides = Guides.of([Rectangle(0.3, 0.3, 0.7, 0.6)], (0.02, 0.01))
    assert guides.point((0.31, 0.595)) == pytest.approx((0.3, 0.6))
    assert guides.point((0.33, 0.58)) == (0.33, 0.58)
    assert guides.move((0.11, 0.2, 0.29, 0.4)) == pytest.approx((0.01, 0.0))
    assert Guides().point((0.3, 0.3)) == (0.3, 0.3)


def test_faces_are_suggested_and_a_hot_face_is_no_region_as_well():
    face = Rectangle(0.3, 0.2, 0.7, 0.8)
    hot = gaussian(size=(WIDTH, HEIGHT))
    kinds = [one.kind for one in suggest(page(), hot, (), (face,))]
    assert kinds == ["face"] and [one.kind for one in suggest(page(), hot, ())] == ["region"]
