"""Drawing and editing areas of interest."""

from __future__ import annotations

from pathlib import Path

from salviewer.app.features.areas.page import TITLE
from salviewer.app.features.areas.tool import Mode
from salviewer.app.menus.spec import LINE, Menu, Spec
from salviewer.app.shell import dialogs


class AreasMenu(Menu):
    """What is measured of a picture."""

    TITLE = "&Areas"
    SPECS = (
        Spec(
            "draw_select",
            "&Select and move",
            ("V",),
            "area-select",
            "Click an area to select it, drag to move it; the picture moves beside areas",
            group="area tool",
            needs="picture",
        ),
        Spec(
            "draw_rectangle",
            "&Rectangle",
            ("R",),
            "area-rectangle",
            "Draw a rectangle",
            group="area tool",
            needs="picture",
        ),
        Spec(
            "draw_ellipse",
            "&Ellipse",
            ("E",),
            "area-ellipse",
            "Draw an ellipse",
            group="area tool",
            needs="picture",
        ),
        Spec(
            "draw_polygon",
            "&Polygon",
            ("L",),
            "area-polygon",
            "Draw a polygon, point by point",
            group="area tool",
            needs="picture",
        ),
        LINE,
        Spec("undo_areas", "&Undo", ("Ctrl+Z",), tip="Take the last change of an area back", needs="undo"),
        Spec(
            "redo_areas",
            "&Redo",
            ("Ctrl+Shift+Z", "Ctrl+Y"),
            tip="Do again what was taken back",
            needs="redo",
        ),
        LINE,
        Spec("rename_area", "Re&name", ("F2",), tip="Rename the selected area", needs="selected areas"),
        Spec(
            "duplicate_areas",
            "&Duplicate",
            ("Ctrl+D",),
            tip="Copy the selected areas",
            needs="selected areas",
        ),
        Spec("delete_areas", "De&lete", ("Del",), tip="Delete the selected areas", needs="selected areas"),
        Spec("select_areas", "Select &all", ("Ctrl+A",), tip="Select all areas", needs="areas"),
        LINE,
        Spec("show_areas", "Show a&reas", ("A",), "areas", "Show areas on the picture", check=True),
        LINE,
        Spec(
            "copy_areas",
            "&Copy table",
            tip="Copy the numbers of the selected areas, of all if none is selected, for a spreadsheet "
            "(Ctrl+C in the table)",
            needs="area scores",
        ),
        Spec(
            "save_areas",
            "Save &table…",
            tip="Save the numbers of the selected areas, of all if none is selected, as CSV or JSON",
            needs="area scores",
        ),
    )

    def draw_select(self) -> None:
        """Select and move."""
        self._use("select")

    def draw_rectangle(self) -> None:
        """Draw a rectangle next."""
        self._use("rectangle")

    def draw_ellipse(self) -> None:
        """Draw an ellipse next."""
        self._use("ellipse")

    def draw_polygon(self) -> None:
        """Draw a polygon next."""
        self._use("polygon")

    def _use(self, mode: Mode) -> None:
        self.window.catalogue["show_areas"].setChecked(True)
        self.window.panel.show_page(TITLE)
        self.window.areas.tool.set_mode(mode)
        self.window.focus_picture()

    def undo_areas(self) -> None:
        """One step back."""
        self.window.areas.model.undo()

    def redo_areas(self) -> None:
        """One step forward."""
        self.window.areas.model.redo()

    def rename_area(self) -> None:
        """Edit the name in the table."""
        self.window.areas.rename()

    def duplicate_areas(self) -> None:
        """Copies, a little aside."""
        self.window.areas.model.duplicate()

    def delete_areas(self) -> None:
        """Those that are selected."""
        self.window.areas.model.remove(self.window.areas.model.selection)

    def select_areas(self) -> None:
        """All of the picture's."""
        self.window.catalogue["show_areas"].setChecked(True)
        areas = self.window.areas.model
        areas.select(area.id for area in areas.all)

    def show_areas(self, shown: bool) -> None:
        """On the picture, and so in what is saved of it, or not."""
        self.window.areas.set_shown(shown)
        self.window.preferences.change(areas=shown)

    def copy_areas(self) -> None:
        """The numbers, to the clipboard."""
        self.window.areas.copy()

    def save_areas(self) -> None:
        """The numbers, to a file."""
        window = self.window
        loaded, table = window.session.loaded, window.areas.chosen
        if loaded is None or not table.rows:
            return
        stem = Path(loaded.name).stem if loaded.picture.path is not None else "picture"
        suggestion = Path(window.preferences.now.folder) / f"{stem}_areas.csv"
        dialogs.ask_table(window, suggestion, lambda path: window.documents.save_table(Path(path), table))
