"""Areas found again in a layout that moved: pictures drawn here."""

import cv2
import numpy as np
import pytest

from salviewer.core.areas import Ellipse, Polygon, Rectangle
from salviewer.core.refinding import copied, find_again

WIDTH, HEIGHT = 1000, 700
BUTTON = (120, 500, 260, 80)  # x, y, w, h
PHOTO = (560, 120, 360, 300)


def page(button=BUTTON, photo=PHOTO, scale=1.0):
    pixels = np.full((HEIGHT, WIDTH, 3), 245, np.uint8)
    cv2.putText(pixels, "A headline of the page", (60, 90), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (20, 20, 20), 3)
    if button:
        x, y, w, h = button
        cv2.rectangle(pixels, (x, y), (x + w, y + h), (30, 90, 200), -1)
        cv2.putText(
            pixels, "Get tickets", (x + 30, y + 52), cv2.FONT_HERSHEY_SIMPLEX, 1.1, (255, 255, 255), 2
        )
    if photo:
        x, y, w, h = photo
        noise = np.random.default_rng(3).integers(0, 255, (h // 12, w // 12, 3), dtype=np.uint8)
        pixels[y : y + h, x : x + w] = cv2.resize(noise, (w, h), interpolation=cv2.INTER_CUBIC)
    if scale != 1:
        pixels = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return pixels


def around(x, y, w, h, name):
    return Rectangle(x / WIDTH, y / HEIGHT, (x + w) / WIDTH, (y + h) / HEIGHT, name=name)


AREAS = (around(*BUTTON, "Button"), around(*PHOTO, "Photo"))


def sides(area):
    return area.left, area.top, area.right, area.bottom


def test_what_stays_is_found_where_it_was():
    for area, found in zip(AREAS, find_again(AREAS, page(), page(scale=0.5)), strict=True):
        assert found is not None and not found.moved and found.likeness > 0.9
        assert found.area.id != area.id and sides(found.area) == sides(area)
        assert found.area.name == area.name


def test_what_moves_is_found_elsewhere():
    there = (600, 560, 260, 80)
    found, photo = find_again(AREAS, page(), page(button=there))
    assert found.moved and not photo.moved
    assert sides(found.area) == pytest.approx(sides(around(*there, "")), abs=0.006)


def test_what_is_gone_or_plain_is_not_found():
    plain = Rectangle(0.02, 0.4, 0.1, 0.5, name="Ground")
    found = find_again((*AREAS, plain), page(), page(button=None))
    assert found[0] is None and found[1] is not None and found[2] is None


def test_what_is_elsewhere_twice_is_not_guessed_but_may_stay():
    x, y, w, h = BUTTON
    twice = page(button=(600, 560, 260, 80))
    twice[580 : 581 + h, 60 : 61 + w] = page()[y : y + h + 1, x : x + w + 1]
    assert find_again(AREAS[:1], page(), twice) == (None,)
    stays = page(button=(600, 560, 260, 80))
    stays[y : y + h + 1, x : x + w + 1] = page()[y : y + h + 1, x : x + w + 1]
    found = find_again(AREAS[:1], page(), stays)[0]
    assert found is not None and not found.moved


def test_other_shapes_move_along():
    there = (500, 80, 360, 300)
    circle = Ellipse(0.74, 0.385, 0.18, 0.21, name="Circle")
    corner = Polygon(((0.56, 0.18), (0.92, 0.18), (0.74, 0.6)), name="Corner")
    round_, pointed = find_again((circle, corner), page(), page(photo=there))
    assert round_.area.x == pytest.approx(0.68, abs=0.006)
    assert round_.area.radius_y == pytest.approx(0.21, abs=0.004)
    assert np.array(pointed.area.points) == pytest.approx(
        np.array(corner.points) + np.array([-0.06, -40 / HEIGHT]), abs=0.006
    )


def test_a_picture_of_another_height_is_matched_at_equal_width():
    longer = np.vstack([np.full((300, WIDTH, 3), 245, np.uint8), page()])
    found = find_again(AREAS[:1], page(), longer)[0]
    assert found.moved
    x, y, w, h = BUTTON
    assert sides(found.area) == pytest.approx(
        (x / 1000, (y + 300) / 1000, (x + w) / 1000, (y + h + 300) / 1000), abs=0.006
    )


def test_copies_have_ids_of_their_own():
    fresh = copied(AREAS)
    assert [sides(area) for area in fresh] == [sides(area) for area in AREAS]
    assert not {area.id for area in fresh} & {area.id for area in AREAS}
