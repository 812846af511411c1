"""Two views of a picture, and two pictures, in the real window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from salviewer.core.compare import compare
from salviewer.core.pairs import PairScene, Side, render_pair
from salviewer.core.postprocess import PostprocessSettings
from salviewer.core.scene import Scene, render_scene
from salviewer.media.images import load_picture
from salviewer.models.loading import load_model
from tests.e2e.test_window import crop

pytestmark = pytest.mark.e2e

Drive = Callable[..., dict[str, Any]]


@pytest.mark.parametrize("scale", ["1", "2"])
def test_the_bare_picture_stands_left_and_the_heatmap_right(
    drive: Drive, astronaut: Path, scale: str
) -> None:
    notes = drive("stage_scenarios.two_views", "--device", "cpu", astronaut, scale=scale)
    picture = load_picture(astronaut)
    saliency = load_model("live_net", "cpu").predict(picture.pixels)
    heat = render_scene(picture.pixels, saliency, Scene("heatmap"))
    left, right = notes["left"], notes["right"]
    assert left[0] + left[2] < right[0] + right[2] and left[2] == right[2] and left[1] == right[1]
    rect = notes["rect"]
    swipe = crop(notes["out"] / "swipe.png", rect)
    height, width = swipe.shape[:2]
    bare, hot = (
        np.asarray(Image.fromarray(each).resize((width, height), Image.Resampling.BILINEAR), np.int16)
        for each in (picture.pixels, heat)
    )
    at, line = round(0.3 * width), 30 * int(scale)
    assert np.abs(swipe[:, : at - line] - bare[:, : at - line]).mean() < 6
    assert np.abs(swipe[:, at + line :] - hot[:, at + line :]).mean() < 6
    assert np.abs(bare - hot).mean() > 40  # so that one is told from the other


def test_two_designs_are_compared_and_the_comparison_is_saved_as_shown(
    drive: Drive, astronaut: Path, tmp_path: Path
) -> None:
    picture = load_picture(astronaut)
    changed = picture.pixels.copy()
    changed[10:215, 165:300] = 128  # without the face
    Image.fromarray(changed).save(tmp_path / "b.png")
    notes = drive("stage_scenarios.compare", "--device", "cpu", astronaut)
    predictor = load_model("live_net", "cpu")
    first, second = predictor.predict(picture.pixels), predictor.predict(changed)
    found = compare(first, second, PostprocessSettings())
    assert notes["numbers"] == pytest.approx([found.cc, found.sim, found.kl_first, found.kl_second], abs=1e-4)
    saved = np.asarray(Image.open(notes["out"] / "saved.png"))
    expected = render_pair(Side(picture.pixels, first), Side(changed, second), PairScene("difference"))
    assert np.array_equal(saved, expected)
    shown = crop(notes["out"] / "difference.png", notes["rect"])
    scale = shown.shape[0] / 512
    face = shown[round(60 * scale) : round(150 * scale), round(200 * scale) : round(260 * scale)]
    assert (face[..., 2] - face[..., 0]).mean() > 40  # blue: the face drew attention in A
    assert notes["after"] == ["single", "peak"]
