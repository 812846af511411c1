"""The feature of the folder panel, alone on a small bench."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from salviewer.app.features.folder.feature import FolderFeature
from salviewer.app.workbench import Workbench
from tests.app.features.bench import open_picture


@pytest.fixture
def folder(bench: Workbench) -> FolderFeature:
    """The feature."""
    feature = FolderFeature(bench)
    bench.commands.refresh()
    return feature


def test_the_panel_appears_with_a_second_picture_and_obeys_the_setting(
    qtbot: QtBot, bench: Workbench, folder: FolderFeature, pictures: list[Path]
) -> None:
    assert not folder.panel.isVisible() and not bench.commands["show_folder"].isEnabled()
    bench.session.open(pictures)
    qtbot.waitUntil(lambda: folder.panel.isVisible(), timeout=20_000)
    assert folder.panel.pictures.rowCount() == len(pictures) and bench.commands["show_folder"].isChecked()
    bench.commands["show_folder"].trigger()
    assert not folder.panel.isVisible() and not bench.settings.now.browsing.panel
    bench.commands["find"].trigger()
    assert folder.panel.isVisible() and bench.commands["show_folder"].isChecked()


def test_the_filter_walks_only_what_matches(
    qtbot: QtBot, bench: Workbench, folder: FolderFeature, pictures: list[Path]
) -> None:
    bench.session.open(pictures)
    qtbot.waitUntil(lambda: folder.panel.isVisible(), timeout=20_000)
    folder.panel.filter.setText("picture1")
    assert [path.name for path in bench.session.listing.walked] == ["picture1.png"]
    folder.panel.filter.clear()
    assert len(bench.session.listing.walked) == len(pictures)


def test_sizes_and_overlays_are_settings(bench: Workbench, folder: FolderFeature) -> None:
    assert bench.commands["thumbnails_small"].isChecked()
    bench.commands["thumbnails_large"].trigger()
    assert bench.settings.now.browsing.size == 208 and bench.commands["thumbnails_large"].isChecked()
    bench.commands["thumbnail_overlays"].trigger()
    assert bench.settings.now.browsing.thumbnails == "overlay" and folder.panel.overlays.isChecked()


def test_the_menu_of_a_thumbnail_copies_its_path_and_removes_it(
    qtbot: QtBot, bench: Workbench, folder: FolderFeature, pictures: list[Path]
) -> None:
    open_picture(qtbot, bench, pictures[0])
    bench.session.open(pictures)
    qtbot.waitUntil(lambda: len(bench.session.listing.paths) == len(pictures), timeout=20_000)
    folder.offer(pictures[2], QPoint(5, 5))
    menu = bench.dialog_parent.findChild(QMenu, "thumbnailMenu")
    assert menu is not None
    actions = {action.text().replace("&", ""): action for action in menu.actions()}
    actions["Copy path"].trigger()
    assert QGuiApplication.clipboard().text() == str(pictures[2].absolute())
    actions["Remove from list"].trigger()
    assert pictures[2] not in bench.session.listing.paths and pictures[2].exists()
    menu.close()
