"""A first look laid over later frames, to fractions of a pixel."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from salviewer.core.applications.alignment import Alignment
from salviewer.core.following import Box

RNG = np.random.default_rng(5)
THING = cv2.GaussianBlur(RNG.integers(0, 255, (200, 200, 3), dtype=np.uint8), (0, 0), 6)
START = Box(0.3, 0.3, 0.5, 0.6)
"""Of the thing at its first place: 64 x 54 pixels of 320 x 180."""


def frame(
    dx: float = 0.0, dy: float = 0.0, size: float = 1.0, seed: int = 1, light: float = 1.0
) -> np.ndarray:
    """The thing, a disc, moved by pixels and scaled, over a background of its own."""
    behind = cv2.GaussianBlur(
        np.random.default_rng(seed).integers(0, 255, (180, 320, 3), dtype=np.uint8), (0, 0), 4
    )
    x, y = 128 + dx, 81 + dy
    across, down = size * 64 / 200, size * 54 / 200
    warp = np.array([[across, 0, x - 100 * across], [0, down, y - 100 * down]])
    disc = cv2.circle(np.zeros((200, 200), np.float32), (100, 100), 98, 1, cv2.FILLED)
    cover = cv2.warpAffine(disc, warp, (320, 180))[..., None]
    moved = cv2.warpAffine(THING, warp, (320, 180), borderMode=cv2.BORDER_REFLECT)
    return np.clip(light * (behind * (1 - cover) + moved * cover), 0, 255).astype(np.uint8)


def test_place_and_size_are_found_to_fractions_of_a_pixel() -> None:
    found = Alignment(frame(), START).find(frame(2.4, -1.3, 1.05, seed=2), [START])
    assert found is not None
    box, alike = found
    x, y = box.centre
    assert (320 * x - 128, 180 * y - 81) == pytest.approx((2.4, -1.3), abs=0.25)
    assert (box.right - box.left) / 0.2 == pytest.approx(1.05, abs=0.01) and alike > 0.9


def test_light_does_not_matter() -> None:
    found = Alignment(frame(), START).find(frame(1.5, 1.0, light=0.6), [START])
    assert found is not None and 320 * found[0].centre[0] - 128 == pytest.approx(1.5, abs=0.25)


def test_the_place_from_which_it_fits_counts() -> None:
    away = Box(0.7, 0.3, 0.9, 0.6)
    found = Alignment(frame(), START).find(frame(3.0, 0.0), [away, START])
    assert found is not None and 320 * found[0].centre[0] - 128 == pytest.approx(3.0, abs=0.25)


def test_what_was_behind_it_at_first_is_learned_to_be_left_out() -> None:
    """The box is larger than the thing, and far from its first place only the thing still looks alike."""
    wide, frames = Box(0.29, 0.285, 0.51, 0.615), [frame(1.2 * n, 0.5 * n) for n in range(1, 25)]
    look, box = Alignment(frame(), wide), wide
    for pixels in frames:
        found = look.find(pixels, [box])
        assert found is not None
        box = found[0]
        look.learn(pixels, box)
    assert (320 * box.centre[0] - 128, 180 * box.centre[1] - 81) == pytest.approx((28.8, 12.0), abs=0.3)
    assert Alignment(frame(), wide).find(frames[-1], [box]) is None


@pytest.mark.parametrize("other", [frame(200, 200, seed=3), np.full((180, 320, 3), 90, np.uint8)])
def test_where_it_is_not_nothing_is_found(other: np.ndarray) -> None:
    assert Alignment(frame(), START).find(other, [START]) is None
    assert Alignment(np.full((180, 320, 3), 90, np.uint8), START).find(frame(), [START]) is None
