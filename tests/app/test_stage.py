"""One picture or two: linked, parted by a divider, with hotspots on them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from salviewer.app.features.hotspots.feature import HotspotsFeature
from salviewer.app.viewer.divider import UNITS
from salviewer.app.viewer.painted import PaintedPicture
from salviewer.app.window import Window
from salviewer.core.hotspots import HotspotSettings, find_hotspots
from tests.app.test_views import save
from tests.app.test_window import opened


def shot(canvas: PaintedPicture) -> NDArray[np.int16]:
    """The canvas's pixels where the picture lies."""
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    pixels = rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)
    area = canvas.picture_rect().toAlignedRect().adjusted(2, 2, -2, -2)
    return pixels[area.top() : area.bottom(), area.left() : area.right()].astype(np.int16)


@pytest.fixture
def shown(qtbot: QtBot, window: Window, pictures: list[Path]) -> Window:
    """A window with a heatmap alone on it, so that the bare picture is told from it everywhere."""
    opened(qtbot, window, pictures[0])
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    with qtbot.waitSignal(window.bench.shown.overlay_changed, timeout=30_000):
        qtbot.keyClick(window.bench.stage.canvas, Qt.Key.Key_M)
    return window


def test_side_by_side_shows_the_bare_picture_left_and_both_move_together(qtbot: QtBot, shown: Window) -> None:
    heat = shot(shown.bench.stage.canvas)
    qtbot.keyClick(shown.bench.stage.canvas, Qt.Key.Key_S)
    other = shown.bench.stage.other
    assert other.isVisible() and other.x() < shown.bench.stage.canvas.x()
    assert shown.bench.commands["arrange_side"].isChecked()
    shown.bench.stage.other.repaint()
    assert np.abs(shot(other).mean(axis=(0, 1)) - 127).max() < 12  # noise, no heat
    for mover, follower in ((shown.bench.stage.canvas, other), (other, shown.bench.stage.canvas)):
        mover.zoom(1.7)
        mover.pan(9, -4)
        assert mover.view is not None and follower.view is not None
        assert follower.view.scale == mover.view.scale
        assert abs(follower.view.left - mover.view.left) <= 1 and abs(follower.view.top - mover.view.top) <= 1
    shown.bench.stage.canvas.fit()
    qtbot.keyClick(shown.bench.stage.canvas, Qt.Key.Key_S)
    assert not other.isVisible()
    qtbot.waitUntil(lambda: np.array_equal(shot(shown.bench.stage.canvas), heat), timeout=20_000)


def test_the_divider_parts_bare_picture_and_view_where_the_mouse_puts_it(qtbot: QtBot, shown: Window) -> None:
    heat = shot(shown.bench.stage.canvas)
    qtbot.keyClick(shown.bench.stage.canvas, Qt.Key.Key_P)
    bare = shot(shown.bench.stage.canvas)
    qtbot.keyClick(shown.bench.stage.canvas, Qt.Key.Key_M)
    qtbot.keyClick(shown.bench.stage.canvas, Qt.Key.Key_W)
    divider, area = shown.bench.stage.divider, shown.bench.stage.canvas.picture_rect()
    for fraction in (0.3, 0.75):
        middle = QPoint(divider.width() // 2, 40)
        way = round(area.left() + fraction * area.width() - divider.line())
        qtbot.mousePress(divider, Qt.MouseButton.LeftButton, pos=middle)
        qtbot.mouseMove(divider, middle + QPoint(way, 0))
        qtbot.mouseRelease(divider, Qt.MouseButton.LeftButton, pos=QPoint(divider.width() // 2, 40))
        assert divider.value() / UNITS == pytest.approx(fraction, abs=0.01)
        assert shown.bench.settings.now.divider == pytest.approx(fraction, abs=0.01)
        parted, at = shot(shown.bench.stage.canvas), round(fraction * heat.shape[1])
        assert np.array_equal(parted[:, : at - 20], bare[:, : at - 20])
        assert np.array_equal(parted[:, at + 20 :], heat[:, at + 20 :])
    before = divider.value()
    qtbot.keyClick(shown.bench.stage.canvas, Qt.Key.Key_BracketLeft)
    assert divider.value() < before
    qtbot.keyClick(shown.bench.stage.canvas, Qt.Key.Key_W)
    assert not divider.isVisible() and np.array_equal(shot(shown.bench.stage.canvas), heat)


@pytest.mark.parametrize("arrangement", ["side", "swipe"])
def test_what_is_saved_has_the_arrangement(
    qtbot: QtBot, shown: Window, tmp_path: Path, arrangement: str
) -> None:
    shown.bench.commands[f"arrange_{arrangement}"].trigger()
    saved = save(qtbot, shown, tmp_path / "saved.png")
    loaded = shown.bench.session.loaded
    assert loaded is not None
    width = loaded.picture.pixels.shape[1]
    left = slice(0, width) if arrangement == "side" else slice(0, width // 2 - 4)
    assert np.array_equal(saved[:, left], loaded.picture.pixels[:, left])
    assert saved.shape[1] > 2 * width if arrangement == "side" else saved.shape[1] == width


def test_an_arrangement_is_remembered(
    qtbot: QtBot, make_window: Callable[[], Window], pictures: list[Path], own_settings: Path
) -> None:
    first = make_window()
    first.bench.commands["show_hotspots"].trigger()
    first.bench.settings.change(arrangement="swipe", divider=0.2, spots=HotspotSettings(3, 0.1, 0.8))
    first.close()
    written = json.loads((own_settings / "settings.json").read_text())
    assert written["hotspots"] == {"shown": True, "path": False, "count": 3, "radius": 0.1, "share": 0.8}
    second = make_window()
    opened(qtbot, second, pictures[0])
    assert second.bench.stage.arrangement == "swipe" and second.bench.stage.divider.value() == 0.2 * UNITS
    assert (
        second.feature(HotspotsFeature).page.shown.isChecked()
        and second.feature(HotspotsFeature).page.count.value == 3
    )


def test_hotspots_are_those_of_the_core_in_table_and_on_the_canvas(qtbot: QtBot, shown: Window) -> None:
    plain = shot(shown.bench.stage.canvas)
    qtbot.keyClick(shown.bench.stage.canvas, Qt.Key.Key_N)
    page = shown.feature(HotspotsFeature).page
    qtbot.waitUntil(lambda: page.table.rowCount() > 0, timeout=20_000)
    saliency, look = shown.bench.session.saliency, shown.bench.settings.now
    assert saliency is not None
    expected = find_hotspots(saliency, look.spots, look.heat)
    rows = page.table.table.rows
    assert [row[0] for row in rows] == [spot.number for spot in expected]
    assert [row[3] for row in rows] == pytest.approx([spot.share for spot in expected], abs=1e-6)
    changed = (shot(shown.bench.stage.canvas) != plain).any(axis=2)
    ys, xs = np.nonzero(changed)
    scale = changed.shape[1] / saliency.source_size[0]
    first = expected[0]
    assert np.hypot(xs - first.x * scale, ys - first.y * scale).min() < 0.2 * changed.shape[1]
    page.count.number.setValue(2)
    qtbot.waitUntil(lambda: page.table.rowCount() == 2, timeout=20_000)
    qtbot.keyClick(shown.bench.stage.canvas, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: np.array_equal(shot(shown.bench.stage.canvas), plain), timeout=20_000)


def test_the_table_of_hotspots_is_copied_and_saved(qtbot: QtBot, shown: Window, tmp_path: Path) -> None:
    qtbot.keyClick(shown.bench.stage.canvas, Qt.Key.Key_J)  # the path brings the hotspots that it joins
    page = shown.feature(HotspotsFeature).page
    qtbot.waitUntil(lambda: page.table.rowCount() > 0, timeout=20_000)
    assert shown.bench.settings.now.spots_shown and shown.bench.settings.now.path
    page.copy.click()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t") == ["number", "x", "y", "share", "peak"]
    assert len(lines) == 1 + page.table.rowCount()
    page.save.click()
    dialog = shown.findChild(QFileDialog)
    assert dialog is not None
    with qtbot.waitSignal(shown.bench.files.writer.saved, timeout=20_000):
        dialog.fileSelected.emit(str(tmp_path / "spots.json"))
    dialog.close()
    assert len(json.loads((tmp_path / "spots.json").read_text())) == page.table.rowCount()
    assert shown.bench.settings.now.scene.hotspots == shown.bench.settings.now.spots
