"""Zoom, pan and fit, as arithmetic."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salviewer.app.state.viewport import FIT_AT_MOST, LARGEST, View

sides = st.integers(1, 30_000)
rooms = st.floats(50, 5000)
places = st.floats(0, 1)


@given(sides, sides, rooms, rooms, places, places, st.floats(0.05, 20))
def test_zooming_keeps_the_point_under_the_cursor(
    width: int, height: int, room_x: float, room_y: float, u: float, v: float, factor: float
) -> None:
    view = View.fit((width, height), (room_x, room_y))
    x, y = view.to_window(u * width, v * height)
    zoomed = view.zoomed(factor, x, y)
    if zoomed.scale * min(width, height) >= 64 and 32 <= x <= room_x - 32 and 32 <= y <= room_y - 32:
        assert zoomed.to_window(u * width, v * height) == pytest.approx((x, y), abs=1e-6 * max(x, y, 1))
    assert view.smallest <= zoomed.scale <= LARGEST


@given(sides, sides, rooms, rooms)
def test_fit_shows_the_whole_picture_in_the_middle(
    width: int, height: int, room_x: float, room_y: float
) -> None:
    view = View.fit((width, height), (room_x, room_y), 8)
    assert view.scale <= FIT_AT_MOST
    left, top = view.to_window(0, 0)
    right, bottom = view.to_window(width, height)
    assert left >= 7 and top >= 7 and right <= room_x - 7 and bottom <= room_y - 7
    assert (left + right) / 2 == pytest.approx(room_x / 2, abs=0.51)
    assert (top + bottom) / 2 == pytest.approx(room_y / 2, abs=0.51)


@given(sides, sides, st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_picture_cannot_be_lost(width: int, height: int, dx: float, dy: float) -> None:
    view = View.fit((width, height), (800, 600)).panned(dx, dy)
    left, top, right, bottom = view.visible()
    assert right > left and bottom > top


def test_a_fitted_picture_follows_the_window_and_another_keeps_its_middle() -> None:
    view = View.fit((400, 300), (800, 600), 10)
    assert view.resized((400, 300), 10) == View.fit((400, 300), (400, 300), 10)
    free = view.zoomed(3, 100, 100)
    middle = free.to_picture(400, 300)
    assert free.resized((500, 900), 10).to_picture(250, 450) == pytest.approx(middle)


def test_actual_size_is_one_device_pixel_a_picture_pixel_on_whole_pixels() -> None:
    view = View.fit((4001, 3001), (801, 601)).actual()
    assert view.scale == 1
    assert view.left == int(view.left) and view.top == int(view.top)


def test_another_screen_shows_the_same_part() -> None:
    view = View.fit((400, 300), (800, 600)).zoomed(2.5, 30, 40)
    dense = view.rescreened(2)
    assert dense.visible() == pytest.approx(view.visible())
    assert math.isclose(dense.scale, 2 * view.scale)
