"""The feature of areas, alone on a small bench."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from salviewer.app.features.areas.feature import AreasFeature
from salviewer.app.features.areas.suggester import Suggestions
from salviewer.app.workbench import Workbench
from salviewer.core.areas import Area, Rectangle, measure
from salviewer.core.suggesting import SuggestedArea
from salviewer.media.tables import area_table, table_text
from tests.app.features.bench import SmallLayout, open_picture

LEFT: tuple[Area, ...] = (Rectangle(0.1, 0.2, 0.4, 0.8, name="Left", id="left"),)
AREAS: tuple[Area, ...] = (*LEFT, Rectangle(0.5, 0.1, 0.9, 0.6, name="Right", id="right"))


@pytest.fixture
def areas(bench: Workbench) -> AreasFeature:
    """The feature."""
    feature = AreasFeature(bench)
    bench.commands.refresh()
    return feature


def test_areas_are_scored_on_the_map_that_is_shown(
    qtbot: QtBot, bench: Workbench, areas: AreasFeature, pictures: list[Path]
) -> None:
    open_picture(qtbot, bench, pictures[0])
    bench.areas.put(AREAS, "put")
    qtbot.waitUntil(lambda: len(bench.shown.scores) == 2, timeout=20_000)
    assert bench.session.saliency is not None
    expected = measure(bench.session.saliency, AREAS, bench.settings.now.heat)
    for found, score in zip(bench.shown.scores, expected, strict=True):
        assert found.area == score.area and found.share == pytest.approx(score.share, abs=1e-6)
    areas.copy()
    assert QGuiApplication.clipboard().text() == table_text(area_table(bench.shown.scores), "tsv")
    assert "2 areas" in bench.notices.text
    bench.areas.remove(["left"])
    assert [score.area.id for score in bench.shown.scores] == ["right"]


def test_commands_are_possible_and_checked_as_the_state_says(
    qtbot: QtBot, bench: Workbench, areas: AreasFeature, pictures: list[Path]
) -> None:
    commands = bench.commands
    assert commands["draw_select"].isChecked() and not commands["draw_rectangle"].isEnabled()
    open_picture(qtbot, bench, pictures[0])
    assert commands["draw_rectangle"].isEnabled() and not commands["undo_areas"].isEnabled()
    commands["draw_rectangle"].trigger()
    assert areas.tool.mode == "rectangle" and commands["draw_rectangle"].isChecked()
    assert not commands["draw_select"].isChecked() and bench.panel.front == "areas"
    bench.areas.put(LEFT, "draw a rectangle")
    assert commands["undo_areas"].isEnabled() and commands["undo_areas"].text() == "&Undo draw a rectangle"
    assert not commands["delete_areas"].isEnabled()
    commands["select_areas"].trigger()
    assert bench.areas.selection == {"left"} and commands["delete_areas"].isEnabled()
    commands["delete_areas"].trigger()
    assert not bench.areas.all and not commands["select_areas"].isEnabled()


def test_hidden_areas_are_not_edited_and_drawing_shows_them_again(
    qtbot: QtBot, bench: Workbench, areas: AreasFeature, pictures: list[Path]
) -> None:
    open_picture(qtbot, bench, pictures[0])
    bench.areas.put(LEFT, "put")
    bench.areas.select(["left"])
    bench.commands["draw_polygon"].trigger()
    bench.commands["show_areas"].trigger()
    assert not bench.settings.now.areas and not bench.commands["show_areas"].isChecked()
    assert not areas.ornament.shown and not areas.tool.active and areas.tool.mode == "select"
    assert not bench.areas.selection and bench.shown.scene.areas == ()
    bench.commands["draw_ellipse"].trigger()
    assert bench.settings.now.areas and areas.ornament.shown and areas.tool.mode == "ellipse"
    assert bench.shown.scene.areas == LEFT


def test_the_tool_in_use_is_asked_for_again_and_brings_its_page(
    qtbot: QtBot, bench: Workbench, areas: AreasFeature, pictures: list[Path]
) -> None:
    """As the key V does: the action is checked already, and still acts."""
    open_picture(qtbot, bench, pictures[0])
    bench.settings.change(areas=False)
    bench.commands["draw_select"].trigger()
    assert bench.settings.now.areas and bench.commands["draw_select"].isChecked()


def test_each_picture_has_its_areas(
    qtbot: QtBot, bench: Workbench, areas: AreasFeature, pictures: list[Path]
) -> None:
    open_picture(qtbot, bench, pictures[0])
    bench.areas.put(LEFT, "put")
    open_picture(qtbot, bench, pictures[1])
    assert not bench.areas.all and areas.table.model().rowCount() == 0
    open_picture(qtbot, bench, pictures[0])
    assert bench.areas.all == LEFT and areas.table.model().rowCount() == 1


def test_scores_of_a_live_source_are_shown_and_nothing_is_measured(
    qtbot: QtBot, bench: Workbench, areas: AreasFeature, pictures: list[Path]
) -> None:
    open_picture(qtbot, bench, pictures[0])
    bench.areas.put(LEFT, "put")
    qtbot.waitUntil(lambda: bool(bench.shown.scores), timeout=20_000)
    (own,) = bench.shown.scores
    bench.session.live = True
    assert not bench.shown.scores
    other = measure(bench.session.saliency, (Rectangle(0, 0, 1, 1, id="left"),))  # type: ignore[arg-type]
    bench.shown.set_scores(other)
    cell = areas.table.model().index(0, 1)
    assert cell.data() == "100.0 %"
    bench.areas.rename("left", "Logo")
    bench.shown.set_overlay(bench.shown.overlay)
    assert cell.data() == "100.0 %"
    bench.session.live = False
    qtbot.waitUntil(lambda: cell.data() == f"{100 * own.share:.1f} %", timeout=20_000)


def test_areas_of_a_picture_are_not_scored_on_the_last_frame_of_a_live_source(
    qtbot: QtBot, bench: Workbench, areas: AreasFeature, pictures: list[Path]
) -> None:
    open_picture(qtbot, bench, pictures[1])
    bench.areas.put(LEFT, "put")
    open_picture(qtbot, bench, pictures[0])
    frame = bench.shown.overlay
    bench.session.live = True
    bench.session.map_changed.emit(None)
    bench.shown.set_overlay(frame)
    seen = []

    def turn() -> None:
        bench.session.live = False  # as the live feature does when another picture is opened
        seen.append((bench.areas.all, bench.shown.overlay, bench.shown.scores))

    bench.session.picture_changed.connect(turn)
    bench.session.open([pictures[1]])
    qtbot.waitUntil(lambda: bool(seen), timeout=20_000)
    assert seen[0] == (LEFT, None, ())


def test_the_page_asks_for_the_width_of_its_table_while_the_panel_is_narrow(
    bench: Workbench, areas: AreasFeature
) -> None:
    bench.panel.add_page("Other", areas.page.__class__(areas.table), "other")
    layout = bench.layout
    assert isinstance(layout, SmallLayout)
    bench.panel.show_page("other")
    layout.widened = None
    bench.panel.show_page("areas")
    assert layout.widened == (areas.page.whole_width + 2, 0.35)
    bench.panel.show_page("other")
    layout.widened = None
    bench.panel.setMinimumWidth(500)
    bench.dialog_parent.layout().activate()
    bench.panel.show_page("areas")
    assert layout.widened is None


def test_a_name_is_edited_in_the_panel_even_when_the_panel_was_hidden(
    qtbot: QtBot, bench: Workbench, areas: AreasFeature, pictures: list[Path]
) -> None:
    open_picture(qtbot, bench, pictures[0])
    bench.areas.put(LEFT, "put")
    bench.areas.select(["left"])
    bench.settings.change(panel=False)
    bench.commands["rename_area"].trigger()
    assert bench.settings.now.panel
    assert areas.table.state() == areas.table.State.EditingState
    qtbot.keyClick(areas.table, Qt.Key.Key_Escape)


def test_areas_are_copied_to_another_picture(
    qtbot: QtBot, bench: Workbench, areas: AreasFeature, pictures: list[Path]
) -> None:
    open_picture(qtbot, bench, pictures[0])
    bench.areas.put(AREAS, "put")
    bench.areas.select(["left"])
    bench.commands["copy_shapes"].trigger()
    open_picture(qtbot, bench, pictures[1])
    bench.commands["paste_shapes"].trigger()
    (pasted,) = bench.areas.all
    assert isinstance(pasted, Rectangle) and pasted.id != "left" and pasted.name == "Left"
    assert (pasted.left, pasted.bottom) == (0.1, 0.8) and bench.areas.selection == {pasted.id}
    QGuiApplication.clipboard().setText("[1]")
    bench.commands["paste_shapes"].trigger()
    assert len(bench.areas.all) == 1 and "no areas" in bench.notices.text


def test_suggested_areas_are_accepted_merged_split_and_locked(
    qtbot: QtBot, bench: Workbench, areas: AreasFeature, pictures: list[Path]
) -> None:
    open_picture(qtbot, bench, pictures[0])
    found = (
        SuggestedArea("button", "Get tickets", Rectangle(0.1, 0.1, 0.3, 0.2)),
        SuggestedArea("region", "", Rectangle(0.5, 0.5, 0.7, 0.8)),
        SuggestedArea("region", "", Rectangle(0.1, 0.7, 0.3, 0.9)),
    )
    assert bench.session.loaded is not None
    areas.suggester.suggested.emit(Suggestions(bench.session.loaded.key, found, True))
    rows = areas.page.suggestions.list
    assert [rows.item(row).text() for row in range(3)] == ["Button: Get tickets", "Region 1", "Region 2"]
    assert bench.areas.all == ()
    rows.item(1).setCheckState(Qt.CheckState.Unchecked)
    areas.page.suggestions._accept()
    assert [area.name for area in bench.areas.all] == ["Button: Get tickets", "Region 2"]
    bench.areas.select(area.id for area in bench.areas.all)
    bench.commands["merge_areas"].trigger()
    (whole,) = bench.areas.all
    assert isinstance(whole, Rectangle) and (whole.left, whole.bottom) == (0.1, 0.9)
    bench.commands["split_area"].trigger()
    assert [area.name for area in bench.areas.all] == ["Button: Get tickets", "Button: Get tickets 2"]
    bench.areas.select([bench.areas.all[0].id])
    bench.commands["lock_areas"].setChecked(True)
    locked = bench.areas.all[0]
    bench.areas.move(0.1, 0.1)
    bench.commands["delete_areas"].trigger()
    assert bench.areas.all[0] == locked and locked.locked and areas.tool.handles() == ()
    bench.commands["areas_forward"].trigger()
    assert bench.areas.all[1].id == locked.id


def test_numbers_set_the_selected_area_exactly(
    qtbot: QtBot, bench: Workbench, areas: AreasFeature, pictures: list[Path]
) -> None:
    open_picture(qtbot, bench, pictures[0])  # 120 x 80 pixels
    bench.areas.put(LEFT, "put")
    row = areas.page.geometry_row
    assert row.isHidden()
    bench.areas.select(["left"])
    assert [number.value() for number in row.numbers] == [12, 16, 36, 48]
    row.numbers[2].setValue(60)
    (area,) = bench.areas.all
    assert isinstance(area, Rectangle) and (area.left, area.right) == pytest.approx((0.1, 0.6))
    assert (area.top, area.bottom) == (0.2, 0.8)
    row.unit.button("percent").click()
    row.numbers[0].setValue(25)
    (area,) = bench.areas.all
    assert isinstance(area, Rectangle) and (area.left, area.right) == pytest.approx((0.25, 0.75))
