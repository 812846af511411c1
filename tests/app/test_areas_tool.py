"""Mouse and keys on a real canvas, at several zooms: what lies under the cursor is what they take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from salviewer.app.features.areas.ornament import AreaOrnament
from salviewer.app.features.areas.tool import AreaTool
from salviewer.app.state.areas import AreaStore
from salviewer.app.state.viewport import View
from salviewer.app.viewer.canvas import Canvas
from salviewer.app.workers import pyramid
from salviewer.core.area_drawing import COLOURS
from salviewer.core.area_shapes import box, handles
from salviewer.core.areas import Area, Ellipse, Polygon, Rectangle

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
WIDTH, HEIGHT = 300, 200


@dataclass
class Rig:
    """A canvas with the tool, and the mouse."""

    bot: QtBot
    canvas: Canvas
    areas: AreaStore
    tool: AreaTool

    def at(self, u: float, v: float) -> QPoint:
        rect = self.canvas.picture_rect()
        return QPoint(round(rect.x() + u * rect.width()), round(rect.y() + v * rect.height()))

    def fraction(self, point: QPoint) -> tuple[float, float]:
        there = self.canvas.fraction(QPointF(point))
        assert there is not None
        return there.x(), there.y()

    def drag(
        self, start: QPoint, end: QPoint, modifiers: Qt.KeyboardModifier = NONE, let_go: bool = True
    ) -> None:
        self.bot.mousePress(self.canvas, LEFT, NONE if let_go else modifiers, start)
        for part in (0.3, 0.7, 1.0):
            self.move(start + (end - start) * part, modifiers)
        if let_go:
            self.bot.mouseRelease(self.canvas, LEFT, modifiers, end)

    def move(self, to: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
        place, whole = QPointF(to), QPointF(self.canvas.mapToGlobal(to))
        event = QMouseEvent(QEvent.Type.MouseMove, place, whole, LEFT, LEFT, modifiers)
        QApplication.sendEvent(self.canvas, event)

    def click(self, at: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
        self.bot.mouseClick(self.canvas, LEFT, modifiers, at)

    def double_click(self, at: QPoint) -> None:
        self.bot.mouseClick(self.canvas, LEFT, NONE, at)
        self.bot.mouseDClick(self.canvas, LEFT, NONE, at)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        self.bot.keyClick(self.canvas, key, modifiers)

    def put(self, *areas: Area, select: bool = True) -> None:
        self.areas.put(areas, "put")
        if select:
            self.areas.select(area.id for area in areas)


@pytest.fixture(params=["fitted", "half", "large"])
def rig(qtbot: QtBot, request: pytest.FixtureRequest) -> Iterator[Rig]:
    canvas, areas = Canvas(), AreaStore()
    canvas.resize(700, 500)
    canvas.show()
    qtbot.waitExposed(canvas)
    canvas.set_picture(pyramid.build(np.full((HEIGHT, WIDTH, 3), 128, np.uint8)))
    areas.show(Path("/a.png"))
    tool = AreaTool(canvas, areas)
    canvas.add_tool(tool)
    if request.param != "fitted":
        canvas.zoom({"half": 0.5, "large": 2.6}[request.param], QPointF(350, 250))
    yield Rig(qtbot, canvas, areas, tool)
    canvas.close()
    canvas.deleteLater()


def near(area: Area, sides: tuple[float, ...]) -> None:
    assert box(area) == pytest.approx(sides, abs=1e-6)


@pytest.mark.parametrize(("mode", "kind"), [("rectangle", Rectangle), ("ellipse", Ellipse)])
def test_a_drag_draws_from_corner_to_corner_as_one_step(rig: Rig, mode: str, kind: type[Area]) -> None:
    rig.tool.set_mode(mode)  # type: ignore[arg-type]
    start, end = rig.at(0.6, 0.62), rig.at(0.44, 0.38)
    rig.drag(start, end)
    (area,) = rig.areas.all
    assert isinstance(area, kind) and area.name == "Area 1"
    (right, bottom), (left, top) = rig.fraction(start), rig.fraction(end)
    near(area, (left, top, right, bottom))
    assert rig.areas.selected == (area,) and rig.tool.mode == "select"
    assert len(rig.tool.handles()) >= 4
    rig.areas.undo()
    assert rig.areas.all == () and not rig.areas.history.undoes


def test_shift_draws_a_square_in_the_pictures_pixels(rig: Rig) -> None:
    rig.tool.set_mode("rectangle")
    rig.drag(rig.at(0.45, 0.45), rig.at(0.58, 0.55), SHIFT)
    left, top, right, bottom = box(rig.areas.all[0])
    assert (right - left) * WIDTH == pytest.approx((bottom - top) * HEIGHT)


def test_a_press_without_a_drag_draws_nothing_and_escape_takes_a_drag_back(rig: Rig) -> None:
    rig.tool.set_mode("rectangle")
    rig.click(rig.at(0.5, 0.5))
    assert not rig.areas.all and rig.tool.mode == "rectangle"
    rig.drag(rig.at(0.45, 0.45), rig.at(0.55, 0.55), let_go=False)
    assert len(rig.areas.all) == 1
    rig.key(Qt.Key.Key_Escape)
    assert not rig.areas.all and not rig.areas.history.undoes and not rig.areas.history.redoes
    rig.bot.mouseRelease(rig.canvas, LEFT, NONE, rig.at(0.55, 0.55))
    assert not rig.areas.all and rig.tool.mode == "rectangle"
    rig.key(Qt.Key.Key_Escape)
    assert rig.tool.mode == "select"


CORNERS = ((0.42, 0.42), (0.58, 0.4), (0.6, 0.6), (0.44, 0.58))


@pytest.mark.parametrize("how", ["enter", "double-click", "first point"])
def test_a_polygon_is_closed_in_three_ways(rig: Rig, how: str) -> None:
    rig.tool.set_mode("polygon")
    points = [rig.at(*corner) for corner in CORNERS]
    for point in points[:-1]:
        rig.click(point)
    if how == "double-click":
        rig.double_click(points[-1])
    else:
        rig.click(points[-1])
        rig.click(points[0] + QPoint(3, 2)) if how == "first point" else rig.key(Qt.Key.Key_Return)
    (area,) = rig.areas.all
    assert isinstance(area, Polygon) and rig.tool.mode == "select" and not rig.tool.draft
    expected = [rig.fraction(point) for point in points]
    assert np.asarray(area.points) == pytest.approx(np.asarray(expected), abs=1e-6)
    rig.areas.undo()
    assert not rig.areas.all


def test_backspace_takes_a_point_back_and_escape_all_of_them(rig: Rig) -> None:
    rig.tool.set_mode("polygon")
    for corner in CORNERS:
        rig.click(rig.at(*corner))
    rig.key(Qt.Key.Key_Backspace)
    rig.key(Qt.Key.Key_Return)
    (area,) = rig.areas.all
    assert isinstance(area, Polygon) and len(area.points) == 3
    rig.tool.set_mode("polygon")
    for corner in CORNERS[:2]:
        rig.click(rig.at(*corner))
    rig.key(Qt.Key.Key_Return)  # two points are no area
    assert len(rig.areas.all) == 1 and len(rig.tool.draft) == 3
    rig.key(Qt.Key.Key_Escape)
    assert not rig.tool.draft and rig.tool.mode == "polygon" and len(rig.areas.all) == 1


A = Rectangle(0.42, 0.42, 0.48, 0.48, id="a")
B = Rectangle(0.52, 0.52, 0.58, 0.58, id="b")


def test_clicks_select_shift_adds_and_takes_away_beside_them_none_is(rig: Rig) -> None:
    rig.put(A, B, select=False)
    rig.click(rig.at(0.45, 0.45))
    assert rig.areas.selection == {"a"}
    rig.click(rig.at(0.55, 0.55), SHIFT)
    assert rig.areas.selection == {"a", "b"}
    rig.click(rig.at(0.45, 0.45), SHIFT)
    assert rig.areas.selection == {"b"}
    view = rig.canvas.view
    rig.click(rig.at(0.55, 0.45))
    assert not rig.areas.selection and rig.canvas.view is not None and view is not None
    rig.click(rig.at(0.45, 0.45))
    rig.key(Qt.Key.Key_Escape)
    assert not rig.areas.selection and rig.areas.history.undoes == "put"


def test_of_areas_that_lie_in_another_the_smallest_is_taken(rig: Rig) -> None:
    rig.put(A, Rectangle(0.3, 0.3, 0.7, 0.7, id="large"), select=False)
    rig.click(rig.at(0.45, 0.45))
    assert rig.areas.selection == {"a"}


def test_beside_areas_and_with_the_middle_button_the_picture_moves(rig: Rig) -> None:
    rig.put(A, select=False)
    assert rig.canvas.view is not None
    left = rig.canvas.view.left
    rig.drag(rig.at(0.55, 0.5), rig.at(0.55, 0.5) + QPoint(20, 0))
    assert rig.canvas.view.left == pytest.approx(left + 20)
    at = rig.at(0.45, 0.45)
    rig.bot.mousePress(rig.canvas, MIDDLE, NONE, at)
    rig.move(at + QPoint(15, 0))
    rig.bot.mouseRelease(rig.canvas, MIDDLE, NONE, at + QPoint(15, 0))
    assert rig.canvas.view.left == pytest.approx(left + 35) and rig.areas.all == (A,)


def test_a_drag_moves_all_that_are_selected_as_one_step(rig: Rig) -> None:
    rig.put(A, B)
    start, end = rig.at(0.45, 0.45), rig.at(0.47, 0.44)
    rig.drag(start, end)
    dx, dy = np.subtract(rig.fraction(end), rig.fraction(start))
    for before, after in zip((A, B), rig.areas.all, strict=True):
        near(after, tuple(np.add(box(before), (dx, dy, dx, dy))))
    assert rig.areas.selection == {"a", "b"}
    rig.areas.undo()
    assert rig.areas.all == (A, B)
    rig.click(rig.at(0.45, 0.45))
    assert rig.areas.selection == {"a"}


def test_nothing_leaves_the_picture(rig: Rig) -> None:
    rig.put(A, B)
    rig.drag(rig.at(0.45, 0.45), rig.at(3, 3))
    assert box(rig.areas.all[1])[2:] == pytest.approx((1, 1))
    assert box(rig.areas.all[0])[0] == pytest.approx(0.42 + 0.42)


@pytest.mark.parametrize("which", range(8))
@pytest.mark.parametrize("kind", ["rectangle", "ellipse"])
def test_each_handle_is_gripped_a_few_pixels_off_and_follows(rig: Rig, kind: str, which: int) -> None:
    sides = (0.35, 0.3, 0.65, 0.7)
    area: Area = Rectangle(*sides, id="a") if kind == "rectangle" else Ellipse(0.5, 0.5, 0.15, 0.2, id="a")
    rig.put(area)
    handle = handles(area)[which]
    start = rig.at(handle.x, handle.y) + QPoint(3, -3)
    end = start + QPoint(9 * handle.across, 7 * handle.down)
    rig.drag(start, end)
    dx, dy = np.subtract(rig.fraction(end), rig.fraction(start))
    expected = list(sides)
    if handle.across:
        expected[0 if handle.across < 0 else 2] += dx
    if handle.down:
        expected[1 if handle.down < 0 else 3] += dy
    near(rig.areas.all[0], tuple(expected))
    rig.areas.undo()
    assert rig.areas.all == (area,)


def test_points_of_a_polygon_are_dragged_put_on_a_side_and_taken_away(rig: Rig) -> None:
    shape = Polygon(((0.4, 0.4), (0.6, 0.4), (0.6, 0.6)), id="p")
    rig.put(shape)
    start, end = rig.at(0.6, 0.6), rig.at(0.56, 0.64)
    rig.drag(start, end)
    (area,) = rig.areas.all
    assert isinstance(area, Polygon)
    dx, dy = np.subtract(rig.fraction(end), rig.fraction(start))
    assert area.points[2] == pytest.approx((0.6 + dx, 0.6 + dy)) and area.points[:2] == shape.points[:2]
    rig.double_click(rig.at(0.5, 0.4) + QPoint(0, 3))
    (area,) = rig.areas.all
    assert isinstance(area, Polygon) and len(area.points) == 4
    assert area.points[1] == pytest.approx(rig.fraction(rig.at(0.5, 0.4) + QPoint(0, 3)))
    for modifier in (CONTROL, ALT):
        rig.click(rig.at(*area.points[1]), modifier)
        (fewer,) = rig.areas.all
        assert isinstance(fewer, Polygon) and len(fewer.points) == 3
        rig.areas.undo()
    rig.areas.redo()
    rig.click(rig.at(*shape.points[0]), CONTROL)
    assert len(rig.areas.all) == 1 and len(rig.areas.all[0].outline()) == 3


def test_a_double_click_in_an_area_renames_it_and_the_view_stays(rig: Rig) -> None:
    rig.put(A, select=False)
    view = rig.canvas.view
    with rig.bot.waitSignal(rig.tool.rename_wanted):
        rig.double_click(rig.at(0.45, 0.45))
    assert rig.canvas.view == view and rig.areas.selection == {"a"}


def test_arrows_nudge_by_pixels_of_the_screen_and_else_turn_pictures(rig: Rig) -> None:
    turned: list[int] = []
    rig.canvas.turn.connect(turned.append)
    rig.put(A)
    rect = rig.canvas.picture_rect()
    rig.key(Qt.Key.Key_Right)
    rig.key(Qt.Key.Key_Down, SHIFT)
    dx, dy = 1 / rect.width(), 10 / rect.height()
    near(rig.areas.all[0], tuple(np.add(box(A), (dx, dy, dx, dy))))
    assert not turned
    rig.areas.undo()
    assert rig.areas.all == (A,)
    rig.areas.select(())
    rig.key(Qt.Key.Key_Right)
    assert turned == [1] and rig.areas.all == (A,)
    rig.areas.select("a")
    rig.key(Qt.Key.Key_Right, ALT)
    assert rig.areas.all == (A,)
    rig.key(Qt.Key.Key_Backspace)
    assert rig.areas.all == ()


def test_hidden_areas_take_no_mouse_and_no_keys(rig: Rig) -> None:
    rig.put(A)
    rig.tool.active = False
    assert rig.canvas.view is not None
    left = rig.canvas.view.left
    rig.drag(rig.at(0.45, 0.45), rig.at(0.45, 0.45) + QPoint(20, 0))
    assert rig.areas.all == (A,) and rig.canvas.view.left == pytest.approx(left + 20)
    turned: list[int] = []
    rig.canvas.turn.connect(turned.append)
    rig.key(Qt.Key.Key_Left)
    assert turned == [-1]


def test_the_cursor_says_what_a_press_would_do(rig: Rig) -> None:
    rig.put(Rectangle(0.3, 0.3, 0.7, 0.7, id="a"))
    shapes = Qt.CursorShape
    for place, shape in (
        ((0.3, 0.3), shapes.SizeFDiagCursor),
        ((0.7, 0.3), shapes.SizeBDiagCursor),
        ((0.5, 0.3), shapes.SizeVerCursor),
        ((0.3, 0.5), shapes.SizeHorCursor),
        ((0.55, 0.55), shapes.SizeAllCursor),
    ):
        assert rig.tool.hover(QPointF(*place)) == shape
    assert rig.tool.hover(QPointF(0.1, 0.1)) is None and rig.tool.hover(None) is None
    rig.areas.select(())
    assert rig.tool.hover(QPointF(0.5, 0.5)) == shapes.PointingHandCursor
    rig.tool.set_mode("ellipse")
    assert rig.tool.hover(QPointF(0.1, 0.1)) == shapes.CrossCursor


def test_turning_away_drops_what_is_half_drawn(rig: Rig) -> None:
    rig.tool.set_mode("polygon")
    rig.click(rig.at(0.5, 0.5))
    rig.areas.show(Path("/b.png"))
    assert not rig.tool.draft
    rig.drag(rig.at(0.45, 0.45), rig.at(0.45, 0.45) + QPoint(1, 1))
    assert not rig.areas.all


def painted(rig: Rig, ratio: int, ground: int) -> NDArray[np.int64]:
    """What the ornament paints on a plain ground, 600 x 400 logical pixels: (height, width, 3)."""
    ornament = AreaOrnament(rig.areas, lambda _: None, rig.tool)
    image = QImage(600 * ratio, 400 * ratio, QImage.Format.Format_RGBA8888)
    image.fill(0xFF000000 | 0x010101 * ground)
    painter = QPainter(image)
    ornament.paint(painter, View.fit((WIDTH, HEIGHT), (600 * ratio, 400 * ratio)), ratio)
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(400 * ratio, 600 * ratio, 4)
    return pixels[..., :3].astype(np.int64)


@pytest.mark.parametrize("ratio", [1, 2])
@pytest.mark.parametrize("ground", [0, 255])
def test_lines_are_as_thick_on_every_screen_and_seen_on_every_ground(
    rig: Rig, ratio: int, ground: int
) -> None:
    rig.put(Rectangle(0.3, 0.3, 0.7, 0.7, hue=0))
    row = painted(rig, ratio, ground)[170 * ratio]  # between handles
    line = np.abs(row - COLOURS[0]).sum(axis=1) < 60
    assert line.sum() == pytest.approx(2 * 3 * ratio, abs=2 * ratio)
    edge = int(np.flatnonzero(line)[0])
    assert row[edge - 2 * ratio : edge].sum(axis=1).min() < 450  # its shadow


@pytest.mark.parametrize("ratio", [1, 2])
def test_handles_are_as_large_on_every_screen(rig: Rig, ratio: int) -> None:
    rig.put(Rectangle(0.3, 0.3, 0.7, 0.7, hue=0))
    across = painted(rig, ratio, 0)[200 * ratio, 170 * ratio : 190 * ratio]
    white = int((across > 250).all(axis=1).sum())
    assert 6 * ratio <= white <= 8 * ratio


def test_a_label_is_painted_while_its_area_is_in_sight(rig: Rig) -> None:
    rig.put(Rectangle(0.3, 0.3, 0.7, 0.7, hue=0), select=False)
    plain = painted(rig, 1, 0)
    rig.areas.rename(rig.areas.all[0].id, "Logo")
    changed = (painted(rig, 1, 0) != plain).any(axis=2)
    rows, columns = np.nonzero(changed)
    assert rows.max() < 0.3 * 400 and columns.mean() == pytest.approx(300, abs=3)
