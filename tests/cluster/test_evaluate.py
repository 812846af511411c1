"""Scores on two nodes are those of one machine."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.cluster.conftest import Ended

pytestmark = pytest.mark.cluster


@pytest.fixture
def data(photos: Path, tmp_path: Path) -> Path:
    """A data set of 30 pictures with maps."""
    folder = tmp_path / "data"
    for name in ("images", "maps"):
        (folder / name).mkdir(parents=True)
    for number, path in enumerate(sorted(photos.glob("*.jpg"))[:30]):
        Image.open(path).save(folder / "images" / path.name)
        y, x = np.mgrid[:120, :160]
        spot = np.exp(-((x - 4 * number - 20) ** 2 + (y - 60) ** 2) / 600)
        Image.fromarray((255 * spot).astype(np.uint8)).save(folder / "maps" / f"{path.stem}.png")
    return folder


def test_the_same_scores(salviewer: Callable[..., Ended], small: Path, data: Path, tmp_path: Path) -> None:
    given = ("evaluate", "--data", data, "--part", "test", "--beside", "live_net", "--json")
    alone = salviewer(*given, tmp_path / "alone.json", cluster=False)
    ended = salviewer(*given, tmp_path / "cluster.json")
    assert (alone.code, ended.code) == (0, 0)
    assert ended.out == alone.out
    assert json.loads((tmp_path / "cluster.json").read_text()) == json.loads(
        (tmp_path / "alone.json").read_text()
    )
