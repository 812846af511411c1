"""Areas of interest: drawn on the picture, listed in the panel, measured on the map that is shown."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from salviewer.app.features.areas.area_list import AreaList
from salviewer.app.features.areas.menus import AreaMenus
from salviewer.app.features.areas.ornament import AreaOrnament
from salviewer.app.features.areas.page import AreasPage
from salviewer.app.features.areas.scorer import AreaScorer
from salviewer.app.features.areas.suggester import AreaSuggester, Suggestions, name_of
from salviewer.app.features.areas.tool import AreaTool, Mode
from salviewer.app.shell import dialogs
from salviewer.app.state.project import absolute
from salviewer.app.translation import plural, tr
from salviewer.app.viewer.panel import WIDTH
from salviewer.app.workbench import Feature, Workbench
from salviewer.core.area_shapes import Box, box, enclosing, halved, in_box
from salviewer.core.areas import Area, Polygon, Rectangle
from salviewer.media.tables import Table, area_table, table_text

if TYPE_CHECKING:
    from salviewer.app.state.settings import ViewerSettings
    from salviewer.app.workers.loader import Loaded
    from salviewer.app.workers.overlay_layers import OverlayLayer
    from salviewer.core.area_labels import Labels
    from salviewer.core.suggesting import SuggestedArea

PAGE = "areas"
"""The id of the panel's page of areas."""

_NARROW = WIDTH + 16  # logical pixels; the user has not widened a panel up to this width
_MOST = 0.35  # largest share of the window's width beside the picture for which the panel widens itself


class AreasController(Feature):
    """Follows `bench.areas`; measures areas unless a live source sets the scores."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        areas, shown, canvas = bench.areas, bench.shown, bench.stage.canvas
        self.scorer = AreaScorer(self)
        self.tool = AreaTool(canvas, areas, self)
        self.ornament = AreaOrnament(areas, shown.score, self.tool, bench.stage.canvas.label_boxes)
        self.table = AreaList(areas, shown)
        self.page = AreasPage(self.table)
        self.menus = AreaMenus(bench, self.tool, self.table, self)
        self.suggester = AreaSuggester(self)
        self._suggested: tuple[SuggestedArea, ...] = ()
        bench.workers.add(self.scorer.worker, self.suggester.worker)
        bench.commands.add_conditions(
            **{
                "areas": lambda: bool(areas.all),
                "selected areas": lambda: bool(areas.selection),
                "several areas": lambda: len(areas.selection) > 1,
                "selected rectangle": lambda: (
                    len(areas.selected) == 1 and isinstance(areas.selected[0], Rectangle)
                ),
                "area scores": lambda: bool(areas.all) and bench.session.saliency is not None,
                "undo": lambda: bool(areas.history.undoes),
                "redo": lambda: bool(areas.history.redoes),
            }
        )
        canvas.add_tool(self.tool)
        canvas.add_ornament(self.ornament)
        bench.panel.add_page(tr("Areas"), self.page, PAGE)

    def begin(self) -> None:
        """Follow the state, once the commands are registered."""
        self._connect()
        self._bench.settings.follow(self._apply)
        self._bench.settings.follow(self._show_labels)
        self.menus.begin()

    def draw(self, mode: Mode) -> None:
        """Select and move areas, or draw a new one."""
        self._bench.settings.change(areas=True)
        self._bench.panel.show_page(PAGE)
        self.tool.set_mode(mode)
        self._bench.layout.focus_picture()

    def label(self, labels: Labels) -> None:
        """Choose what labels say."""
        self._bench.settings.change(areas=True, labels=labels)

    def recolour(self, hue: int) -> None:
        """Give the selected areas a colour."""
        self._bench.areas.recolour(self._bench.areas.selection, hue)

    def select_all(self) -> None:
        """Select all areas of the picture."""
        self._bench.settings.change(areas=True)
        self._bench.areas.select(area.id for area in self._bench.areas.all)

    def rename(self) -> None:
        """Edit the name of the selected area in the table."""
        self._bench.settings.change(panel=True)
        self._bench.panel.show_page(PAGE)
        self.table.rename()

    @property
    def chosen(self) -> Table:
        """Return the scores of the selected rows, or of all rows if none is selected, in table order."""
        scores = (self._bench.shown.score(area) for area in self.table.ordered)
        return area_table([score for score in scores if score is not None])

    def copy(self) -> None:
        """Put `chosen` on the clipboard, for a spreadsheet."""
        table = self.chosen
        if table.rows:
            QGuiApplication.clipboard().setText(table_text(table, "tsv"))
            count = len(table.rows)
            self._bench.notices.inform(
                plural("Copied the numbers of {count} area", "Copied the numbers of {count} areas", count)
            )

    def suggest(self) -> None:
        """Look for areas in the picture; they are listed to be accepted or dropped."""
        loaded = self._bench.session.loaded
        if loaded is None:
            return
        self._bench.settings.change(areas=True, panel=True)
        self._bench.panel.show_page(PAGE)
        self._bench.status.set_activity("suggest", tr("Looking for areas…"))
        self.suggester.suggest(loaded.key, loaded.picture.pixels, self._bench.session.saliency)

    def lock(self, locked: bool) -> None:
        """Lock or unlock the selected areas."""
        self._bench.areas.lock(self._bench.areas.selection, locked)

    def is_locked(self) -> bool:
        """Return whether all selected areas are locked."""
        selected = self._bench.areas.selected
        return bool(selected) and all(area.locked for area in selected)

    def merge(self) -> None:
        """Make one rectangle around the selected areas; it keeps the first one's name."""
        areas = self._bench.areas
        if len(areas.selected) > 1:
            first = areas.selected[0]
            around = enclosing(areas.selected)
            whole = Rectangle(*around, name=first.name, hue=first.hue)
            areas.replace(areas.selection, [whole], tr("merge"))
            areas.select([whole.id])

    def split(self) -> None:
        """Cut the selected rectangle in two, across its longer side on the picture."""
        areas, loaded = self._bench.areas, self._bench.session.loaded
        if len(areas.selected) != 1 or loaded is None:
            return
        (area,) = areas.selected
        if isinstance(area, Rectangle):
            width, height = loaded.picture.full_size
            halves = halved(area, width / height, areas.new_hue())
            areas.replace([area.id], halves, tr("split"))
            areas.select(half.id for half in halves)

    def copy_shapes(self) -> None:
        """Put the selected areas, or all, on the clipboard as `media.area_files` writes them."""
        areas = self._bench.areas.selected or self._bench.areas.all
        if areas:
            from salviewer.media.area_files import areas_text

            QGuiApplication.clipboard().setText(areas_text(areas))
            self._bench.notices.inform(plural("Copied {count} area", "Copied {count} areas", len(areas)))

    def paste_shapes(self) -> None:
        """Put the areas of the clipboard on the picture, at their places in fractions of it."""
        from salviewer.core.refinding import copied
        from salviewer.media.area_files import areas_of_text

        areas = self._bench.areas
        found = areas_of_text(QGuiApplication.clipboard().text())
        if not found:
            self._bench.notices.error(tr("There are no areas on the clipboard."))
            return
        fresh = copied(found)
        self._bench.settings.change(areas=True)
        areas.put(fresh, "paste areas")
        areas.select(area.id for area in fresh)

    def save(self) -> None:
        """Ask for a file name, then write `chosen`."""
        bench, loaded, table = self._bench, self._bench.session.loaded, self.chosen
        if loaded is None or not table.rows:
            return
        stem = Path(loaded.name).stem if loaded.picture.path is not None else "picture"
        suggestion = Path(bench.settings.now.folder) / f"{stem}-areas.csv"
        save_table = bench.files.documents.save_table
        dialogs.ask_table(bench.dialog_parent, suggestion, lambda path: save_table(Path(path), table))

    def _connect(self) -> None:
        bench, areas = self._bench, self._bench.areas
        areas.changed.connect(self._measure)
        areas.offered.connect(self._show_offered)
        self.scorer.measured.connect(bench.shown.set_scores)
        self.scorer.failed.connect(bench.notices.error)
        for change in (areas.changed, areas.selection_changed, bench.shown.scores_changed):
            change.connect(lambda *_: self._refresh())
        self.tool.redraw.connect(bench.stage.canvas.update)
        self.tool.mode_changed.connect(lambda _: self._refresh())
        self.tool.rename_wanted.connect(self.rename)
        self.table.copy_wanted.connect(self.copy)
        self.suggester.suggested.connect(self._offer)
        self.suggester.failed.connect(self._fail_suggesting)
        self.page.geometry_row.changed.connect(self._set_box)
        self.page.suggestions.accepted.connect(self._accept)
        self.page.suggestions.dropped.connect(self._drop)
        bench.session.picture_changed.connect(self._show_picture)
        bench.session.live_changed.connect(self._go_live)
        bench.shown.overlay_changed.connect(self._follow_overlay)
        bench.panel.page_changed.connect(lambda _: self._make_room())

    def _apply(self, before: ViewerSettings | None, now: ViewerSettings) -> None:
        if before is None or before.areas != now.areas:
            self.ornament.shown = self.tool.active = now.areas
            if not now.areas:
                self.tool.set_mode("select")
                self._bench.areas.select(())
            self._refresh()

    def _show_labels(self, before: ViewerSettings | None, now: ViewerSettings) -> None:
        if before is None or before.labels != now.labels:
            self.ornament.labels = now.labels
            self._bench.stage.canvas.update()

    def _make_room(self) -> None:
        """Widen a narrow panel so that the whole table is visible, if the window has room."""
        panel = self._bench.panel
        if panel.is_front(PAGE) and panel.width() <= _NARROW:
            self._bench.layout.widen_panel(self.page.whole_width + 2, _MOST)

    def _offer(self, found: Suggestions) -> None:
        """List suggestions for the picture on screen."""
        loaded = self._bench.session.loaded
        self._bench.status.set_activity("suggest", "")
        if loaded is None or loaded.key != found.key:
            return
        self._set_suggested(found.areas)
        if not found.complete:
            self._bench.notices.inform(
                tr("Install salviewer[areas] to have buttons, texts and faces suggested too")
            )
        elif not found.areas:
            self._bench.notices.inform(tr("Nothing in this picture suggests an area"))

    def _fail_suggesting(self, text: str) -> None:
        self._bench.status.set_activity("suggest", "")
        self._bench.notices.error(text)

    def _names(self) -> list[str]:
        counts, names = Counter[str](), list[str]()
        for one in self._suggested:
            counts[one.kind] += 1
            names.append(name_of(one, counts[one.kind]))
        return names

    def _set_suggested(self, suggested: tuple[SuggestedArea, ...]) -> None:
        self._suggested = suggested
        kinds = [one.kind for one in suggested]
        self.page.suggestions.set_rows(
            [(name, kind not in ("text", "link")) for name, kind in zip(self._names(), kinds, strict=True)]
        )
        self.ornament.suggested = [one.area for one in suggested]
        self._bench.stage.canvas.update()

    def _drop(self) -> None:
        self._bench.areas.offer(self._bench.areas.picture, ())
        self._set_suggested(())

    def _accept(self, places: tuple[int, ...]) -> None:
        """Put the checked suggestions on the picture, each with a name of its own."""
        areas, names, made = self._bench.areas, self._names(), list[Area]()
        taken = {area.name for area in areas.all}
        for place in places:
            name, number = names[place], 2
            while name in taken:
                name, number = f"{names[place]} ({number})", number + 1
            taken.add(name)
            made.append(replace(self._suggested[place].area, name=name, hue=areas.new_hue(made)))
        self._drop()
        if made:
            areas.put(made, tr("accept suggestions"))

    def _show_picture(self, loaded: Loaded) -> None:
        self._set_suggested(())
        path = loaded.picture.path
        self._bench.areas.show(loaded.key if path is None else absolute(path))
        self._show_offered()

    def _show_offered(self) -> None:
        """List what is suggested for the picture on screen without having been asked for."""
        suggested = self._bench.areas.suggestions
        if suggested and suggested != self._suggested:
            self._bench.settings.change(areas=True, panel=True)
            self._bench.panel.show_page(PAGE)
            self._set_suggested(suggested)

    def _measure(self) -> None:
        if not self._bench.session.live:
            self.scorer.set_areas(self._bench.areas.all)

    def _follow_overlay(self, overlay: OverlayLayer | None) -> None:
        if not self._bench.session.live:
            field = None if overlay is None else overlay.measured.field
            self.scorer.set_map(self._bench.session.saliency, field)

    def _go_live(self, live: bool) -> None:
        """Leave measuring to the live source, or measure the picture on screen again."""
        if live:
            self.scorer.set_map(None)
        else:
            self._measure()
            self._follow_overlay(self._bench.shown.overlay)

    def _set_box(self, sides: Box) -> None:
        """Give the selected area this box."""
        selected = self._bench.areas.movable
        if len(selected) == 1 and not isinstance(selected[0], Polygon):
            try:
                self._bench.areas.put([in_box(selected[0], sides)], tr("set the numbers"))
            except ValueError:  # it would cover nothing
                self._refresh()

    def _refresh(self) -> None:
        """Show what can be done now."""
        bench, areas = self._bench, self._bench.areas
        selected, history = areas.selected, areas.history
        bench.commands["undo_areas"].setText(
            tr("&Undo {undoes}", undoes=history.undoes) if history.undoes else tr("&Undo")
        )
        bench.commands["redo_areas"].setText(
            tr("Red&o {redoes}", redoes=history.redoes) if history.redoes else tr("Red&o")
        )
        loaded = bench.session.loaded
        boxed = selected[0] if len(selected) == 1 and not isinstance(selected[0], Polygon) else None
        size = (1, 1) if loaded is None else loaded.picture.full_size
        self.page.geometry_row.set_box(None if boxed is None or loaded is None else box(boxed), size)
        self.page.geometry_row.setEnabled(boxed is not None and not boxed.locked)
        polygon = len(selected) == 1 and isinstance(selected[0], Polygon)
        no_file = areas.picture is not None and not isinstance(areas.picture, Path)
        self.page.set_state(self.tool.mode, len(areas.all), len(selected), polygon, no_file)
        bench.commands.refresh()
        bench.stage.canvas.update()
