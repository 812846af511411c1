"""Context menus for an area, the table of areas, and the canvas."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, Qt
from PySide6.QtWidgets import QMenu

from salviewer.app.features.areas.table import swatch
from salviewer.app.translation import mark, tr
from salviewer.core.area_drawing import COLOURS

if TYPE_CHECKING:
    from salviewer.app.features.areas.area_list import AreaList
    from salviewer.app.features.areas.tool import AreaTool
    from salviewer.app.workbench import Workbench

LABELS_MENU, COLOURS_MENU = mark("La&bels"), mark("Outl&ine colour")
ARRANGE_MENU = mark("S&hape and order")
"""Titles of submenus."""

_COLOURS = tuple(f"area_colour_{number + 1}" for number in range(len(COLOURS)))
_LABELS = ("labels_both", "labels_name", "labels_share", "labels_off")
_AREA = ("rename_area", "duplicate_areas", "delete_areas", "explain_area")
_DRAW = ("draw_rectangle", "draw_ellipse", "draw_polygon")
_VIEW = ("copy_view", "copy_picture", "save_overlay", "export")
_SHOW = ("show_areas", "select_areas")
_TABLE = ("copy_areas", "save_areas")


class AreaMenus(QObject):
    """Menus made of commands, so that they do the same as the menus of the window."""

    def __init__(self, bench: Workbench, tool: AreaTool, table: AreaList, parent: QObject) -> None:
        super().__init__(parent)
        self._bench, self._tool, self._table = bench, tool, table

    def begin(self) -> None:
        """Answer right clicks, once the commands are registered."""
        for id, colour in zip(_COLOURS, COLOURS, strict=True):
            self._bench.commands[id].setIcon(swatch(colour))
        self._bench.stage.canvas.menu_wanted.connect(self._open_on_canvas)
        self._table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._table.customContextMenuRequested.connect(self._open_on_table)

    def _open_on_canvas(self, at: QPointF | None, place: QPoint) -> None:
        """Open the menu of the area that is hit, of the selected areas (by keyboard), or of the canvas."""
        areas = self._bench.areas
        if self._bench.session.loaded is None:
            return
        hit = None if at is None else self._tool.under(at)
        if hit is not None and hit.id not in areas.selection:
            areas.select([hit.id])
        if hit is not None or (at is None and areas.selection):
            self._popup("areaMenu", place, (_AREA, (*_TABLE,)), colours=True)
        else:
            self._popup("canvasMenu", place, (_VIEW, _DRAW, _SHOW), at=at)

    def _open_on_table(self, at: QPoint) -> None:
        """Open the menu of the row that is hit, which the press has selected."""
        if self._bench.areas.all:
            place = self._table.viewport().mapToGlobal(at)
            self._popup("areaTableMenu", place, (_AREA, ("select_areas",), _TABLE), colours=True)

    def _popup(
        self,
        name: str,
        place: QPoint,
        groups: Iterable[Iterable[str]],
        *,
        colours: bool = False,
        at: QPointF | None = None,
    ) -> None:
        commands = self._bench.commands
        commands.refresh()
        known = {record.id for record in commands.records}
        menu = QMenu(self._bench.dialog_parent)
        menu.setObjectName(name)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for number, group in enumerate(groups):
            if number:
                menu.addSeparator()
            menu.addActions([commands[id] for id in group if id in known])
            if colours and not number:
                menu.addMenu(tr(COLOURS_MENU)).addActions([commands[id] for id in _COLOURS])
        menu.addMenu(tr(LABELS_MENU)).addActions([commands[id] for id in _LABELS])
        if at is not None and 0 <= at.x() <= 1 and 0 <= at.y() <= 1:
            self._add_places(menu, (at.x(), at.y()))
        menu.popup(place)

    def _add_places(self, menu: QMenu, at: tuple[float, float]) -> None:
        """Add the commands that work on the place where the menu is opened."""
        for record in self._bench.commands.records:
            if record.at is not None:
                usual = self._bench.commands[record.id]
                action = menu.addAction(usual.text())
                action.setObjectName(f"{record.id}_here")
                action.setToolTip(usual.toolTip())
                action.setEnabled(usual.isEnabled())
                action.triggered.connect(lambda _=False, run=record.at: run(at))
