"""Puts together what areas need: model, scores, tool, paint and table, and follows the session."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from salviewer.app.features.areas.ornament import AreaOrnament
from salviewer.app.features.areas.page import TITLE, AreasPage
from salviewer.app.features.areas.scores import Scores
from salviewer.app.features.areas.tool import AreaTool
from salviewer.app.features.areas.view import AreaList
from salviewer.app.state.project import absolute
from salviewer.app.viewer.panel import WIDTH
from salviewer.app.workers.loader import Loaded
from salviewer.app.workers.overlay_layers import Heat
from salviewer.core.areas import Area, Polygon
from salviewer.media.tables import Table, area_table, table_text

if TYPE_CHECKING:
    from salviewer.app.window import Window

_ABOUT = 16  # logical pixels over the panel's least width at which nobody has widened it yet
_MOST = 0.4  # of the window's width that the panel takes by itself


class AreaDesk(QObject):
    """The window's areas of interest."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.model = window.bench.areas
        self.scores = Scores(self)
        self.tool = AreaTool(window.canvas, self.model, self)
        self.ornament = AreaOrnament(self.model, self.scores, self.tool)
        self.table = AreaList(self.model, self.scores)
        self.page = AreasPage(self.table)
        window.canvas.add_tool(self.tool)
        window.canvas.add_ornament(self.ornament)
        window.panel.add_page(TITLE, self.page)
        actions = window.catalogue
        self.page.set_actions(
            [actions[f"draw_{mode}"] for mode in ("select", "rectangle", "ellipse", "polygon")],
            actions["show_areas"],
            [actions["copy_areas"], actions["save_areas"]],
        )
        self.model.changed.connect(lambda: self.scores.set_areas(self.model.all))
        for change in (self.model.changed, self.model.selection_changed, self.scores.changed):
            change.connect(self._refresh)
        self.tool.redraw.connect(window.canvas.update)
        self.tool.mode_changed.connect(self._show_mode)
        self.tool.rename_wanted.connect(self.rename)
        self.table.copy_wanted.connect(self.copy)
        window.session.picture_changed.connect(self._show_picture)
        window.bench.shown.overlay_changed.connect(self._show_heat)
        window.panel.tabs.currentChanged.connect(self._make_room)

    @property
    def shown(self) -> tuple[Area, ...]:
        """The areas that are drawn over the picture: none while they are hidden."""
        return self.model.all if self.ornament.shown else ()

    def set_shown(self, shown: bool) -> None:
        """Paint them and let them be edited, or not."""
        self.ornament.shown = self.tool.active = shown
        if not shown:
            self.tool.set_mode("select")
            self.model.select(())
        self._show_mode()

    def rename(self) -> None:
        """Edit the name of the one that is selected, in the table."""
        self._window.catalogue["show_panel"].setChecked(True)
        self._window.panel.show_page(TITLE)
        self.table.rename()

    @property
    def chosen(self) -> Table:
        """The scores of the rows that are selected, all if none is, as they are sorted."""
        return area_table(self.scores.table(self.table.ordered))

    def copy(self) -> None:
        """Put `chosen` on the clipboard, for a spreadsheet."""
        table = self.chosen
        if table.rows:
            QGuiApplication.clipboard().setText(table_text(table, "tsv"))
            rows = f"{len(table.rows)} areas" if len(table.rows) > 1 else "1 area"
            self._window.banner.report(f"Copied the numbers of {rows}")

    def _make_room(self) -> None:
        """Widen a panel that is as narrow as can be, so that the table is seen whole, where there is room."""
        window = self._window
        panel = window.panel
        shown = panel.tabs.tabText(panel.tabs.currentIndex()) == TITLE and panel.isVisible()
        if shown and panel.width() <= WIDTH + _ABOUT:
            wanted = self.page.whole_width + 2
            if wanted <= _MOST * sum(window.across.sizes()):
                window.widen_panel(wanted, 1.0)

    def _show_picture(self, loaded: Loaded) -> None:
        path = loaded.picture.path
        self.model.show(loaded.key if path is None else absolute(path))

    def _show_heat(self, heat: Heat | None) -> None:
        saliency = self._window.session.saliency
        self.scores.set_map(saliency, None if heat is None else heat.measured.field)

    def _show_mode(self) -> None:
        self._window.catalogue[f"draw_{self.tool.mode}"].setChecked(True)
        self._refresh()

    def _refresh(self) -> None:
        window, selected = self._window, self.model.selected
        history = self.model.history
        for name, word, what in (
            ("undo_areas", "&Undo", history.undoes),
            ("redo_areas", "&Redo", history.redoes),
        ):
            window.catalogue[name].setText(f"{word} {what}".rstrip())
        polygon = len(selected) == 1 and isinstance(selected[0], Polygon)
        no_file = self.model.picture is not None and not isinstance(self.model.picture, Path)
        self.page.set_state(self.tool.mode, len(self.model.all), len(selected), polygon, no_file)
        window.enable()
        window.canvas.update()
