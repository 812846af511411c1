"""Recent files, in the menu and on the first page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from salviewer.app.features.files.commands import RECENT_MENU
from salviewer.app.features.files.feature import FilesFeature
from salviewer.app.menu_bar import submenu
from salviewer.app.state.browsing import RECENT, browsing_from, with_recent
from salviewer.app.window import Window
from salviewer.media.project import load_project


def entries(window: Window) -> list[str]:
    actions = submenu(window, RECENT_MENU).actions()
    return [action.toolTip() for action in actions[:-2]]  # a line and Clear come last


def test_the_newest_comes_first_once_and_twelve_at_most() -> None:
    recent: tuple[str, ...] = ()
    for index in [*range(20), 3]:
        recent = with_recent(recent, [Path(f"/p/{index}.png")])
    assert (
        len(recent) == RECENT and recent[0] == str(Path("/p/3.png")) and recent[1] == str(Path("/p/19.png"))
    )
    assert len(set(recent)) == RECENT
    assert with_recent(recent, [], [Path("/p/3.png")])[0] == str(Path("/p/19.png"))


def test_files_and_folders_are_offered_opened_forgotten_and_remembered(
    qtbot: QtBot, make_window: Callable[[], Window], pictures: list[Path]
) -> None:
    window = make_window()
    menu = submenu(window, RECENT_MENU)
    assert not menu.menuAction().isEnabled()
    folder = pictures[0].parent / "a && b"
    folder.mkdir()
    Image.new("RGB", (30, 20), "teal").save(folder / "x.png")
    for path in (pictures[0], folder, pictures[1]):
        with qtbot.waitSignal(window.bench.session.opened, timeout=20_000):
            window.bench.session.open([path])
    assert entries(window) == [str(pictures[1]), str(folder), str(pictures[0])]
    assert menu.menuAction().isEnabled() and "a &&&& b" in menu.actions()[1].text()
    window.close()
    again = make_window()
    assert entries(again) == [str(pictures[1]), str(folder), str(pictures[0])]
    pictures[1].unlink()
    with qtbot.waitSignal(again.bench.session.failed, timeout=20_000):
        submenu(again, RECENT_MENU).actions()[0].trigger()
    assert entries(again) == [str(folder), str(pictures[0])]  # what is gone is not offered again
    assert [button.toolTip() for button in again.first_page.recent] == entries(again)
    qtbot.mouseClick(again.first_page.recent[1], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: again.bench.session.shown == pictures[0], timeout=20_000)
    again.bench.commands["clear_recent"].trigger()
    assert not entries(again) and not again.bench.settings.now.browsing.recent and not again.first_page.recent


def test_many_files_at_once_are_remembered_by_their_folder(
    qtbot: QtBot, window: Window, tmp_path: Path
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    paths = [folder / f"{index}.png" for index in range(5)]
    for path in paths:
        Image.new("RGB", (30, 20), "teal").save(path)
    with qtbot.waitSignal(window.bench.session.opened, timeout=20_000):
        window.bench.session.open(paths)
    assert entries(window) == [str(folder)]


def test_a_folder_is_asked_for_and_opened(qtbot: QtBot, window: Window, pictures: list[Path]) -> None:
    assert QKeySequence("Ctrl+Shift+O") in window.bench.commands["open_folder"].shortcuts()
    window.bench.commands["open_folder"].trigger()
    dialog = window.findChild(QFileDialog)
    assert dialog is not None and dialog.fileMode() == QFileDialog.FileMode.Directory
    dialog.fileSelected.emit(str(pictures[0].parent))
    dialog.close()
    qtbot.waitUntil(lambda: window.bench.session.position == (1, 3), timeout=20_000)


def test_the_first_page_tells_the_keys_that_matter(window: Window) -> None:
    labels = [label.text() for label in window.first_page.keys]
    assert labels[0] == "Ctrl+O" and labels[-2:] == ["F1", "all keys"]


def test_a_project_keeps_to_the_pictures_chosen_and_is_offered_itself(
    qtbot: QtBot, window: Window, pictures: list[Path], tmp_path: Path
) -> None:
    window.bench.session.open([pictures[1]])
    qtbot.waitUntil(
        lambda: len(window.bench.session.listing.walked) == 3, timeout=20_000
    )  # with its neighbours
    path = tmp_path / "one.salviewer.json"
    with qtbot.waitSignal(window.bench.files.documents.saved, timeout=20_000):
        window.bench.files.documents.save_project(path, window.bench.project.now())
    assert [picture.path for picture in load_project(path).pictures] == [pictures[1]]
    assert entries(window)[0] == str(path)
    window.bench.commands["clear_recent"].trigger()
    with qtbot.waitSignal(window.bench.session.opened, timeout=20_000):
        window.feature(FilesFeature).projects.open(path)
    qtbot.wait(50)
    assert window.bench.session.listing.walked == (pictures[1],)  # just this one
    assert entries(window) == [str(path)]
    with qtbot.waitSignal(window.bench.files.documents.opened, timeout=20_000):
        submenu(window, RECENT_MENU).actions()[0].trigger()


def test_a_settings_file_with_an_old_key_is_still_read() -> None:
    refused: list[str] = []
    assert browsing_from({"ahead": "pictures"}, refused).prefetch == "pictures" and not refused
    browsing_from({"ahead": "everything"}, refused)
    assert refused == ["browsing.prefetch"]
