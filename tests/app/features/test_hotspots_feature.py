"""The feature of hotspots, alone on a small bench."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from salviewer.app.features.hotspots.feature import HotspotsFeature
from salviewer.app.workbench import Workbench
from salviewer.core.hotspots import Hotspot, HotspotSettings, find_hotspots
from tests.app.features.bench import open_picture


@pytest.fixture
def hotspots(bench: Workbench) -> HotspotsFeature:
    """The feature."""
    feature = HotspotsFeature(bench)
    bench.commands.refresh()
    return feature


def test_hotspots_are_found_marked_and_listed_while_they_are_wanted(
    qtbot: QtBot, bench: Workbench, hotspots: HotspotsFeature, pictures: list[Path]
) -> None:
    open_picture(qtbot, bench, pictures[0])
    assert not bench.shown.hotspots and not bench.commands["show_hotspots"].isChecked()
    bench.commands["show_hotspots"].trigger()
    qtbot.waitUntil(lambda: bool(bench.shown.hotspots), timeout=20_000)
    saliency, now = bench.session.saliency, bench.settings.now
    assert saliency is not None and now.spots_shown
    assert bench.shown.hotspots == find_hotspots(saliency, now.spots, now.heat)
    assert hotspots.first.hotspots == bench.shown.hotspots and hotspots.page.shown.isChecked()
    assert hotspots.page.table.rowCount() == len(bench.shown.hotspots)
    bench.settings.change(spots=HotspotSettings(count=2))
    qtbot.waitUntil(lambda: len(bench.shown.hotspots) == 2, timeout=20_000)
    assert hotspots.page.count.value == 2
    hotspots.page.shown.click()
    assert not bench.shown.hotspots and not bench.commands["show_hotspots"].isChecked()


def test_the_path_brings_the_hotspots_and_leaves_them(bench: Workbench, hotspots: HotspotsFeature) -> None:
    bench.commands["show_path"].trigger()
    now = bench.settings.now
    assert now.path and now.spots_shown and hotspots.page.path.isChecked() and hotspots.first.path
    bench.commands["show_hotspots"].trigger()
    assert bench.settings.now.path and not bench.settings.now.spots_shown
    bench.commands["show_path"].trigger()
    assert not bench.settings.now.path and not hotspots.second.path


def test_settings_that_were_saved_are_shown_and_stay_as_they_are(bench: Workbench) -> None:
    """A path that is on while hotspots are hidden does not bring them."""
    bench.settings.change(path=True, spots_shown=False, spots=HotspotSettings(7, 0.1, 0.5))
    saved = bench.settings.now
    page = HotspotsFeature(bench).page
    assert bench.settings.now == saved
    assert page.path.isChecked() and not page.shown.isChecked()
    assert (page.count.value, page.radius.value, page.share.value) == (7, 10, 50)


def test_the_picture_beside_has_hotspots_of_its_own(
    qtbot: QtBot, bench: Workbench, hotspots: HotspotsFeature, pictures: list[Path]
) -> None:
    assert bench.stage.pane_ornaments == (hotspots.second,)
    open_picture(qtbot, bench, pictures[0])
    saliency = bench.session.saliency
    assert saliency is not None
    bench.settings.change(spots_shown=True)
    other = replace(saliency, density=saliency.density[::-1].copy())
    bench.shown.set_second(other)
    qtbot.waitUntil(lambda: bool(hotspots.second.hotspots), timeout=20_000)
    now = bench.settings.now
    assert hotspots.second.hotspots == find_hotspots(other, now.spots, now.heat)
    bench.shown.set_second(None)
    assert not hotspots.second.hotspots


def test_hotspots_of_a_live_source_are_marked_at_once_and_listed_a_little_later(
    qtbot: QtBot, bench: Workbench, hotspots: HotspotsFeature, pictures: list[Path]
) -> None:
    bench.settings.change(spots_shown=True)
    open_picture(qtbot, bench, pictures[0])
    qtbot.waitUntil(lambda: bool(bench.shown.hotspots), timeout=20_000)
    found = bench.shown.hotspots
    bench.session.live = True
    assert not bench.shown.hotspots
    bench.session.map_changed.emit(bench.session.saliency)
    frame = (Hotspot(1, 5.0, 6.0, 0.4, 0.9),)
    bench.shown.set_hotspots(frame)
    assert hotspots.first.hotspots == frame
    qtbot.waitUntil(lambda: hotspots.page.table.rowCount() == 1, timeout=20_000)
    assert bench.shown.hotspots == frame
    bench.session.live = False
    qtbot.waitUntil(lambda: bench.shown.hotspots == found, timeout=20_000)
    assert hotspots.page.table.rowCount() == len(found)


def test_the_table_is_saved(
    qtbot: QtBot, bench: Workbench, hotspots: HotspotsFeature, pictures: list[Path], tmp_path: Path
) -> None:
    bench.settings.change(spots_shown=True)
    open_picture(qtbot, bench, pictures[0])
    qtbot.waitUntil(lambda: bool(bench.shown.hotspots), timeout=20_000)
    hotspots.page.save.click()
    dialog = bench.dialog_parent.findChild(QFileDialog)
    assert dialog is not None
    path = tmp_path / "spots.json"
    with qtbot.waitSignal(bench.files.writer.saved, timeout=20_000):
        dialog.fileSelected.emit(str(path))
    dialog.close()
    assert [row["number"] for row in json.loads(path.read_text())] == [
        spot.number for spot in bench.shown.hotspots
    ]
