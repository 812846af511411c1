"""Pictures are shrunk as OpenCV does it, whichever way is quicker."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salviewer.core.resizing import resize


def by_opencv(pixels, size):
    height, width = size
    down = cv2.resize(pixels, (pixels.shape[1], height), interpolation=cv2.INTER_AREA)
    return cv2.resize(down, (width, height), interpolation=cv2.INTER_AREA)


def edges(height, width, seed=0):
    """Noise, and black beside white: sums of all sizes, and the largest."""
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
    pixels[: height // 2] = 255 * rng.integers(0, 2, (height // 2, width, 1), dtype=np.uint8)
    pixels[:, 0] = 255
    return pixels


@pytest.mark.parametrize("rows", [1080, 720, 480, 2160, 3000, 1440, 1155, 270, 241])
def test_the_rows_of_usual_pictures_to_the_bit(rows):
    pixels = edges(rows, 322)
    assert (resize(pixels, (240, 320)) == by_opencv(pixels, (240, 320))).all()


@settings(max_examples=60)
@given(st.integers(2, 200), st.integers(1, 60), st.integers(0, 9))
def test_any_ratio_to_the_bit(height, rows, seed):
    rows = min(rows, height - 1)
    pixels = edges(height, 9, seed)
    assert (resize(pixels, (rows, 9)) == cv2.resize(pixels, (9, rows), interpolation=cv2.INTER_AREA)).all()


def test_grey_and_cut_out_pictures_and_floats():
    pixels = edges(99, 40)
    for given_ in (pixels[..., 0].copy(), pixels[:, 5:25], pixels.astype(np.float32)):
        assert (resize(given_, (33, 7)) == by_opencv(given_, (33, 7))).all()
