"""The correlation filter on things that move, grow, change and vanish in a known way."""

from __future__ import annotations

import warnings

import cv2
import numpy as np
import pytest

from salviewer.core.applications.correlation import SURE, CorrelationFilter
from salviewer.core.following import Box

SIZE = (320, 180)
RNG = np.random.default_rng(11)
BACKGROUND = cv2.GaussianBlur(RNG.integers(0, 255, (180, 320, 3), dtype=np.uint8), (0, 0), 3)
THING = RNG.integers(0, 255, (10, 10, 3), dtype=np.uint8).repeat(4, 0).repeat(4, 1)
OTHER = RNG.integers(0, 255, (10, 10, 3), dtype=np.uint8).repeat(4, 0).repeat(4, 1)


def frame(x: float, y: float, scale: float = 1.0, thing: np.ndarray = THING) -> np.ndarray:
    """The thing with its centre at (x, y) in pixels, over the background."""
    half = len(thing) / 2
    warp = np.array([[scale, 0, x - scale * half + 0.5], [0, scale, y - scale * half + 0.5]])
    moved = cv2.warpAffine(thing, warp, SIZE, flags=cv2.INTER_AREA)
    cover = cv2.warpAffine(np.ones(thing.shape[:2], np.float32), warp, SIZE)[..., None]
    return np.rint(BACKGROUND * (1 - cover) + moved * cover).astype(np.uint8)


def box(x: float, y: float, side: float = 40) -> Box:
    """A square around (x, y), all in pixels."""
    half = side / 2
    return Box((x - half) / SIZE[0], (y - half) / SIZE[1], (x + half) / SIZE[0], (y + half) / SIZE[1])


def centre(found: Box) -> tuple[float, float]:
    return found.centre[0] * SIZE[0], found.centre[1] * SIZE[1]


@pytest.mark.parametrize("dx, dy", [(0, 0), (6, 0), (-5, 4), (0, -7), (2.5, 1.5)])
def test_it_answers_where_the_thing_is(dx: float, dy: float) -> None:
    found, sure = CorrelationFilter(frame(150, 90), box(150, 90)).find(frame(150 + dx, 90 + dy), box(150, 90))
    assert centre(found) == pytest.approx((150 + dx, 90 + dy), abs=0.8) and sure >= SURE


@pytest.mark.parametrize("scale, step", [(0.93, 0.96), (1.0, 1.0)])
def test_it_shrinks_with_the_thing(scale: float, step: float) -> None:
    tried = CorrelationFilter(frame(150, 90), box(150, 90))
    found, sure = tried.find(frame(150, 90, scale), box(150, 90))
    assert (found.right - found.left) * SIZE[0] == pytest.approx(40 * step, abs=0.1) and sure >= SURE


def test_it_is_not_sure_of_another_thing_or_of_none() -> None:
    tried = CorrelationFilter(frame(150, 90), box(150, 90))
    for pixels in (frame(150, 90, thing=OTHER), BACKGROUND):
        assert tried.find(pixels, box(150, 90))[1] < SURE


def test_it_learns_how_the_thing_changes() -> None:
    """The thing becomes another one little by little: only a filter that learns still knows it."""
    learns, stays = (CorrelationFilter(frame(150, 90), box(150, 90)) for _ in range(2))
    for number in range(1, 101):
        mixed = np.rint(THING * (1 - number / 100) + OTHER * (number / 100)).astype(np.uint8)
        pixels = frame(150, 90, thing=mixed)
        found, sure = learns.find(pixels, box(150, 90))
        assert sure >= SURE and centre(found) == pytest.approx((150, 90), abs=1)
        learns.learn(pixels, box(150, 90))
    assert stays.find(frame(150, 90, thing=OTHER), box(150, 90))[1] < SURE


def test_plain_frames_and_the_rim_of_the_picture() -> None:
    plain = np.full((180, 320, 3), 90, np.uint8)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found, sure = CorrelationFilter(plain, box(150, 90)).find(plain, box(150, 90))
        assert sure < SURE and np.isfinite([found.left, found.top, found.right, found.bottom]).all()
        found, sure = CorrelationFilter(frame(10, 10), box(10, 10)).find(frame(12, 10), box(10, 10))
        assert centre(found) == pytest.approx((12, 10), abs=1.5)
