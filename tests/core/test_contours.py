"""Contours enclose their shares, and are legible on light and dark pictures."""

import numpy as np
import pytest
from maps import gaussian, photo, uniform

from salviewer.core.contours import contours, draw_contours, draw_threshold, threshold_lines
from salviewer.core.postprocess import PostprocessSettings, Threshold
from salviewer.core.render import COLORMAPS, OverlayStyle
from salviewer.core.text_drawing import label_size

SHARP = PostprocessSettings(sigma=0)
STYLE = OverlayStyle()


def luminance(pixels):
    return (pixels / 255.0) ** 2.2 @ (0.2126, 0.7152, 0.0722)


def test_contours_come_largest_first_each_in_its_colour():
    found = contours(gaussian(), SHARP, STYLE)
    assert [contour.share for contour in found] == [0.75, 0.5, 0.25]
    assert len({contour.colour for contour in found}) == 3
    widths = [np.ptp(contour.lines[0][:, 0]) for contour in found]
    assert widths == pytest.approx(
        [2 * 0.08 * np.sqrt(-2 * np.log(1 - contour.share)) for contour in found], abs=2e-3
    )
    with pytest.raises(ValueError, match="a share of attention"):
        contours(gaussian(), SHARP, STYLE, (0.5, 50))


def test_smoothing_widens_them():
    sharp, soft = (
        contours(gaussian(), PostprocessSettings(sigma=sigma), STYLE, (0.5,))[0].lines[0]
        for sigma in (0, 0.06)
    )
    assert np.ptp(soft[:, 0]) / np.ptp(sharp[:, 0]) == pytest.approx(np.hypot(0.08, 0.06) / 0.08, rel=0.02)


@pytest.mark.parametrize("paper", [0, 128, 255])
@pytest.mark.parametrize("name", COLORMAPS)
def test_lines_stand_out_from_any_paper(paper, name):
    pixels = np.full((480, 640, 3), paper, np.uint8)
    drawn = draw_contours(pixels, gaussian(), SHARP, OverlayStyle(colormap=name))
    row = luminance(drawn[240, :320])
    contrast = (np.maximum(row, luminance(pixels[0, 0])) + 0.05) / (
        np.minimum(row, luminance(pixels[0, 0])) + 0.05
    )
    assert contrast.max() >= 3  # WCAG: what a graphical object needs


@pytest.mark.parametrize("size", [(640, 480), (3000, 2250)])
def test_lines_lie_on_the_circle_and_grow_with_the_picture(size):
    width, height = size
    paper = np.full((height, width, 3), 255, np.uint8)
    drawn = draw_contours(paper, gaussian(size=size), SHARP, STYLE, (0.5,))
    (columns,) = np.nonzero((drawn[height // 2, : width // 2] < 250).any(axis=1))
    radius = 0.08 * np.sqrt(2 * np.log(2)) * width
    assert (columns.min() + columns.max() + 1) / 2 == pytest.approx(width / 2 - radius, abs=2e-3 * width)
    assert len(columns) == pytest.approx(0.0056 * np.sqrt(width * height), abs=6)


def test_what_is_far_from_the_lines_is_untouched_and_the_picture_is_not_drawn_on():
    pixels = photo(640, 480)
    before = pixels.copy()
    pixels.setflags(write=False)
    drawn = draw_contours(pixels, gaussian(), SHARP, STYLE)
    np.testing.assert_array_equal(pixels, before)
    np.testing.assert_array_equal(drawn[:80], pixels[:80])
    np.testing.assert_array_equal(drawn[238:242, 318:322], pixels[238:242, 318:322])
    assert 0.01 < (drawn != pixels).any(axis=2).mean() < 0.1


def test_the_thresholds_border_is_drawn_when_there_is_one():
    half = PostprocessSettings(0, Threshold("absolute", 0.5))
    (line,) = threshold_lines(gaussian(), half)
    assert np.ptp(line[:, 0]) == pytest.approx(2 * 0.08 * np.sqrt(2 * np.log(2)), abs=2e-3)
    black = np.zeros((480, 640, 3), np.uint8)
    plain = draw_contours(black, gaussian(), SHARP, STYLE, ())
    with_border = draw_contours(black, gaussian(), half, STYLE, ())
    assert not plain.any() and with_border.max() > 200
    for nothing in (SHARP, PostprocessSettings(0, Threshold("percentile", 100))):
        assert threshold_lines(gaussian(), nothing) == []


@pytest.mark.parametrize("size", [(1, 1), (3, 40), (30_000, 12)])
def test_odd_pictures(size):
    pixels = photo(*size)
    for saliency in (gaussian(size=size), uniform(size=size)):
        assert draw_contours(pixels, saliency, SHARP, STYLE).shape == pixels.shape


def test_the_border_goes_on_any_picture_and_only_where_it_is():
    saliency = gaussian(sigma=0.1)
    settings = PostprocessSettings(0.0, Threshold("absolute", 0.5))
    paper = photo(640, 480)
    drawn = draw_threshold(paper, saliency, settings)
    radius = 0.1 * np.sqrt(2 * np.log(2)) * 640
    y, x = np.mgrid[:480, :640] + 0.5
    away = np.abs(np.hypot(x - 320, y - 240) - radius)
    assert np.percentile(drawn[away < 0.4], 2) > 140 and (drawn[away > 6] == paper[away > 6]).all()
    assert (draw_threshold(paper, saliency, PostprocessSettings()) == paper).all()


@pytest.mark.parametrize("size", [(60, 45), (120, 90), (240, 180), (900, 700)])
def test_labels_lie_beside_each_other_or_are_left_out(size, monkeypatch):
    boxes = []

    def note(pixels, text, place, letters, colour):
        boxes.append((np.array(place), np.array(label_size(text, letters))))

    monkeypatch.setattr("salviewer.core.contours.put_label", note)
    draw_contours(np.zeros((size[1], size[0], 3), np.uint8), gaussian(size=size), SHARP, STYLE)
    assert len(boxes) == (3 if size[0] >= 240 else 1 if size[0] == 60 else 2)
    for number, (place, box) in enumerate(boxes):
        assert (place - box / 2 >= -0.01).all() and (place + box / 2 <= np.array(size) + 0.01).all()
        for other, its in boxes[:number]:
            assert (np.abs(place - other) >= (box + its) / 2 - 2).any()
