"""Memory stays constant however many pictures a user opens."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from salviewer.app.features.folder.feature import FolderFeature
from salviewer.app.window import Window

COUNT = 160


def resident() -> float:
    """Megabytes of memory this process holds."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1000
    raise AssertionError("no VmRSS")


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_many_pictures_stepped_through_leave_memory_flat(
    qtbot: QtBot, window: Window, tmp_path: Path
) -> None:
    """Each is decoded and painted, every other one predicted for the screen; overlays are the thumbnails.

    The caches are made small enough to be full after the first eighty.
    """
    folder = tmp_path / "many"
    folder.mkdir()
    noise = np.random.default_rng(2).integers(0, 255, (60, 90, 3), dtype=np.uint8)
    large = np.asarray(Image.fromarray(noise).resize((720, 480)))
    for index in range(COUNT + 1):
        Image.fromarray(np.roll(large, 3 * index, 1)).save(folder / f"{index}.jpg", quality=70)
    session = window.bench.session
    session.loader.set_limit(20)
    session._maps.limit = 4_000_000
    window.feature(FolderFeature).panel.thumbs._kept.limit = 2_400_000
    window.bench.commands["thumbnail_overlays"].trigger()
    session.open([folder])
    qtbot.waitUntil(lambda: session.position[1] > COUNT and session.saliency is not None, timeout=60_000)
    sizes = []
    for step in range(1, COUNT + 1):
        session.turn(1)
        qtbot.waitUntil(lambda at=step + 1: session.position[0] == at, timeout=20_000)
        if step % 2 == 0:
            qtbot.waitUntil(lambda: session.saliency is not None, timeout=20_000)
        if step % 40 == 0:
            gc.collect()
            sizes.append(resident())
    assert len(session._maps) > 10 and window.feature(FolderFeature).panel.thumbs.total > 1_600_000
    assert session.loader._kept.total <= 20_000_000
    assert sizes[-1] - sizes[1] < 4, f"{sizes} MB"
