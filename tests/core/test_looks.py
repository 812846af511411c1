"""Predictions of mirrored and shifted pictures, mapped back."""

import numpy as np
import pytest

from salviewer.core.areas import Rectangle, measure, share_of
from salviewer.core.looks import LOOKS, Look, looked_at
from salviewer.core.saliency_map import SaliencyMap
from tests.core.maps import gaussian


def bright(pixels):
    """A network that looks at what is bright, at the picture's own resolution."""
    return SaliencyMap(pixels[..., 0].astype(np.float32), (pixels.shape[1], pixels.shape[0]), "bright")


def picture():
    pixels = np.zeros((100, 200, 3), np.uint8)
    pixels[20:40, 30:70] = 255
    pixels[70:80, 150:160] = 128
    return pixels


def test_a_margin_repeats_the_border_and_mirrors_first():
    pixels = picture()
    pixels[:, 0] = 7
    shown = Look(mirrored=True, right=0.1).apply(pixels)
    assert shown.shape == (100, 220, 3)
    assert (shown[:, 199:] == 7).all()
    np.testing.assert_array_equal(shown[:, :200], pixels[:, ::-1])


@pytest.mark.parametrize("look", LOOKS)
def test_what_a_look_moves_comes_back(look):
    pixels = picture()
    box = Rectangle(0.15, 0.2, 0.35, 0.4)
    moved = bright(look.apply(pixels))
    back = SaliencyMap(look.undo(moved.density, (200, 100)), (200, 100), "bright")
    assert share_of(back, box) == pytest.approx(share_of(bright(pixels), box), abs=0.02)


def test_every_look_is_another_and_the_first_is_plain():
    assert len(set(LOOKS)) == len(LOOKS) == 10 and LOOKS[0] == Look()
    seen = []

    def predict(pixels):
        seen.append(pixels.shape)
        return bright(pixels)

    maps = looked_at(predict, picture())
    assert len(maps) == 10 and all(one.source_size == (200, 100) for one in maps)
    assert seen[0] == (100, 200, 3) and {shape[:2] for shape in seen[1:]} >= {(100, 206), (103, 200)}


def test_a_large_picture_is_scaled_down_before_it_is_moved():
    sizes = []

    def predict(pixels):
        sizes.append(max(pixels.shape[:2]))
        return bright(np.ascontiguousarray(pixels[::8, ::8]))

    looked_at(predict, np.zeros((1500, 3000, 3), np.uint8))
    assert sizes[0] == 3000 and max(sizes[1:]) < 1400


def test_share_alone_is_the_share_that_measure_gives():
    saliency = gaussian()
    for area in (Rectangle(0.31, 0.2, 0.66, 0.503), Rectangle(-0.2, 0.4, 0.4, 1.3)):
        assert share_of(saliency, area) == measure(saliency, [area])[0].share
