"""Cut-outs of pictures whose things are known to the pixel."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from salviewer.core.applications.cutouts import Click, Cutout, CutoutSettings, cut_out
from salviewer.core.applications.regions import find_salient_regions
from salviewer.core.saliency_map import SaliencyMap

SIZE = (480, 360)


def scene(
    *discs: tuple[float, float, float, tuple[int, int, int]], size: tuple[int, int] = SIZE
) -> np.ndarray:
    """Discs (x, y, radius in fractions of the width, colour) on noisy grey."""
    width, height = size
    rng = np.random.default_rng(0)
    pixels = rng.normal(110, 8, (height, width, 3)).clip(0, 255).astype(np.uint8)
    for x, y, radius, colour in discs:
        cv2.circle(pixels, (round(x * width), round(y * height)), round(radius * width), colour, -1)
    return pixels


def attention(*places: tuple[float, float], size: tuple[int, int] = SIZE) -> SaliencyMap:
    """A blurred bump at each place."""
    row, column = np.mgrid[0:60, 0:80]
    total = np.full((60, 80), 1e-5)
    for number, (x, y) in enumerate(places):
        away = ((column + 0.5) / 80 - x) ** 2 + 0.6 * ((row + 0.5) / 60 - y) ** 2
        total += (1 - 0.1 * number) * np.exp(-away / 0.006)
    return SaliencyMap(total.astype(np.float32), size, "test")


def iou(cutout: Cutout, truth: np.ndarray) -> float:
    """Intersection over union of the hard mask."""
    mask = cutout.mask > 0
    return float((mask & truth).sum() / (mask | truth).sum())


def disc(x: float, y: float, radius: float, size: tuple[int, int] = SIZE) -> np.ndarray:
    """The pixels of a disc."""
    return scene((x, y, radius, (1, 2, 3)), size=size)[..., 2] == 3


def test_a_thing_is_cut_out_along_its_edge() -> None:
    pixels = scene((0.35, 0.5, 0.12, (210, 60, 40)))
    cutout = cut_out(pixels, attention((0.36, 0.48)))
    assert cutout is not None and iou(cutout, disc(0.35, 0.5, 0.12)) > 0.97
    assert 0.5 < cutout.share <= 1 and len(cutout.polygons) == 1
    rgba = cutout.of(pixels)
    assert rgba.shape == (360, 480, 4) and (rgba[..., :3] == pixels).all()
    drawn = np.zeros((360, 480), np.uint8)
    cv2.fillPoly(drawn, [np.rint(np.array(cutout.polygons[0]) * SIZE - 0.5).astype(np.int32)], 1)
    assert (drawn > 0).sum() == pytest.approx((cutout.mask > 0).sum(), rel=0.02)


def test_the_same_twice_to_the_bit() -> None:
    pixels = scene((0.35, 0.5, 0.12, (210, 60, 40)))
    first, second = (cut_out(pixels, attention((0.36, 0.48))) for _ in range(2))
    assert first is not None and second is not None
    np.testing.assert_array_equal(first.alpha, second.alpha)


def test_edges_are_soft_or_hard_as_asked() -> None:
    pixels = scene((0.35, 0.5, 0.12, (210, 60, 40)))
    soft = cut_out(pixels, attention((0.36, 0.48)), CutoutSettings(softness=3))
    hard = cut_out(pixels, attention((0.36, 0.48)), CutoutSettings(softness=0))
    assert soft is not None and hard is not None
    assert set(np.unique(hard.alpha)) == {0, 255}
    between = (soft.alpha > 10) & (soft.alpha < 245)
    near = cv2.dilate(cv2.Canny(hard.alpha, 50, 100), np.ones((13, 13))) > 0
    assert between.sum() > 200 and not (between & ~near).any()


def test_as_many_things_as_asked_for() -> None:
    pixels = scene((0.25, 0.5, 0.1, (210, 60, 40)), (0.75, 0.4, 0.08, (40, 80, 220)))
    saliency = attention((0.25, 0.5), (0.75, 0.4))
    one, two = (cut_out(pixels, saliency, CutoutSettings(count)) for count in (1, 2))
    assert one is not None and two is not None
    assert iou(one, disc(0.25, 0.5, 0.1)) > 0.95
    assert iou(two, disc(0.25, 0.5, 0.1) | disc(0.75, 0.4, 0.08)) > 0.95 and len(two.polygons) == 2


def test_of_several_regions_the_one_with_a_clear_outline_is_cut_out() -> None:
    """Most attention is on nothing in particular; some is on a thing."""
    pixels = scene((0.75, 0.4, 0.08, (40, 80, 220)))
    density = 2.5 * attention((0.25, 0.5)).density + attention((0.75, 0.4)).density
    saliency = SaliencyMap(density, SIZE, "test")
    assert find_salient_regions(pixels, saliency)[0].left < 0.25
    cutout = cut_out(pixels, saliency)
    assert cutout is not None and iou(cutout, disc(0.75, 0.4, 0.08)) > 0.95
    (region,) = cutout.regions
    assert region.number == 2 and region.left < 0.75 < region.right
    clicked = cut_out(pixels, saliency, CutoutSettings(clicks=(Click(0.75, 0.4, False),)))
    assert clicked is not None and clicked.regions == cutout.regions
    both = cut_out(pixels, saliency, CutoutSettings(count=2))
    assert both is not None and [each.number for each in both.regions] == [1, 2]


def test_a_clear_outline_with_hardly_any_attention_is_not_cut_out() -> None:
    pixels = scene((0.75, 0.4, 0.08, (40, 80, 220)))
    hot, small = (attention(at).density for at in ((0.25, 0.5), (0.75, 0.4)))
    density = hot / hot.max() + 0.5 * (small / small.max()) ** 8
    saliency = SaliencyMap(density, SIZE, "test")
    assert len(find_salient_regions(pixels, saliency)) == 2
    cutout = cut_out(pixels, saliency)
    assert cutout is not None and [each.number for each in cutout.regions] == [1]
    both = cut_out(pixels, saliency, CutoutSettings(count=2))
    assert both is not None and [each.number for each in both.regions] == [1, 2]


def test_a_whole_thing_is_preferred_to_a_dented_one_with_as_clear_an_outline() -> None:
    pixels = scene((0.75, 0.4, 0.08, (40, 80, 220)))
    for angle in np.arange(0, np.pi, np.pi / 4):
        away = 60 * np.cos(angle), 60 * np.sin(angle)
        ends = [(round(120 + sign * away[0]), round(180 + sign * away[1])) for sign in (-1, 1)]
        cv2.line(pixels, *ends, (210, 60, 40), 14)
    density = 1.6 * attention((0.25, 0.5)).density + attention((0.75, 0.4)).density
    saliency = SaliencyMap(density, SIZE, "test")
    assert find_salient_regions(pixels, saliency)[0].left < 0.25, "the star is hotter"
    cutout = cut_out(pixels, saliency)
    assert cutout is not None and iou(cutout, disc(0.75, 0.4, 0.08)) > 0.95


def test_clicks_add_and_take_away() -> None:
    pixels = scene((0.25, 0.5, 0.1, (210, 60, 40)), (0.75, 0.4, 0.08, (40, 80, 220)))
    saliency = attention((0.25, 0.5))
    more = cut_out(pixels, saliency, CutoutSettings(clicks=(Click(0.75, 0.4),)))
    assert more is not None and iou(more, disc(0.25, 0.5, 0.1) | disc(0.75, 0.4, 0.08)) > 0.93
    less = cut_out(
        pixels, saliency, CutoutSettings(clicks=(Click(0.75, 0.4, False), Click(0.25, 0.5, False)))
    )
    assert less is not None and less.alpha[180, 120] < 128


def test_a_plain_map_gives_nothing_but_a_click_does() -> None:
    plain = SaliencyMap(np.ones((6, 8), np.float32), SIZE, "test")
    pixels = scene((0.25, 0.5, 0.1, (210, 60, 40)))
    assert cut_out(pixels, plain) is None
    clicked = cut_out(pixels, plain, CutoutSettings(clicks=(Click(0.25, 0.5),)))
    assert clicked is not None and iou(clicked, disc(0.25, 0.5, 0.1)) > 0.9


def test_a_large_picture_has_its_own_edge() -> None:
    size = (2400, 1800)
    pixels = scene((0.35, 0.5, 0.12, (210, 60, 40)), size=size)
    cutout = cut_out(pixels, attention((0.36, 0.48), size=size))
    assert cutout is not None and cutout.alpha.shape == (1800, 2400)
    assert iou(cutout, disc(0.35, 0.5, 0.12, size)) > 0.985


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (40, 2), (2, 40)])
def test_tiny_pictures(size: tuple[int, int]) -> None:
    saliency = SaliencyMap(np.random.default_rng(0).random((6, 8), np.float32), size, "test")
    cutout = cut_out(np.zeros((size[1], size[0], 3), np.uint8), saliency)
    assert cutout is None or cutout.alpha.shape == (size[1], size[0])


def test_nonsense_is_refused() -> None:
    for bad in ({"count": 0}, {"softness": 21.0}, {"clicks": (Click(2, 0),)}):
        with pytest.raises(ValueError):
            CutoutSettings(**bad)
