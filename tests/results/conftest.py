"""Small pictures, and something that predicts at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from salviewer.core.saliency_map import SaliencyMap
from salviewer.media.images import Picture


@pytest.fixture(scope="session")
def predict() -> Callable[[Picture], SaliencyMap]:
    """What a batch asks, answered at once: attention goes to what is bright."""

    def bright(picture: Picture) -> SaliencyMap:
        height, width = picture.pixels.shape[:2]
        light = cv2.resize(picture.pixels.mean(axis=2, dtype=np.float32), (32, 24)) + 1
        return SaliencyMap(light / light.sum(), (width, height), "bright", "", 1.5)

    return bright


@pytest.fixture
def pictures(tmp_path: Path) -> tuple[Path, ...]:
    """Six noisy pictures."""
    rng = np.random.default_rng(3)
    folder = tmp_path / "in"
    folder.mkdir()
    paths = tuple(folder / f"p{number}.png" for number in range(6))
    for path in paths:
        Image.fromarray(rng.integers(0, 255, (40, 60, 3), dtype=np.uint8)).save(path)
    return paths
