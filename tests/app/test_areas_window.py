"""Areas in the window: drawn, scored, sorted, copied, saved, and there when a picture comes back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from salviewer.app.features.areas.feature import AreasFeature
from salviewer.app.features.areas.table import COLUMNS, NAME_TIP
from salviewer.app.features.views.feature import ViewsFeature
from salviewer.app.window import Window
from salviewer.core.areas import Area, AreaScore, Ellipse, Rectangle, measure
from salviewer.core.render import OverlayStyle
from salviewer.core.scene import render_scene
from salviewer.media.tables import area_table, table_text
from tests.app.test_window import opened

LEFT = Qt.MouseButton.LeftButton
AREAS: tuple[Area, ...] = (
    Rectangle(0.1, 0.1, 0.3, 0.3, name="Area 10", id="a"),
    Ellipse(0.6, 0.6, 0.3, 0.3, name="Area 2", id="b"),
    Rectangle(0.0, 0.5, 0.2, 0.9, name="logo", id="c"),
    Rectangle(0.45, 0.1, 0.55, 0.2, name="Button", id="d"),
)


def show(qtbot: QtBot, window: Window, path: Path, areas: tuple[Area, ...] = AREAS) -> None:
    opened(qtbot, window, path)
    window.bench.panel.show_page("areas")
    window.bench.areas.put(areas, "put")
    qtbot.waitUntil(lambda: scored(window), timeout=20_000)


def scored(window: Window) -> bool:
    return all(window.bench.shown.score(area) is not None for area in window.bench.areas.all)


def scores(window: Window) -> tuple[AreaScore, ...]:
    assert window.bench.session.saliency is not None
    return measure(window.bench.session.saliency, window.bench.areas.all, window.bench.settings.now.heat)


def cells(window: Window) -> list[list[str]]:
    model = window.feature(AreasFeature).table.model()
    return [
        [str(model.index(row, column).data()) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def names(window: Window) -> list[str]:
    return [row[0] for row in cells(window)]


def test_an_area_drawn_with_a_key_and_the_mouse_is_in_the_table_with_its_share(
    qtbot: QtBot, window: Window, pictures: list[Path]
) -> None:
    opened(qtbot, window, pictures[0])
    canvas = window.bench.stage.canvas
    qtbot.keyClick(canvas, Qt.Key.Key_R)
    assert window.bench.panel.tabs.tabText(window.bench.panel.tabs.currentIndex()) == "Areas"
    assert window.bench.commands["draw_rectangle"].isChecked()
    rect = canvas.picture_rect()
    start = (rect.topLeft() + (rect.center() - rect.topLeft()) * 0.3).toPoint()
    qtbot.mousePress(canvas, LEFT, pos=start)
    for part in (0.5, 1.0):
        qtbot.mouseMove(canvas, start + (rect.center().toPoint() - start) * part)
    qtbot.mouseRelease(canvas, LEFT, pos=rect.center().toPoint())
    qtbot.waitUntil(lambda: scored(window), timeout=20_000)
    (score,) = scores(window)
    assert 0.02 < score.size < 0.3
    assert cells(window)[0][:2] == ["Area 1", f"{100 * score.share:.1f} %"]
    assert window.bench.commands["draw_select"].isChecked()
    assert window.bench.commands["undo_areas"].text() == "&Undo draw a rectangle"
    qtbot.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not cells(window) and not window.bench.commands["undo_areas"].isEnabled()
    control_shift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(canvas, Qt.Key.Key_Z, control_shift)
    assert names(window) == ["Area 1"] and window.bench.areas.selection


def test_there_are_dashes_without_a_map_and_numbers_follow_the_settings(
    qtbot: QtBot, window: Window, pictures: list[Path]
) -> None:
    show(qtbot, window, pictures[0])
    before = cells(window)
    window.bench.session.map_changed.emit(None)
    assert [row[1:] for row in cells(window)] == [["–"] * len(COLUMNS)] * len(AREAS)
    window.bench.session.map_changed.emit(window.bench.session.saliency)
    qtbot.waitUntil(lambda: cells(window) == before, timeout=20_000)
    with qtbot.waitSignal(window.bench.shown.scores_changed, timeout=20_000):
        fixed = replace(window.bench.settings.now.heat, normalise="fixed")
        window.bench.settings.change(heat=fixed, style=OverlayStyle())
    expected = scores(window)
    for row, score in zip(cells(window), expected, strict=True):
        assert row[1:] == [column.text(score) for column in COLUMNS]
    assert [row[1] for row in cells(window)] == [row[1] for row in before]  # shares do not follow the scale
    assert [row[5] for row in cells(window)] != [row[5] for row in before]


def test_rows_are_sorted_by_a_click_on_a_heading(qtbot: QtBot, window: Window, pictures: list[Path]) -> None:
    show(qtbot, window, pictures[0])
    header = window.feature(AreasFeature).table.horizontalHeader()

    def click(section: int) -> None:
        at = QPoint(header.sectionViewportPosition(section) + 10, header.height() // 2)
        qtbot.mouseClick(header.viewport(), LEFT, pos=at)

    assert names(window) == ["Area 10", "Area 2", "logo", "Button"]
    click(0)
    assert names(window) == ["Area 2", "Area 10", "Button", "logo"]
    for section, column in enumerate(COLUMNS, 1):
        click(section)
        value = {score.area.name: column.value(score) for score in scores(window)}
        assert [value[name] for name in names(window)] == sorted(value.values())
    click(len(COLUMNS))
    assert names(window)[0] == "logo"  # the hottest first
    click(len(COLUMNS))
    assert names(window) == ["Area 10", "Area 2", "logo", "Button"]  # as drawn


def test_what_is_selected_in_the_table_is_on_the_picture_and_the_other_way(
    qtbot: QtBot, window: Window, pictures: list[Path]
) -> None:
    show(qtbot, window, pictures[0])
    table = window.feature(AreasFeature).table
    table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    table.selectRow(2)
    (area,) = window.bench.areas.selected
    assert area.name == names(window)[2]
    window.bench.areas.select(["a", "c"])
    chosen = {str(index.data()) for index in table.selectionModel().selectedRows()}
    assert chosen == {"Area 10", "logo"}
    table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    assert {str(i.data()) for i in table.selectionModel().selectedRows()} == chosen
    assert window.bench.areas.selection == {"a", "c"}
    window.bench.commands["delete_areas"].trigger()
    assert sorted(names(window)) == ["Area 2", "Button"] and not window.bench.areas.selection
    window.bench.commands["select_areas"].trigger()
    assert len(table.selectionModel().selectedRows()) == 2


def test_ctrl_c_copies_rows_as_they_are_sorted_all_if_none_is_selected(
    qtbot: QtBot, window: Window, pictures: list[Path]
) -> None:
    show(qtbot, window, pictures[0])
    table = window.feature(AreasFeature).table
    table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    by_name = {score.area.name: score for score in scores(window)}
    control = Qt.KeyboardModifier.ControlModifier
    for chosen, expected in (
        ((), ["Area 2", "Area 10", "Button", "logo"]),
        (("c", "a"), ["Area 10", "logo"]),
    ):
        window.bench.areas.select(chosen)
        QGuiApplication.clipboard().clear()
        qtbot.keyClick(table, Qt.Key.Key_C, control)
        text = QGuiApplication.clipboard().text()
        assert text == table_text(area_table([by_name[name] for name in expected]), "tsv")
        assert text.splitlines()[0].split("\t")[:2] == ["name", "kind"]
        assert ("4 areas" if not chosen else "2 areas") in window.bench.notices.text


def test_f2_renames_in_the_table_and_letters_are_not_taken_for_tools(
    qtbot: QtBot, window: Window, pictures: list[Path]
) -> None:
    show(qtbot, window, pictures[0])
    window.activateWindow()
    window.bench.areas.select(["b"])
    window.bench.commands["rename_area"].trigger()
    editor = window.feature(AreasFeature).table.findChild(QLineEdit)
    assert editor is not None and editor.text() == "Area 2"
    qtbot.waitUntil(editor.hasFocus)
    qtbot.keyClicks(editor, "Red label")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.bench.areas.all[1].name == "Red label")
    assert names(window) == ["Area 10", "Red label", "logo", "Button"]
    assert window.feature(AreasFeature).tool.mode == "select"
    window.bench.areas.undo()
    assert window.bench.areas.all[1].name == "Area 2"


def test_new_numbers_leave_a_name_alone_that_is_being_typed(
    qtbot: QtBot, window: Window, pictures: list[Path]
) -> None:
    """As they come with every frame of a video."""
    show(qtbot, window, pictures[0])
    window.bench.areas.select(["b"])
    window.bench.commands["rename_area"].trigger()
    editor = window.feature(AreasFeature).table.findChild(QLineEdit)
    assert editor is not None and editor.selectedText() == "Area 2"
    saliency, areas = window.bench.session.saliency, window.bench.areas.all
    assert saliency is not None
    falling = saliency.density * np.linspace(2, 0, saliency.density.shape[1], dtype=np.float32)
    other = replace(saliency, density=falling / falling.sum())
    for density, text in ((other, "Area 2"), (saliency, "Red")):
        before = cells(window)[1]
        window.bench.shown.set_scores(measure(density, areas, window.bench.settings.now.heat))
        assert cells(window)[1] != before
        assert editor.text() == text
        if density is other:
            assert editor.selectedText() == text
            qtbot.keyClicks(editor, "Red")
    qtbot.keyClicks(editor, " label")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.bench.areas.all[1].name == "Red label")


@pytest.mark.parametrize("suffix", [".csv", ".json"])
def test_the_table_is_saved(
    qtbot: QtBot, window: Window, pictures: list[Path], tmp_path: Path, suffix: str
) -> None:
    show(qtbot, window, pictures[0])
    button = window.feature(AreasFeature).page.findChild(QPushButton, "save_areas_button")
    assert button is not None
    qtbot.mouseClick(button, LEFT)
    dialog = window.findChild(QFileDialog)
    assert dialog is not None and not dialog.testOption(QFileDialog.Option.DontConfirmOverwrite)
    path = tmp_path / f"out{suffix}"
    with qtbot.waitSignal(window.bench.files.documents.table_saved, timeout=20_000):
        dialog.fileSelected.emit(str(path))
    dialog.close()
    expected = area_table(scores(window))
    if suffix == ".json":
        assert path.read_text("utf-8") == table_text(expected, "json")
    else:
        assert path.read_text("utf-8-sig") == table_text(expected, "csv").replace("\r\n", "\n")
    assert path.name in window.bench.notices.text


def test_a_table_that_cannot_be_saved_is_one_sentence(
    qtbot: QtBot, window: Window, pictures: list[Path], tmp_path: Path
) -> None:
    show(qtbot, window, pictures[0])
    with qtbot.waitSignal(window.bench.files.documents.failed, timeout=20_000):
        window.bench.files.documents.save_table(
            tmp_path / "gone" / "out.csv", window.feature(AreasFeature).chosen
        )
    assert "out.csv" in window.bench.notices.text and "\n" not in window.bench.notices.text


def test_areas_survive_turning_away_and_back(qtbot: QtBot, window: Window, pictures: list[Path]) -> None:
    window.bench.session.open(pictures)
    qtbot.waitUntil(lambda: window.bench.session.position == (1, 3), timeout=20_000)
    window.bench.areas.put(AREAS, "put")
    qtbot.keyClick(window.bench.stage.canvas, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: window.bench.session.position == (2, 3), timeout=20_000)
    assert not cells(window) and not window.bench.shown.scene.areas
    window.bench.areas.put(AREAS[:1], "put")
    qtbot.keyClick(window.bench.stage.canvas, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: window.bench.session.position == (1, 3), timeout=20_000)
    assert window.bench.areas.all == AREAS and len(cells(window)) == 4
    assert window.bench.areas.history.undoes == "put"


def test_areas_are_in_what_is_saved_while_they_are_shown(
    qtbot: QtBot, window: Window, pictures: list[Path], tmp_path: Path
) -> None:
    show(qtbot, window, pictures[0])
    loaded, saliency = window.bench.session.loaded, window.bench.session.saliency
    assert loaded is not None and saliency is not None
    assert window.bench.shown.scene.areas == AREAS
    window.bench.commands["save_overlay"].trigger()
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    with qtbot.waitSignal(window.bench.files.writer.saved, timeout=20_000):
        dialog.fileSelected.emit(str(tmp_path / "out.png"))
    dialog.close()
    expected = render_scene(loaded.picture.pixels, saliency, window.bench.shown.scene)
    assert np.array_equal(np.asarray(Image.open(tmp_path / "out.png")), expected)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window.bench.stage.canvas, Qt.Key.Key_A)
    assert window.bench.shown.scene.areas == () and not window.bench.settings.now.areas
    assert window.bench.areas.all == AREAS and not window.feature(AreasFeature).tool.active
    qtbot.keyClick(window.bench.stage.canvas, Qt.Key.Key_E)
    assert window.bench.shown.scene.areas == AREAS and window.feature(AreasFeature).tool.mode == "ellipse"


def test_every_control_of_the_page_has_a_name_a_tip_and_the_keyboard(
    qtbot: QtBot, window: Window, pictures: list[Path]
) -> None:
    show(qtbot, window, pictures[0])
    reached, widget = set(), window.feature(ViewsFeature).engine.model
    for _ in range(400):
        widget = widget.nextInFocusChain()  # type: ignore[assignment]
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
            reached.add(widget.objectName())
    for name in ("select", "rectangle", "ellipse", "polygon"):
        assert f"draw_{name}_button" in reached
    assert {"areaTable", "copy_areas_button", "save_areas_button", "show_areas_button"} <= reached
    model = window.feature(AreasFeature).table.model()
    tips = [
        model.headerData(section, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
        for section in range(model.columnCount())
    ]
    assert tips == [NAME_TIP, *(column.tip for column in COLUMNS)]
    assert window.feature(AreasFeature).table.accessibleName() and QApplication.focusWidget() is not None


def test_the_page_widens_a_narrow_panel_once_if_the_picture_keeps_its_share(
    qtbot: QtBot, window: Window, pictures: list[Path]
) -> None:
    window.resize(1280, 800)
    narrow = window.bench.panel.width()
    show(qtbot, window, pictures[0])
    table = window.feature(AreasFeature).table
    assert window.bench.panel.width() == narrow and window.bench.stage.canvas.width() >= 0.65 * 1280
    assert table.columnWidth(0) + table.columnWidth(1) + table.columnWidth(2) >= table.viewport().width()
    window.bench.panel.show_page("heatmap")
    window.resize(1900, 800)
    window.bench.panel.show_page("areas")
    assert window.bench.panel.width() > narrow
    qtbot.waitUntil(lambda: table.horizontalScrollBar().maximum() == 0)
    window.bench.panel.show_page("heatmap")
    wide = window.bench.panel.width() + 60
    window.widen_panel(wide, 1.0)
    window.bench.panel.show_page("areas")
    assert window.bench.panel.width() == pytest.approx(wide, abs=2)
