"""Stepping through pictures: the next one is prepared without delaying the current one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from salviewer.app.window import Window


@pytest.fixture
def thirty(tmp_path: Path) -> list[Path]:
    """Thirty pictures, each of a size of its own."""
    folder = tmp_path / "thirty"
    folder.mkdir()
    rng = np.random.default_rng(11)
    paths = [folder / f"{index}.png" for index in range(1, 31)]
    for index, path in enumerate(paths):
        Image.fromarray(rng.integers(0, 255, (40 + index, 50, 3), dtype=np.uint8)).save(path)
    return paths


def complete(qtbot: QtBot, window: Window, path: Path) -> None:
    """Wait until this picture, its map and its layer are on screen."""
    session = window.bench.session
    qtbot.waitUntil(lambda: session.shown == path and session.saliency is not None, timeout=60_000)
    qtbot.waitUntil(lambda: window.bench.stage.canvas.layer is not None, timeout=20_000)


def test_a_step_to_a_neighbour_decodes_and_predicts_nothing(
    qtbot: QtBot, window: Window, thirty: list[Path]
) -> None:
    session = window.bench.session
    decoded: list[str] = []
    session.loader.decoded.connect(decoded.append)
    with qtbot.waitSignal(session.prefetch.settled, timeout=60_000):
        session.open([thirty[10]])
        complete(qtbot, window, thirty[10])
        qtbot.waitUntil(lambda: len(session.listing.paths) == 30, timeout=20_000)
    assert sorted(decoded) == ["10.png", "11.png", "12.png"]
    decoded.clear()
    began: list[object] = []
    session.inference.began.connect(began.append)
    maps: list[object] = []
    session.map_changed.connect(maps.append)
    qtbot.keyClick(window.bench.stage.canvas, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: session.shown == thirty[11], timeout=20_000)
    assert maps and maps[0] is not None  # with the picture itself
    assert not decoded and not began


def test_thirty_quick_steps_end_on_the_thirtieth_with_its_own_map(
    qtbot: QtBot, window: Window, thirty: list[Path]
) -> None:
    session = window.bench.session
    pairs: list[tuple[tuple[int, int], tuple[int, int]]] = []
    session.map_changed.connect(
        lambda saliency: (
            pairs.append((session.loaded.picture.full_size, saliency.source_size)) if saliency else None
        )
    )
    session.open([thirty[0]])
    qtbot.waitUntil(lambda: session.position == (1, 30), timeout=20_000)
    for _ in range(29):
        qtbot.keyClick(window.bench.stage.canvas, Qt.Key.Key_Right)
        qtbot.wait(2)
    complete(qtbot, window, thirty[29])
    assert session.position == (30, 30) and not session.can_turn(1)
    assert all(picture == map_ for picture, map_ in pairs)
    assert "30.png" in window.windowTitle()


def test_nothing_is_done_ahead_when_a_person_says_so(
    qtbot: QtBot, window: Window, thirty: list[Path]
) -> None:
    session = window.bench.session
    session.prefetch.preparing = "nothing"
    decoded: list[str] = []
    session.loader.decoded.connect(decoded.append)
    with qtbot.waitSignal(session.prefetch.settled, timeout=60_000):
        session.open([thirty[10]])
    assert decoded == ["11.png"]
