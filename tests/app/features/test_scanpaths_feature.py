"""Scanpaths in the window: found beside a picture, drawn in their order, played in their time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from salviewer.app.features.compare.feature import CompareFeature
from salviewer.app.features.compare.scanpaths import Scanpaths, paths_in
from salviewer.app.state.viewport import View
from salviewer.app.workbench import Workbench
from salviewer.core.agreement import Recorded
from salviewer.media.ground_truth import find_truth, load_truth
from tests.app.features.bench import open_picture
from tests.training.layouts import SCENES, VIEWERS, dut_omron, osie, plain_table


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (plain_table, "pictures/p1.png"),
        (osie, "data/stimuli/1002.jpg"),
        (dut_omron, "DUT-OMRON-image/im001.jpg"),
    ],
)
def test_records_are_found_beside_a_picture(make, name: str, tmp_path: Path) -> None:
    make(tmp_path)
    files = find_truth(tmp_path / name)
    assert files is not None and files.record
    recorded = load_truth(files, (80, 60))
    paths = paths_in(recorded)
    assert len(paths) == VIEWERS
    for path, cells in zip(paths, SCENES[1].cells, strict=True):
        np.testing.assert_array_equal((path.places * (60, 80) + 1e-9).astype(int), cells)
    assert find_truth(tmp_path / "elsewhere.jpg") is None


def test_they_are_shown_and_played_from_the_menu(qtbot: QtBot, bench: Workbench, tmp_path: Path) -> None:
    plain_table(tmp_path)
    compare = CompareFeature(bench)
    bench.commands.refresh()
    assert not bench.commands["show_scanpaths"].isEnabled()
    open_picture(qtbot, bench, tmp_path / "pictures" / "p0.png")
    paths = compare.recorded.scanpaths
    qtbot.waitUntil(lambda: len(paths.paths) == VIEWERS, timeout=60_000)
    bench.commands["show_scanpaths"].trigger()
    assert paths.shown and not paths.playing
    assert paths.seconds == pytest.approx(7 * 0.3 + 0.25)
    bench.commands["play_scanpaths"].trigger()
    assert paths.playing
    qtbot.waitUntil(lambda: not paths.playing, timeout=60_000)
    assert paths.shown and not bench.commands["play_scanpaths"].isChecked()
    open_picture(qtbot, bench, tmp_path / "pictures" / "p1.png")
    assert not paths.playing


def test_only_what_was_seen_so_far_is_painted(qtbot: QtBot) -> None:
    places = np.array([[0.2, 0.2], [0.8, 0.8]])
    recorded = Recorded(
        places, np.ones((2, 2), np.float32), np.zeros(2, np.int64), np.array([0.0, 1000.0]), np.full(2, 0.2)
    )
    paths = Scanpaths(None)  # type: ignore[arg-type]
    paths.set_recorded(recorded)

    def painted() -> np.ndarray:
        image = QImage(200, 200, QImage.Format.Format_RGB888)
        image.fill(0x404040)
        painter = QPainter(image)
        try:
            paths.paint(painter, View.fit((200, 200), (200, 200)), 1.0)
        finally:
            painter.end()
        return (
            np.frombuffer(image.constBits(), np.uint8).reshape(200, -1)[:, :600].reshape(200, 200, 3).copy()
        )

    blank = painted().copy()
    paths.show(True)
    whole = painted().copy()
    changed = np.abs(whole.astype(int) - blank).sum(2) > 30
    assert changed[25:60, 25:60].any() and changed[140:180, 140:180].any() and changed[90:110, 90:110].any()
    paths.play(True)
    part = np.abs(painted().astype(int) - blank).sum(2) > 30
    assert part[25:60, 25:60].any() and not part[90:, 90:].any()
    paths.play(False)
    np.testing.assert_array_equal(painted(), whole)


def test_without_viewers_there_are_no_paths() -> None:
    assert paths_in(None) == ()
    assert paths_in(Recorded(np.zeros((3, 2)), np.ones((2, 2), np.float32))) == ()
