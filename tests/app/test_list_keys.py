"""The keyboard and the list of pictures, and where file dialogs begin."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from salviewer.app.features.folder.feature import FolderFeature
from salviewer.app.state.settings_store import nearest_folder
from salviewer.app.window import Window


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Forty small pictures."""
    result = tmp_path / "pictures"
    result.mkdir()
    for number in range(40):
        grey = np.full((24, 32, 3), 6 * number, np.uint8)
        Image.fromarray(grey).save(result / f"picture{number:02d}.png")
    return result


def opened(qtbot: QtBot, window: Window, folder: Path) -> None:
    window.bench.session.open([folder])
    qtbot.waitUntil(lambda: window.bench.session.position == (1, 40), timeout=30_000)


def shown(window: Window) -> str:
    path = window.bench.session.shown
    return "" if path is None else path.name


def test_enter_in_the_filter_opens_the_first_match_and_gives_the_keyboard_to_the_picture(
    qtbot: QtBot, window: Window, folder: Path
) -> None:
    opened(qtbot, window, folder)
    field = window.feature(FolderFeature).panel.filter
    field.setFocus()
    qtbot.keyClicks(field, "picture3")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown(window) == "picture30.png", timeout=20_000)
    assert window.bench.stage.canvas.hasFocus()
    field.setFocus()
    field.setText("nothing is named so")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.hasFocus() and shown(window) == "picture30.png"


def test_home_and_end_go_to_the_first_and_the_last_picture(
    qtbot: QtBot, window: Window, folder: Path
) -> None:
    opened(qtbot, window, folder)
    canvas = window.bench.stage.canvas
    qtbot.keyClick(canvas, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: window.bench.session.position == (40, 40), timeout=20_000)
    qtbot.keyClick(canvas, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: window.bench.session.position == (1, 40), timeout=20_000)


def test_the_current_thumbnail_stays_in_view_when_the_panel_gets_another_size(
    qtbot: QtBot, window: Window, folder: Path
) -> None:
    opened(qtbot, window, folder)
    window.bench.session.go(folder / "picture30.png")
    qtbot.waitUntil(lambda: shown(window) == "picture30.png", timeout=20_000)
    grid = window.feature(FolderFeature).panel.grid
    for width, height in ((1000, 420), (1000, 760), (1300, 500)):
        window.resize(width, height)
        for folder_width in (190, 380):
            grid.window().findChild(type(window._across), "across").setSizes([folder_width, 400, 292])
            qtbot.wait(40)
            area = grid.visualRect(grid.currentIndex())
            assert grid.viewport().rect().contains(area), (width, height, folder_width, area)


def test_dialogs_begin_in_a_folder_that_is_there(
    qtbot: QtBot, make_window: Callable[[], Window], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    window = make_window()
    assert Path(window.bench.settings.folder) == home  # there is no ~/Pictures
    gone = tmp_path / "gone" / "deeper"
    window.bench.settings.change(folder=str(gone))
    assert Path(window.bench.settings.folder) == tmp_path
    window.bench.commands["open_files"].trigger()
    dialog = window.findChild(QFileDialog)
    assert dialog is not None and Path(dialog.directory().absolutePath()) == tmp_path
    dialog.close()


def test_the_nearest_folder_is_home_when_nothing_above_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert nearest_folder("") == str(tmp_path)
    assert nearest_folder("/no-such-disk/pictures") == str(tmp_path)
    assert nearest_folder(str(tmp_path)) == str(tmp_path)
