"""Context menus, colours and labels of areas, on a small bench."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QContextMenuEvent, QImage, QPainter
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from salviewer.app.features.areas.feature import AreasFeature
from salviewer.app.state.settings import SettingsFile
from salviewer.app.workbench import Workbench
from salviewer.core.areas import Area, Rectangle
from salviewer.media.project import load_project, save_project
from tests.app.features.bench import open_picture

AREAS: tuple[Area, ...] = (
    Rectangle(0.1, 0.2, 0.4, 0.8, name="Left", id="left"),
    Rectangle(0.5, 0.1, 0.9, 0.6, name="Right", id="right"),
)


@pytest.fixture
def areas(qtbot: QtBot, bench: Workbench, pictures: list[Path]) -> AreasFeature:
    """The feature, with a picture and two areas."""
    feature = AreasFeature(bench)
    bench.commands.refresh()
    open_picture(qtbot, bench, pictures[0])
    bench.areas.put(AREAS, "put")
    return feature


def ask(widget: QWidget, at: QPoint) -> None:
    """Press the right button."""
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, widget.mapToGlobal(at))
    QApplication.sendEvent(widget, event)


def on_picture(bench: Workbench, u: float, v: float) -> QPoint:
    """A point of the picture, in the canvas."""
    place = bench.stage.canvas.picture_rect()
    return QPointF(place.x() + u * place.width(), place.y() + v * place.height()).toPoint()


def opened(bench: Workbench, name: str) -> QMenu:
    menu = bench.dialog_parent.findChild(QMenu, name)
    assert menu is not None and menu.isVisible()
    return menu


def entries(menu: QMenu) -> list[str]:
    return [action.objectName() for action in menu.actions() if action.objectName()]


def test_an_area_has_a_menu_that_acts_on_it(bench: Workbench, areas: AreasFeature) -> None:
    ask(bench.stage.canvas, on_picture(bench, 0.7, 0.3))
    menu = opened(bench, "areaMenu")
    assert bench.areas.selection == {"right"}
    assert {"rename_area", "duplicate_areas", "delete_areas"} <= set(entries(menu))
    next(action for action in menu.actions() if action.objectName() == "delete_areas").trigger()
    menu.close()
    assert [area.id for area in bench.areas.all] == ["left"]


def test_the_menu_of_an_area_keeps_a_selection_that_it_belongs_to(
    bench: Workbench, areas: AreasFeature
) -> None:
    bench.areas.select(["left", "right"])
    ask(bench.stage.canvas, on_picture(bench, 0.7, 0.3))
    opened(bench, "areaMenu").close()
    assert bench.areas.selection == {"left", "right"}


def test_the_canvas_has_a_menu_beside_areas(bench: Workbench, areas: AreasFeature) -> None:
    ask(bench.stage.canvas, on_picture(bench, 0.95, 0.95))
    menu = opened(bench, "canvasMenu")
    assert {"draw_rectangle", "show_areas"} <= set(entries(menu))
    menu.close()


def test_the_table_has_a_menu(bench: Workbench, areas: AreasFeature) -> None:
    bench.panel.show_page("areas")
    at = areas.table.visualRect(areas.table.model().index(0, 0)).center()
    ask(areas.table.viewport(), at)
    menu = opened(bench, "areaTableMenu")
    assert {"rename_area", "copy_areas", "save_areas"} <= set(entries(menu))
    menu.close()


def test_a_colour_is_chosen_undone_and_kept_in_projects(
    bench: Workbench, areas: AreasFeature, tmp_path: Path
) -> None:
    bench.areas.select(["right"])
    bench.commands["area_colour_5"].trigger()
    assert bench.areas.all[1].hue == 4 and bench.areas.all[0].hue == AREAS[0].hue
    path = tmp_path / "p.salviewer.json"
    save_project(path, bench.project.now())
    (picture,) = load_project(path).pictures
    assert picture.areas[1].hue == 4
    bench.areas.undo()
    assert bench.areas.all == AREAS


def test_what_labels_say_is_a_setting_for_screen_and_files(
    bench: Workbench, areas: AreasFeature, own_settings: Path
) -> None:
    pictures = {}
    for labels in ("both", "name", "share", "off"):
        bench.commands[f"labels_{labels}"].trigger()
        assert bench.settings.now.labels == bench.shown.scene.labels == labels
        assert bench.commands[f"labels_{labels}"].isChecked()
        image = QImage(400, 300, QImage.Format.Format_RGB32)
        image.fill(0)
        view = bench.stage.canvas.view
        assert view is not None
        painter = QPainter(image)
        areas.ornament.paint(painter, view, 1.0)
        painter.end()
        pictures[labels] = bytes(image.constBits())
    assert len(set(pictures.values())) >= 3  # without scores a share is not there yet
    bench.settings.write()
    assert SettingsFile(own_settings).read()[0].labels == "off"
