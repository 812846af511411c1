"""Labels are in the right place, whole or clipped, and legible."""

import numpy as np
import pytest

import salviewer.media  # noqa: F401  hands core its text renderer
from salviewer.core.text_drawing import DARK, label_size, put_label, put_lines


def changed(pixels):
    rows, columns = np.nonzero((pixels != 200).any(axis=2))
    return columns.min(), columns.max() + 1, rows.min(), rows.max() + 1


@pytest.mark.parametrize("height", [8, 15, 40])
@pytest.mark.parametrize("text", ["7", "50%", "100%"])
def test_a_label_is_as_large_as_it_says_centred_and_bright_on_dark(text, height):
    pixels = np.full((200, 400, 3), 200, np.uint8)
    put_label(pixels, text, (190.5, 90.0), height, (255, 220, 0))
    left, right, top, bottom = changed(pixels)
    width, tall = label_size(text, height)
    assert right - left == pytest.approx(width, abs=5) and bottom - top == pytest.approx(tall, abs=5)
    assert (left + right) / 2 == pytest.approx(190.5, abs=1.5)
    assert (top + bottom) / 2 == pytest.approx(90, abs=1.5)
    letters = (pixels[..., 0] > 230).nonzero()
    assert np.ptp(letters[0]) + 1 == pytest.approx(height, abs=0.3 * height + 1)
    assert (letters[1].min() + letters[1].max()) / 2 == pytest.approx(190.5, abs=0.15 * width)
    assert (pixels == DARK).all(axis=2).any()


@pytest.mark.parametrize("centre", [(0, 0), (50, 30), (-500, 9), (25, -3), (1e6, 1e6)])
def test_what_lies_outside_is_cut_off(centre):
    pixels = np.full((30, 50, 3), 200, np.uint8)
    put_label(pixels, "99%", centre, 12, (255, 255, 255))
    assert pixels.shape == (30, 50, 3)
    assert (pixels == 200).all() == (abs(np.array(centre)).max() >= 500)


def test_lines_are_placed_to_a_fraction_of_a_pixel():
    pixels = np.zeros((20, 60, 3), np.uint8)
    put_lines(pixels, [np.array([[5, 10.25], [55, 10.25]])], (255, 255, 255), 3)
    profile = pixels[:, 30, 0].astype(float)
    assert (profile * (np.arange(20) + 0.5)).sum() / profile.sum() == pytest.approx(10.25, abs=0.1)
