"""What a very large picture leaves behind once another is on screen."""

from __future__ import annotations

import gc
import sys
import weakref
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from salviewer.app.window import Window
from tests.app.test_leaks import resident


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_memory_returns_to_its_limit_after_a_picture_larger_than_it(
    qtbot: QtBot, window: Window, tmp_path: Path
) -> None:
    """36 megapixels, some 250 MB with its levels, where 50 MB may be kept; its neighbours are tiny."""
    limit = 50
    noise = np.random.default_rng(4).integers(0, 255, (60, 60, 3), dtype=np.uint8)
    for index in (1, 2, 3):
        Image.fromarray(np.roll(noise, index, 1)).save(tmp_path / f"{index}.png")
    Image.fromarray(np.kron(noise, np.ones((100, 100, 1), np.uint8))).save(tmp_path / "0.jpg")
    session, canvas = window.bench.session, window.bench.stage.canvas
    session.loader.set_limit(limit)
    session.prefetch.preparing = "maps"
    session.open([tmp_path / "3.png"])
    qtbot.waitUntil(lambda: canvas.layer is not None, timeout=60_000)
    before = resident()
    decoded: list[str] = []
    session.loader.decoded.connect(decoded.append)
    session.open([tmp_path])
    qtbot.waitUntil(lambda: session.position == (1, 4) and session.saliency is not None, timeout=60_000)
    assert session.loaded is not None
    large = weakref.ref(session.loaded.picture.pixels)
    with qtbot.waitSignal(session.prefetch.settled, timeout=60_000):
        session.turn(1)
        qtbot.waitUntil(lambda: session.position == (2, 4) and session.saliency is not None, timeout=60_000)
    gc.collect()
    qtbot.waitUntil(lambda: large() is None, timeout=10_000)
    assert decoded.count("0.jpg") == 1  # not once more as a neighbour, for nothing
    qtbot.waitUntil(lambda: resident() < before + limit + 60, timeout=20_000)
