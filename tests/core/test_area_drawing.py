"""Areas drawn into a picture: visible on any background, in the right place, with names and fixed colours."""

from dataclasses import replace

import numpy as np
import pytest
from maps import gaussian, photo

from salviewer.core.area_drawing import (
    COLOURS,
    area_colour,
    draw_areas,
)
from salviewer.core.area_labels import LONGEST_NAME, area_label, label_centre
from salviewer.core.areas import Ellipse, Polygon, Rectangle, measure
from salviewer.core.scene import Scene, render_scene

BOX = Rectangle(0.25, 0.25, 0.75, 0.75, name="")


@pytest.mark.parametrize("ground", [0, 128, 255])
@pytest.mark.parametrize("size", [(60, 80), (300, 400), (1500, 1000)])
def test_an_outline_has_its_colour_and_a_shadow_on_every_ground(ground, size):
    pixels = np.full((*size, 3), ground, np.uint8)
    draw_areas(pixels, [BOX])
    row = pixels[size[0] // 2].astype(int)
    at = size[1] // 4
    reach = max(4, size[1] // 80)
    near = row[at - reach : at + reach + 1]
    assert (near[:, 2] - near[:, 0]).max() > 60  # blue, which no ground is
    assert near.sum(axis=1).min() <= 0.8 * 3 * ground  # its shadow
    beside = np.delete(row, np.r_[at - reach : at + reach, 3 * at - reach : 3 * at + reach], axis=0)
    assert (beside == ground).all()


def test_lines_keep_their_share_of_a_picture_at_every_resolution():
    parts = []
    for scale in (2, 8):
        pixels = np.full((300 * scale, 400 * scale, 3), 255, np.uint8)
        draw_areas(pixels, [BOX])
        parts.append((255.0 - pixels).mean())
    assert parts[0] == pytest.approx(parts[1], rel=0.25)


def test_an_ellipse_and_a_polygon_lie_where_their_outlines_do():
    for area in (Ellipse(0.5, 0.5, 0.3, 0.4), Polygon(((0.1, 0.1), (0.9, 0.3), (0.4, 0.9)))):
        pixels = np.zeros((400, 400, 3), np.uint8)
        draw_areas(pixels, [area])
        lit = np.argwhere(np.abs(pixels.astype(int) - COLOURS[0]).sum(axis=2) < 250)[:, ::-1] / 400
        outline = area.outline()
        assert np.abs(lit.min(axis=0) - outline.min(axis=0)).max() < 0.01
        assert np.abs(lit.max(axis=0) - outline.max(axis=0)).max() < 0.01


def test_a_hue_stays_when_others_go():
    areas = [replace(BOX, hue=2), replace(BOX, hue=None), replace(BOX, hue=len(COLOURS) + 1)]
    assert [area_colour(area, place) for place, area in enumerate(areas)] == [
        COLOURS[2],
        COLOURS[1],
        COLOURS[1],
    ]
    assert area_colour(areas[0], 5) == area_colour(areas[0], 0)
    assert len(set(COLOURS)) == len(COLOURS) == 8


def test_a_label_says_name_and_share():
    assert area_label(replace(BOX, name="Logo"), 0.1234) == "Logo  12.3 %"
    assert area_label(replace(BOX, name=" two\nlines "), None) == "two lines"
    assert area_label(BOX, 0.5) == "50.0 %" and area_label(BOX, None) == ""
    long = area_label(replace(BOX, name="x" * 99), None)
    assert len(long) == LONGEST_NAME and long.endswith("…")


@pytest.mark.parametrize("at", [(0.4, 0.4), (0.0, 0.0), (0.9, 0.0), (0.0, 0.9), (0.9, 0.9)])
def test_a_label_stays_in_the_window(at):
    outline = Rectangle(*at, at[0] + 0.1, at[1] + 0.1).outline() * 500
    x, y = label_centre(outline, (120, 20), 5, (500, 500))
    assert 60 <= x <= 440 and 10 <= y <= 490
    top = outline[:, 1].min()
    assert y + 10 <= top - 5 or y - 10 >= max(top, 0) + 5


def test_names_of_other_alphabets_are_drawn():
    texts = []
    for name in ("Überschrift", "????????????", "标题"):
        pixels = np.zeros((200, 400, 3), np.uint8)
        draw_areas(pixels, [replace(BOX, name=name)])
        texts.append(pixels)
    assert not np.array_equal(texts[0], texts[1]) and not np.array_equal(texts[2], texts[1])


def test_a_scene_has_the_areas_with_their_shares_and_leaves_its_picture():
    pixels, saliency = photo(320, 240), gaussian()
    areas = (replace(BOX, name="Middle"), Ellipse(0.2, 0.2, 0.1, 0.1, name="Edge"))
    before = pixels.copy()
    expected = render_scene(pixels, saliency, Scene())
    drawn = render_scene(pixels, saliency, Scene(areas=areas))
    draw_areas(expected, areas, [score.share for score in measure(saliency, areas)])
    assert np.array_equal(drawn, expected) and np.array_equal(pixels, before)
    both = render_scene(pixels, saliency, Scene(view="side-by-side", areas=areas))
    assert np.array_equal(both[:, :320], pixels) and np.array_equal(both[:, -320:], drawn)
