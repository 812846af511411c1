"""A folder of pictures in the real window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from salviewer.app.state.settings import ViewerSettings
from salviewer.core.scene import render_scene
from salviewer.media.images import load_picture
from salviewer.models.loading import load_model

pytestmark = pytest.mark.e2e

Drive = Callable[..., dict[str, Any]]


def test_a_folder_is_opened_filtered_walked_and_a_view_copied(drive: Drive, tmp_path: Path) -> None:
    data = pytest.importorskip("skimage.data")
    folder = tmp_path / "folder_scenarios.walk" / "pictures"
    folder.mkdir(parents=True)
    chelsea = data.chelsea()
    for name, pixels in (
        ("cat 10.png", chelsea[:, ::-1]),
        ("cat 2.png", chelsea),
        ("astronaut.png", data.astronaut()),
        ("coffee.png", data.coffee()[::2, ::2]),
    ):
        Image.fromarray(np.ascontiguousarray(pixels)).save(folder / name)
    notes = drive("folder_scenarios.walk", "--device", "cpu")
    assert notes["first"]
    assert notes["listed"] == ["astronaut.png", "cat 2.png", "cat 10.png", "coffee.png"]
    assert notes["count"] == "2 of 4" and notes["filtered"] == ["cat 2.png", "cat 10.png"]
    assert notes["clicked"] == "cat 2.png" and notes["next"] == "cat 10.png"
    assert "Copied the overlay, 451 × 300 pixels" in notes["banner"]
    assert notes["after"] == [3, 4]
    picture = load_picture(folder / "cat 10.png")
    saliency = load_model(device="cpu").predict(picture.pixels)
    expected = render_scene(picture.pixels, saliency, ViewerSettings().scene)
    assert np.array_equal(np.asarray(Image.open(notes["out"] / "copied.png").convert("RGB")), expected)
