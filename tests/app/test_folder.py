"""The folder panel: its list of pictures, and the user's actions on them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from salviewer.app.features.folder.feature import FolderFeature
from salviewer.app.features.folder.model import SHOWN, THUMB
from salviewer.app.features.folder.thumbs import Thumbnails
from salviewer.app.features.views.feature import ViewsFeature
from salviewer.app.state.session import Session
from salviewer.app.window import Window
from salviewer.app.workers.overlay_layers import to_image
from salviewer.core.render import render
from salviewer.media.picture_list import Listing


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five pictures named out of order, and one that is none."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    rng = np.random.default_rng(7)
    for index, name in enumerate(["b10.png", "b2.png", "a.png", "C1.png", "b1.jpg"]):
        pixels = rng.integers(0, 255, (60 + index, 90, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / name)
    (folder / "z.png").write_bytes(b"no picture")
    return folder


ORDER = ["a.png", "b1.jpg", "b2.png", "b10.png", "C1.png", "z.png"]


def opened(qtbot: QtBot, window: Window, *paths: Path) -> None:
    window.bench.session.open(paths)
    qtbot.waitUntil(lambda: window.bench.stage.canvas.layer is not None, timeout=60_000)


def listed(session: Session) -> list[str]:
    return [path.name for path in session.listing.walked]


def click(qtbot: QtBot, window: Window, row: int) -> None:
    grid = window.feature(FolderFeature).panel.grid
    area = grid.visualRect(window.feature(FolderFeature).panel.pictures.index(row))
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=area.center())


def test_one_file_lists_its_folder_and_two_files_are_just_these(
    qtbot: QtBot, window: Window, folder: Path
) -> None:
    opened(qtbot, window, folder / "b2.png")
    qtbot.waitUntil(lambda: listed(window.bench.session) == ORDER, timeout=20_000)
    assert window.bench.session.position == (3, 6)
    assert (
        window.feature(FolderFeature).panel.isVisible()
        and window.feature(FolderFeature).panel.count.text() == "6 pictures"
    )
    assert "3 of 6" in window.bench.status.facts.text()
    window.bench.session.open([folder / "b10.png", folder / "a.png"])
    qtbot.waitUntil(lambda: listed(window.bench.session) == ["b10.png", "a.png"], timeout=20_000)
    qtbot.wait(50)
    assert listed(window.bench.session) == ["b10.png", "a.png"] and window.bench.session.position == (1, 2)


def test_the_list_follows_its_folder(qtbot: QtBot, window: Window, folder: Path) -> None:
    opened(qtbot, window, folder / "b2.png")
    qtbot.waitUntil(lambda: listed(window.bench.session) == ORDER, timeout=20_000)
    (folder / "a.png").rename(folder / "b3.png")
    (folder / "z.png").unlink()
    (folder / "notes.txt").write_text("no picture")
    now = ["b1.jpg", "b2.png", "b3.png", "b10.png", "C1.png"]
    qtbot.waitUntil(lambda: listed(window.bench.session) == now, timeout=20_000)
    assert window.bench.session.position == (2, 5) and "2 of 5" in window.bench.status.facts.text()
    (folder / "b2.png").unlink()  # the one on screen: it stays there, and the next is the next
    qtbot.waitUntil(lambda: "b2.png" not in listed(window.bench.session), timeout=20_000)
    assert window.bench.session.loaded is not None and window.bench.session.loaded.name == "b2.png"
    window.bench.commands["next"].trigger()
    qtbot.waitUntil(lambda: window.bench.session.position == (2, 4), timeout=20_000)
    assert window.bench.session.loaded.name == "b3.png"


def test_a_filter_is_walked_counted_and_cleared_by_escape(qtbot: QtBot, window: Window, folder: Path) -> None:
    opened(qtbot, window, folder)
    window.bench.commands["find"].trigger()
    field = window.feature(FolderFeature).panel.filter
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClicks(field, "B1")
    assert listed(window.bench.session) == ["b1.jpg", "b10.png"]
    assert window.feature(FolderFeature).panel.count.text() == "2 of 6"
    assert window.feature(FolderFeature).panel.pictures.rowCount() == 2
    assert (
        window.bench.session.loaded is not None and window.bench.session.loaded.name == "a.png"
    )  # it stays on screen
    window.bench.commands["next"].trigger()
    qtbot.waitUntil(lambda: window.bench.session.position == (1, 2), timeout=20_000)
    window.bench.commands["next"].trigger()
    qtbot.waitUntil(lambda: window.bench.session.position == (2, 2), timeout=20_000)
    assert window.bench.session.loaded.name == "b10.png" and not window.bench.commands["next"].isEnabled()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert (
        not field.text() and listed(window.bench.session) == ORDER and window.bench.session.position == (4, 6)
    )
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert window.bench.stage.canvas.hasFocus()


def test_click_and_enter_open_and_the_one_on_screen_is_marked(
    qtbot: QtBot, window: Window, folder: Path
) -> None:
    opened(qtbot, window, folder)
    pictures, grid = window.feature(FolderFeature).panel.pictures, window.feature(FolderFeature).panel.grid
    assert [pictures.index(row).data(SHOWN) for row in range(3)] == [True, False, False]
    click(qtbot, window, 2)
    qtbot.waitUntil(lambda: window.bench.session.position == (3, 6), timeout=20_000)
    assert window.bench.stage.canvas.hasFocus()
    assert pictures.index(2).data(SHOWN) and not pictures.index(0).data(SHOWN)
    grid.setFocus()
    qtbot.keyClick(grid, Qt.Key.Key_Down)
    assert window.bench.session.position == (3, 6)  # the keyboard's place moved, nothing else
    qtbot.keyClick(grid, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.bench.session.position == (4, 6), timeout=20_000)
    window.bench.commands["next"].trigger()
    qtbot.waitUntil(lambda: window.bench.session.position == (5, 6), timeout=20_000)
    area = grid.visualRect(pictures.index(4))
    assert grid.currentIndex().row() == 4 and grid.viewport().rect().contains(area)
    assert "on screen" in pictures.index(4).data(Qt.ItemDataRole.AccessibleTextRole)


def test_thumbnails_show_pictures_and_say_why_one_does_not(
    qtbot: QtBot, window: Window, folder: Path
) -> None:
    opened(qtbot, window, folder)
    pictures = window.feature(FolderFeature).panel.pictures
    qtbot.waitUntil(lambda: all(pictures.index(row).data(THUMB) for row in range(6)), timeout=20_000)
    thumb = pictures.index(2).data(THUMB)  # b2.png: 90 x 61
    assert np.array_equal(thumb.pixels, np.asarray(Image.open(folder / "b2.png")))
    assert pictures.index(2).data(Qt.ItemDataRole.ToolTipRole) == str(folder / "b2.png")
    tip = pictures.index(5).data(Qt.ItemDataRole.ToolTipRole)
    assert str(folder / "z.png") in tip and tip != str(folder / "z.png") and "\n" not in tip
    Image.new("RGB", (30, 20), "red").save(folder / "new.png")
    (folder / "new.png").replace(folder / "b2.png")  # as programs save
    qtbot.waitUntil(lambda: pictures.index(2).data(THUMB).pixels.shape == (20, 30, 3), timeout=20_000)


def test_only_what_is_in_view_and_a_margin_is_made(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    Image.new("RGB", (64, 48), "teal").save(folder / "0.png")
    for index in range(1, 400):
        (folder / f"{index}.png").hardlink_to(folder / "0.png")
    window.feature(FolderFeature).panel.set_side(144)
    opened(qtbot, window, folder)
    made: set[Path] = set()
    window.feature(FolderFeature).panel.thumbs.made.connect(made.add)
    grid = window.feature(FolderFeature).panel.grid
    qtbot.waitUntil(lambda: bool(grid.in_view()), timeout=20_000)
    grid.look()
    qtbot.wait(60)
    qtbot.waitUntil(lambda: not window.feature(FolderFeature).panel.thumbs.worker.busy, timeout=20_000)
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum())
    qtbot.waitUntil(lambda: folder / "399.png" in made, timeout=20_000)
    qtbot.waitUntil(lambda: not window.feature(FolderFeature).panel.thumbs.worker.busy, timeout=20_000)
    assert len(made) < 6 * len(grid.in_view()) < 100
    assert set(grid.in_view()) <= made and folder / "200.png" not in made


def test_ten_thousand_pictures_are_no_more_work_than_a_screenful(qtbot: QtBot, window: Window) -> None:
    paths = tuple(Path(f"/nowhere/{index}.png") for index in range(10_000))
    window.bench.session.listing_changed.emit(Listing(paths[:1], (), None, paths))
    window.feature(FolderFeature).panel.show()
    qtbot.waitUntil(lambda: bool(window.feature(FolderFeature).panel.grid.in_view()))
    assert window.feature(FolderFeature).panel.pictures.rowCount() == 10_000
    assert len(window.feature(FolderFeature).panel.grid.in_view(1.0)) < 60
    window.feature(FolderFeature).panel.grid.show_path(paths[7000])
    assert paths[7000] in window.feature(FolderFeature).panel.grid.in_view()


def test_thumbnails_stay_within_their_memory(
    qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("salviewer.app.features.folder.thumbs.KEEP_BYTES", 80_000)
    thumbs = Thumbnails(lambda key: None)
    with qtbot.waitSignal(thumbs.idle, timeout=20_000):
        thumbs.want([folder / name for name in ORDER])
    assert 0 < thumbs.total <= 80_000
    assert thumbs.get(folder / "a.png") is None and thumbs.get(folder / "C1.png") is not None
    thumbs.worker.close()
    assert thumbs.worker.join(20)


def test_overlays_are_predicted_for_those_in_view_and_look_as_on_screen(
    qtbot: QtBot, window: Window, folder: Path
) -> None:
    opened(qtbot, window, folder)
    on_screen = window.bench.session.loaded
    window.bench.commands["thumbnail_overlays"].trigger()
    assert (
        window.feature(FolderFeature).panel.overlays.isChecked()
        and window.bench.settings.now.browsing.thumbnails == "overlay"
    )
    window.feature(FolderFeature).panel.grid.look()
    path, thumbs = folder / "b2.png", window.feature(FolderFeature).panel.thumbs

    def overlaid() -> bool:
        thumb = thumbs.get(path)
        return thumb is not None and thumb.saliency is not None

    qtbot.waitUntil(overlaid, timeout=60_000)
    thumb, look = thumbs.get(path), window.bench.settings.now
    assert thumb is not None and thumb.pixels is not None and thumb.saliency is not None
    assert thumb.saliency is window.bench.session.known_map(thumb.key, window.bench.session.engine)
    assert thumb.image == to_image(render(thumb.pixels, thumb.saliency, look.heat, look.style))
    assert window.bench.session.loaded is on_screen
    window.feature(ViewsFeature).display.opacity.slider.setValue(1000)
    qtbot.waitUntil(lambda: thumbs.get(path).look.style.opacity == 1, timeout=20_000)  # type: ignore[union-attr]
    window.bench.commands["thumbnail_overlays"].trigger()
    qtbot.waitUntil(lambda: thumbs.get(path).saliency is None, timeout=20_000)  # type: ignore[union-attr]


def test_the_menu_of_a_thumbnail_copies_its_path_and_takes_it_out_of_the_list(
    qtbot: QtBot, window: Window, folder: Path
) -> None:
    opened(qtbot, window, folder)
    grid = window.feature(FolderFeature).panel.grid
    area = grid.visualRect(window.feature(FolderFeature).panel.pictures.index(1))

    def choose(text: str) -> None:
        grid.customContextMenuRequested.emit(area.center())
        menu = window.findChild(QMenu, "thumbnailMenu")
        assert menu is not None
        next(action for action in menu.actions() if text in action.text()).trigger()
        menu.close()

    choose("Copy")
    assert QGuiApplication.clipboard().text() == str(folder / "b1.jpg")
    assert str(folder / "b1.jpg") in window.bench.notices.text
    choose("Remove")
    assert listed(window.bench.session) == [name for name in ORDER if name != "b1.jpg"]
    assert (folder / "b1.jpg").exists() and window.bench.session.position == (1, 5)
    window.bench.commands["remove"].trigger()  # the one on screen: the next one comes
    qtbot.waitUntil(lambda: window.bench.session.loaded.name == "b2.png", timeout=20_000)  # type: ignore[union-attr]
    assert window.bench.session.position == (1, 4)
    (folder / "new.png").write_bytes((folder / "b2.png").read_bytes())
    qtbot.waitUntil(lambda: "new.png" in listed(window.bench.session), timeout=20_000)
    assert "a.png" not in listed(window.bench.session)  # what was taken out stays out


def test_the_panel_is_remembered_and_away_while_there_is_nothing_to_choose(
    qtbot: QtBot, window: Window, folder: Path, tmp_path: Path
) -> None:
    assert (
        not window.feature(FolderFeature).panel.isVisible()
        and not window.bench.commands["show_folder"].isEnabled()
    )
    opened(qtbot, window, folder)
    assert window.feature(FolderFeature).panel.isVisible()
    qtbot.keyClick(window.bench.stage.canvas, Qt.Key.Key_F8)
    assert (
        not window.feature(FolderFeature).panel.isVisible() and not window.bench.settings.now.browsing.panel
    )
    window.bench.commands["find"].trigger()
    assert window.feature(FolderFeature).panel.isVisible()
    alone = tmp_path / "alone"
    alone.mkdir()
    Image.new("RGB", (20, 20)).save(alone / "one.png")
    window.bench.session.open([alone / "one.png"])
    qtbot.waitUntil(lambda: not window.feature(FolderFeature).panel.isVisible(), timeout=20_000)


def test_columns_share_the_width(qtbot: QtBot, window: Window, folder: Path) -> None:
    opened(qtbot, window, folder)
    window.resize(1400, 800)
    window._across.setSizes([420, 600, 300])
    grid, pictures = window.feature(FolderFeature).panel.grid, window.feature(FolderFeature).panel.pictures
    qtbot.waitUntil(lambda: grid.visualRect(pictures.index(1)).left() > 100)
    first, second = (grid.visualRect(pictures.index(row)) for row in (0, 1))
    assert first.top() == second.top() and first.width() == second.width()
    assert grid.indexAt(QPoint(first.center().x(), first.center().y())).row() == 0
