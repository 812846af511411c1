"""A heatmap over luma and two colours is the heatmap over the pixels."""

import cv2
import numpy as np
import pytest

from salviewer.core.planes import Planes, overlay_planes
from salviewer.core.postprocess import PostprocessSettings, Threshold
from salviewer.core.render import OverlayStyle, render
from salviewer.core.saliency_map import SaliencyMap

SHARES = np.array([0.2126, 0.7152, 0.0722])


def planes(pixels):
    """Convert by the definition of BT.709: float (H, W, 3) or uint8 to three planes of floats."""
    rgb = np.asarray(pixels, float) / 255
    luma = rgb @ SHARES
    blue = 128 + 224 * (rgb[..., 2] - luma) / (2 * (1 - SHARES[2]))
    red = 128 + 224 * (rgb[..., 0] - luma) / (2 * (1 - SHARES[0]))
    height, width = luma.shape
    half = lambda plane: plane.reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3))  # noqa: E731
    return 16 + 219 * luma, half(blue), half(red)


def photo(width, height):
    small = np.random.default_rng(3).integers(30, 226, (7, 9, 3), dtype=np.uint8)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)


def spots(size):
    y, x = np.mgrid[:60, :80]
    density = np.exp(-((y - 20) ** 2 + (x - 50) ** 2) / 60) + 0.5 * np.exp(
        -((y - 44) ** 2 + (x - 15) ** 2) / 30
    )
    return SaliencyMap((density / density.sum()).astype(np.float32), size, "test")


def stored(pixels):
    return Planes(*(np.rint(plane).astype(np.uint8) for plane in planes(pixels)))


@pytest.mark.parametrize("size", [(640, 360), (1920, 1080), (98, 62)])
@pytest.mark.parametrize(
    "style", [OverlayStyle(), OverlayStyle("turbo", opacity=1.0), OverlayStyle("inferno", gamma=0.5, fade=0)]
)
def test_it_differs_from_the_pixels_by_rounding_alone(size, style):
    """Three roundings to 8 bits in either way: of the ink, of what shines through, of the sum."""
    pixels, saliency = photo(*size), spots(size)
    drawn = overlay_planes(stored(pixels), saliency, PostprocessSettings(), style)
    wanted = planes(render(pixels, saliency, PostprocessSettings(), style))
    for made, exact in zip((drawn.luma, drawn.blue, drawn.red), wanted, strict=True):
        off = np.abs(made - exact)
        assert made.dtype == np.uint8 and made.shape == exact.shape
        assert off.mean() < 0.7 and off.max() < 3.5, (off.mean(), off.max())


def test_clear_parts_keep_their_values_and_the_frame_is_not_changed():
    size = (640, 360)
    frame = stored(np.random.default_rng(0).integers(0, 256, (360, 640, 3), dtype=np.uint8))
    before = [plane.copy() for plane in (frame.luma, frame.blue, frame.red)]
    for plane in (frame.luma, frame.blue, frame.red):
        plane.setflags(write=False)
    cut = PostprocessSettings(threshold=Threshold("percentile", 90))
    drawn = overlay_planes(frame, spots(size), cut, OverlayStyle(fade=0))
    same = drawn.luma == before[0]
    assert 0.75 < same.mean() < 0.92
    assert same[-60:, -100:].all() and (drawn.blue == before[1])[-30:, -50:].all()
    clear = overlay_planes(frame, spots(size), PostprocessSettings(), OverlayStyle(opacity=0))
    assert all((a == b).all() for a, b in zip((clear.luma, clear.blue, clear.red), before, strict=True))
