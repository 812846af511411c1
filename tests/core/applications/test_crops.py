"""Crops of maps whose best window is known."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from salviewer.core.applications.crops import Crop, CropError, CropRequest, best_crop, crop_at, kept_by
from salviewer.core.applications.known import Known, known_areas
from salviewer.core.areas import Ellipse
from salviewer.core.saliency_map import SaliencyMap


def a_map(seed: int = 0, shape: tuple[int, int] = (6, 8), size: tuple[int, int] = (37, 23)) -> SaliencyMap:
    """A map without order, of a small picture."""
    return SaliencyMap(np.random.default_rng(seed).random(shape, np.float32) ** 3, size, "test")


def a_spot(x: float, y: float, size: tuple[int, int] = (400, 200)) -> SaliencyMap:
    """A narrow bump at this place, in fractions."""
    row, column = np.mgrid[0:60, 0:80]
    bump = np.exp(-(((column + 0.5) / 80 - x) ** 2 + ((row + 0.5) / 60 - y) ** 2) / 0.002)
    return SaliencyMap(bump.astype(np.float32), size, "test")


def by_hand(saliency: SaliencyMap, left: int, top: int, width: int, height: int) -> float:
    """Sum a window by cutting every cell with it."""
    rows, columns = saliency.density.shape
    wide, high = saliency.source_size
    total = 0.0
    for i, j in itertools.product(range(rows), range(columns)):
        across = min(left + width, (j + 1) * wide / columns) - max(left, j * wide / columns)
        down = min(top + height, (i + 1) * high / rows) - max(top, i * high / rows)
        if across > 0 and down > 0:
            part = across * down / (wide / columns * high / rows)
            total += float(saliency.density[i, j]) * part
    return total


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("text", ["1:1", "9:16", "16:9", "20x9", "5x20", "37x23", "2.39:1"])
def test_no_window_of_the_picture_keeps_more(seed: int, text: str) -> None:
    saliency = a_map(seed)
    crop = best_crop(saliency, CropRequest.parse(text))
    wide, high = saliency.source_size
    windows = itertools.product(range(wide - crop.width + 1), range(high - crop.height + 1))
    every = {at: by_hand(saliency, *at, crop.width, crop.height) for at in windows}
    assert every[crop.left, crop.top] == pytest.approx(max(every.values()), abs=1e-6)
    assert crop.kept == pytest.approx(every[crop.left, crop.top], abs=1e-6)


def test_the_window_has_the_shape_that_was_asked_for() -> None:
    crop = best_crop(a_spot(0.8, 0.5), CropRequest.parse("9:16"))
    assert (crop.width, crop.height, crop.top) == (112, 200, 0)
    assert crop.left + crop.width / 2 == pytest.approx(320, abs=4)
    assert best_crop(a_spot(0.2, 0.2), CropRequest(size=(100, 50))).of(
        np.zeros((200, 400, 3), np.uint8)
    ).shape == (
        50,
        100,
        3,
    )


def test_fractions_are_shares_of_the_picture() -> None:
    assert Crop(40, 20, 100, 50, (400, 200), 0.5).fractions == (0.1, 0.1, 0.25, 0.25)


def test_a_crop_larger_than_the_picture_is_refused_in_words() -> None:
    with pytest.raises(CropError, match="the crop is 401 pixels wide and the picture 400"):
        best_crop(a_spot(0.5, 0.5), CropRequest(size=(401, 20)))
    with pytest.raises(CropError, match="the crop is 900 pixels high and the picture 200"):
        best_crop(a_spot(0.5, 0.5), CropRequest(size=(40, 900)))


def test_a_plain_map_is_cropped_in_the_middle_and_says_so() -> None:
    plain = SaliencyMap(np.ones((6, 8), np.float32), (400, 200), "test")
    crop = best_crop(plain, CropRequest.parse("1:1"))
    assert (crop.left, crop.kept) == (100, pytest.approx(0.5)) and "plain" in crop.note


def test_a_thing_is_not_cut_in_two_where_that_can_be_helped() -> None:
    saliency = a_spot(0.5, 0.5)
    alone = best_crop(saliency, CropRequest.parse("9:16"))
    line = Known(0.55, 0.4, 0.8, 0.6, "Buy now", "text")  # the window's right edge would be at 0.64
    assert alone.left + alone.width > 0.55 * 400
    crop = best_crop(saliency, CropRequest.parse("9:16"), [line])
    assert not crop.cut and (crop.left + crop.width <= 0.55 * 400 + 2 or crop.left + crop.width >= 320 - 2)
    cut = best_crop(saliency, CropRequest(aspect=(9, 16), whole=False), [line])
    assert (cut.left, cut.cut) == (alone.left, ())


def test_what_does_not_fit_does_not_count_and_what_must_be_cut_is_reported() -> None:
    saliency = a_spot(0.5, 0.5)
    wide = Known(0.0, 0.4, 1.0, 0.6, "Headline", "text")
    crop = best_crop(saliency, CropRequest.parse("9:16"), [wide])
    assert crop.left == best_crop(saliency, CropRequest.parse("9:16")).left and crop.cut == ()
    fence = [Known(x, 0.2, x + 0.2, 0.8, f"post {x:g}") for x in np.arange(0, 0.8, 0.05)]
    assert best_crop(saliency, CropRequest.parse("9:16"), fence).cut


def test_padding_keeps_attention_and_things_away_from_the_edge() -> None:
    saliency = a_spot(0.9, 0.5)
    thing = Known(0.55, 0.3, 0.65, 0.7)
    crop = best_crop(saliency, CropRequest(size=(160, 100), padding=0.1), [thing])
    assert crop.left + 16 >= 0.65 * 400 - 1 or crop.left + 16 <= 0.55 * 400 + 1
    narrow = best_crop(a_spot(0.5, 0.5), CropRequest(size=(60, 60), padding=0.3))
    assert abs(narrow.left + 30 - 200) <= 3 and abs(narrow.top + 30 - 100) <= 3


def test_the_hottest_place_lies_on_a_third() -> None:
    crop = best_crop(a_spot(0.6, 0.4), CropRequest(size=(150, 90), thirds=True))
    across, down = (0.6 * 400 - crop.left) / 150, (0.4 * 200 - crop.top) / 90
    assert min(abs(across - 1 / 3), abs(across - 2 / 3)) < 0.03
    assert min(abs(down - 1 / 3), abs(down - 2 / 3)) < 0.03


def test_the_smallest_window_that_keeps_enough() -> None:
    saliency = a_spot(0.5, 0.5)
    crop = best_crop(saliency, CropRequest(aspect=(1, 1), keep=0.9))
    assert crop.kept >= 0.9 and crop.width < 100
    smaller = best_crop(saliency, CropRequest(size=(crop.width - 2, crop.height - 2)))
    assert smaller.kept < 0.9
    spread = SaliencyMap(np.ones((6, 8), np.float32), (400, 200), "test")
    assert best_crop(spread, CropRequest(aspect=(1, 1), keep=0.9)).width == 200  # the largest there is


def test_a_window_that_the_user_chose_stays_in_the_picture() -> None:
    saliency = a_map()
    crop = crop_at(saliency, 30, -5, 20, 10)
    assert (crop.left, crop.top, crop.width, crop.height) == (17, 0, 20, 10)
    assert crop.kept == pytest.approx(by_hand(saliency, 17, 0, 20, 10), abs=1e-6)
    assert kept_by(saliency, 0, 0, 37, 23) == pytest.approx(1)


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (500, 1), (3, 2)])
@pytest.mark.parametrize("text", ["1:1", "9:16", "100:1", "1x1"])
def test_tiny_pictures(size: tuple[int, int], text: str) -> None:
    crop = best_crop(a_map(size=size), CropRequest.parse(text), [Known(0, 0, 0.5, 0.5)])
    assert crop.left + crop.width <= size[0] and crop.top + crop.height <= size[1]


@pytest.mark.parametrize(
    "text, message",
    [("wide", "an aspect such as"), ("0:1", "above 0"), ("0x5", "at least one pixel"), ("1:101", "100:1")],
)
def test_nonsense_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        CropRequest.parse(text)


def test_requests_have_names_and_are_read_back() -> None:
    for text, name in [("9:16", "9x16"), ("2.39:1", "2.39x1"), ("800x600", "800x600px")]:
        request = CropRequest.parse(text)
        assert (str(request), request.name) == (text, name)


def test_areas_are_boxes_cut_off_at_the_border() -> None:
    (box,) = known_areas([Ellipse(0.9, 0.5, 0.2, 0.1, name="Logo")])
    assert box.label == "Logo" and box.kind == "area" and box.right == 1
    assert box.left == pytest.approx(0.7, abs=1e-3)
