"""Regions of maps and pictures whose things are known."""

from __future__ import annotations

import numpy as np
import pytest

from salviewer.core.applications.known import Known
from salviewer.core.applications.objectness import Objectness
from salviewer.core.applications.regions import RegionSettings, find_salient_regions, rank_by_attention
from salviewer.core.areas import Polygon, measure
from salviewer.core.saliency_map import SaliencyMap

GREY = np.full((240, 320, 3), 128, np.uint8)


def bumps(*places: tuple[float, float, float], size: tuple[int, int] = (320, 240)) -> SaliencyMap:
    """A bump at each (x, y, height)."""
    row, column = np.mgrid[0:60, 0:80]
    total = np.full((60, 80), 1e-4)
    for x, y, height in places:
        distance = ((column + 0.5) / 80 - x) ** 2 + ((row + 0.5) / 60 - y) ** 2
        total += height * np.exp(-distance / 0.004)
    return SaliencyMap(total.astype(np.float32), size, "test")


def test_each_bump_is_a_region_and_the_one_with_most_attention_is_first() -> None:
    saliency = bumps((0.2, 0.3, 1.0), (0.75, 0.6, 0.7), (0.5, 0.15, 0.4))
    regions = find_salient_regions(GREY, saliency)
    assert [region.number for region in regions] == [1, 2, 3]
    for region, (x, y) in zip(regions, [(0.2, 0.3), (0.75, 0.6), (0.5, 0.15)], strict=True):
        assert (region.left + region.right) / 2 == pytest.approx(x, abs=0.02)
        assert (region.top + region.bottom) / 2 == pytest.approx(y, abs=0.02)
    assert regions[0].peak == 1 and regions[0].share > regions[1].share > regions[2].share
    assert sum(region.share for region in regions) <= 1


def test_contour_and_box_belong_together() -> None:
    saliency = bumps((0.3, 0.4, 1.0))
    (region,) = find_salient_regions(GREY, saliency)
    x, y = np.array(region.contour).T
    assert (x.min(), x.max()) == pytest.approx((region.left, region.right), abs=0.005)
    assert (y.min(), y.max()) == pytest.approx((region.top, region.bottom), abs=0.006)
    (score,) = measure(saliency, [Polygon(region.contour)])
    assert region.share == pytest.approx(score.share, abs=1e-6)
    assert region.size == pytest.approx(score.size, rel=0.02)


def test_a_plain_map_has_no_region() -> None:
    assert find_salient_regions(GREY, SaliencyMap(np.ones((6, 8), np.float32), (320, 240), "test")) == ()


def test_as_many_as_are_asked_for() -> None:
    saliency = bumps((0.2, 0.3, 1.0), (0.75, 0.6, 0.7))
    assert len(find_salient_regions(GREY, saliency, RegionSettings(1))) == 1
    for count in (0, 101):
        with pytest.raises(ValueError, match=r"1\.\.100 regions"):
            RegionSettings(count)


def test_of_two_alike_the_one_that_is_a_thing_is_first() -> None:
    saliency = bumps((0.25, 0.5, 1.0), (0.75, 0.5, 1.0))
    pixels = GREY.copy()
    pixels[96:144, 216:264] = (230, 30, 30)  # a red square at the second
    first, second = find_salient_regions(pixels, saliency)[:2]
    assert first.left > 0.5 > second.right
    assert first.objectness > second.objectness + 0.2


def test_objectness_of_a_thing_and_of_nothing() -> None:
    pixels = GREY.copy()
    pixels[60:180, 80:240] = (20, 90, 220)
    look = Objectness(pixels)
    exact = look.of((0.25, 0.25, 0.75, 0.75))
    assert exact > 0.8 and exact > look.of((0.4, 0.4, 0.6, 0.6)) and exact > look.of((0.0, 0.0, 0.5, 0.5))
    assert look.of((0.0, 0.0, 0.1, 0.1)) == 0
    assert 0 <= look.of((0.99, 0.99, 1.0, 1.0)) <= 1 and look.colour_contrast((0, 0, 1, 1)) == 0


def test_objects_are_ranked_by_attention_and_overlooked_ones_named() -> None:
    saliency = bumps((0.2, 0.3, 1.0))
    dog, cat = Known(0.1, 0.2, 0.3, 0.4, "dog"), Known(0.7, 0.7, 0.9, 0.9, "cat")
    first, second = rank_by_attention(saliency, [cat, dog])
    assert (first.known, first.rank, first.seen) == (dog, 1, True)
    assert (second.known, second.rank, second.seen) == (cat, 2, False)
    assert first.share > 0.8 and second.share < 0.05


def test_tiny_pictures_and_maps() -> None:
    for shape in ((1, 1), (1, 9), (9, 1), (3, 2)):
        density = np.random.default_rng(1).random(shape, np.float32)
        pixels = np.zeros((*shape, 3), np.uint8)
        for region in find_salient_regions(pixels, SaliencyMap(density, shape[::-1], "test")):
            assert 0 <= region.left < region.right <= 1
