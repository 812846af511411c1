"""Every way of showing a map, compared with pictures in this folder that were checked by eye.

After an intended change, write them again and check each one:

    SALVIEWER_WRITE_SNAPSHOTS=1 pytest tests/snapshots
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

import salviewer.media  # noqa: F401  hands core its text renderer
from salviewer.core.areas import Ellipse, Polygon, Rectangle
from salviewer.core.hotspots import HotspotSettings
from salviewer.core.pairs import PairScene, Side, render_pair
from salviewer.core.postprocess import PostprocessSettings, Threshold
from salviewer.core.render import OverlayStyle
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.scene import Scene, render_scene
from salviewer.core.views import VIEWS

MEAN = 0.5
"""Levels of 255: the largest mean difference. Builds of OpenCV and NumPy round blends differently by one."""
ODD = 16
"""Levels: what 99.8 % of the values stay within. Edges of lines and letters are antialiased differently."""


HERE = Path(__file__).parent
SIZE = (240, 160)  # width, height
AREAS = (
    Rectangle(0.05, 0.1, 0.4, 0.55, name="Logo"),
    Ellipse(0.7, 0.35, 0.2, 0.2, name="Cup"),
    Polygon(((0.4, 0.7), (0.9, 0.65), (0.8, 0.95)), name="Price"),
)


def picture() -> NDArray[np.uint8]:
    """A table with a bright disc and a dark bar."""
    y, x = np.mgrid[0 : SIZE[1], 0 : SIZE[0]]
    pixels = np.stack([90 + x // 4, 110 + y // 3, 140 - y // 4], axis=2)
    pixels[np.hypot(x - 170, y - 55) < 32] = (244, 208, 70)
    pixels[20:88, 12:96] = (32, 40, 60)
    return pixels.astype(np.uint8)


def prediction(dx: float = 0.0) -> SaliencyMap:
    """Two spots, the left one the hotter."""
    y, x = np.mgrid[0:60, 0:80]
    spots = [(0.25 + dx, 0.35, 0.08, 1.0), (0.7 + dx, 0.35, 0.06, 0.6)]
    levels = 0.01 + sum(
        peak * np.exp(-(((x + 0.5) / 80 - at) ** 2 + (0.75 * ((y + 0.5) / 60 - down)) ** 2) / (2 * wide**2))
        for at, down, wide, peak in spots
    )
    density = (levels / levels.sum()).astype(np.float32)
    return SaliencyMap(density, SIZE, "made here")


LOOK = PostprocessSettings(0.02, Threshold("percentile", 70), normalise="fixed", fixed_peak=8)
SCENES: dict[str, Scene] = {
    **{view: Scene(view) for view in VIEWS},
    "areas": Scene(areas=AREAS),
    "hotspots": Scene(hotspots=HotspotSettings(3)),
    "outline": Scene(settings=LOOK, style=OverlayStyle("magma", 0.6, gamma=0.7), outline=True),
    "side": Scene("focus", arrangement="side", areas=AREAS[:1]),
    "swipe": Scene("heatmap", arrangement="swipe", divider=0.4),
}
PAIRS = {
    "pair-side": PairScene("side"),
    "pair-swipe": PairScene("swipe", divider=0.6),
    "pair-difference": PairScene("difference", peak=10),
}


def drawn(name: str, saliency: SaliencyMap, *, opacity: float = 0) -> NDArray[np.uint8]:
    if name in PAIRS:
        other = picture()[:, ::-1].copy()
        return render_pair(Side(picture(), saliency), Side(other, prediction(0.1)), PAIRS[name])
    scene = SCENES[name]
    if opacity:
        scene = replace(scene, style=replace(scene.style, opacity=opacity))
    return render_scene(picture(), saliency, scene)


def apart(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> tuple[float, float]:
    """The mean of the differences, and what 99.8 % of them stay within."""
    difference = np.abs(first.astype(np.int16) - second)
    return float(difference.mean()), float(np.quantile(difference, 0.998))


def kept(name: str) -> NDArray[np.uint8]:
    with Image.open(HERE / f"{name}.png") as image:
        return np.asarray(image.convert("RGB"))


@pytest.mark.parametrize("name", [*SCENES, *PAIRS])
def test_looks_as_it_did(name: str) -> None:
    now = drawn(name, prediction())
    if os.environ.get("SALVIEWER_WRITE_SNAPSHOTS"):
        Image.fromarray(now).save(HERE / f"{name}.png", optimize=True)
    before = kept(name)
    assert now.shape == before.shape
    mean, odd = apart(now, before)
    assert mean <= MEAN and odd <= ODD


@pytest.mark.parametrize("name", [*SCENES, *PAIRS])
def test_the_tolerance_tells_a_map_that_moved(name: str) -> None:
    """By 2 % of the width."""
    mean, odd = apart(drawn(name, prediction(0.02)), kept(name))
    assert mean > MEAN or odd > ODD


@pytest.mark.parametrize("name", ["overlay", "focus", "areas", "outline"])
def test_the_tolerance_tells_another_opacity(name: str) -> None:
    mean, odd = apart(drawn(name, prediction(), opacity=0.9), kept(name))
    assert mean > MEAN or odd > ODD
