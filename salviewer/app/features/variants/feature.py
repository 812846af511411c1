"""Comparing the variants of a design: which pictures, their areas, and the window that shows them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from salviewer.app.state.project import absolute
from salviewer.app.translation import tr
from salviewer.app.workbench import Command, Feature, Workbench

if TYPE_CHECKING:
    from salviewer.app.features.variants.compared import Compared, Suggested, Suggestion
    from salviewer.app.features.variants.job import VariantsWorker
    from salviewer.app.features.variants.window import VariantsWindow
    from salviewer.app.state.settings import ViewerSettings
    from salviewer.media.picture_list import Listing
    from salviewer.results.report_template import ReportTemplate

_SETTLE = 250  # milliseconds after the last change of an area


class VariantsFeature(Feature):
    """Compares up to twelve pictures of the list; follows their areas while its window is open."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._window: VariantsWindow | None = None
        self._worker: VariantsWorker | None = None
        self._paths: tuple[Path, ...] = ()
        self._goal, self._kind = "", "pages"
        self._found: Compared | None = None
        self._template: ReportTemplate | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SETTLE)
        self._soon.timeout.connect(self._compare)
        self._drawn_on: Path | None = None  # the variant for which areas are suggested in the main window
        self._waits = False  # for that picture's map, before its areas are suggested
        bench.commands.add(
            Command(
                "compare_variants",
                "Compare &variants…",
                self.show,
                "Compare",
                (1, 3),
                ("Ctrl+J",),
                "compare",
                "Which variant of a design gives most attention to what matters",
                "file",
                toolbar=(1, 4),
                label="Variants",
            )
        )
        bench.layout.first_page.variants_wanted.connect(self._show_sample)
        bench.areas.changed.connect(self._follow)
        bench.areas.changed.connect(self._return)
        bench.session.map_changed.connect(lambda _: self._begin_drawing())
        bench.settings.changed.connect(self._restyle)
        bench.session.engine_changed.connect(lambda _: self._follow())

    @property
    def worker(self) -> VariantsWorker:
        """Made when it is first wanted."""
        from salviewer.app.features.variants.job import VariantsWorker

        if self._worker is None:
            self._worker = worker = VariantsWorker(self._bench.session.inference, self)
            self._bench.workers.add(worker.worker)
            worker.compared.connect(self._show_compared)
            worker.suggested.connect(self._show_suggested)
            worker.saved.connect(self._show_saved)
            worker.failed.connect(self._show_failed)
            worker.progressed.connect(lambda progress: self.window.set_progress(progress))
        return self._worker

    @property
    def window(self) -> VariantsWindow:
        """Made when it is first wanted."""
        from salviewer.app.features.variants.window import VariantsWindow

        if self._window is None:
            self._window = window = VariantsWindow(self._bench.theme, self._bench.dialog_parent)
            window.pictures_dropped.connect(self.add)
            window.add_wanted.connect(self._ask_more)
            window.open_wanted.connect(self._open)
            window.goal_chosen.connect(self._set_goal)
            window.class_chosen.connect(self._set_class)
            window.draw_wanted.connect(self._draw)
            window.suggest_wanted.connect(self._suggest)
            window.accepted.connect(self._accept)
            window.area_moved.connect(lambda path, area: self._bench.areas.put_back(path, area, tr("move")))
            window.table_wanted.connect(self._ask_table)
            window.report_wanted.connect(self._ask_report)
        return self._window

    def show(self) -> None:
        """Compare the pictures of the list, at most twelve, the one on screen among them."""
        from salviewer.core.variants import MOST

        session = self._bench.session
        listed = [absolute(path) for path in session.listing.order]
        shown = absolute(session.shown) if session.shown is not None else None
        self._paths = tuple(listed[:MOST])
        if shown is not None and shown not in self._paths:
            start = min(listed.index(shown), max(len(listed) - MOST, 0)) if shown in listed else 0
            self._paths = tuple(listed[start : start + MOST]) if shown in listed else (shown,)
        if len(listed) > MOST:
            self.window.notices.inform(
                tr("{most} of {count} pictures are compared", most=MOST, count=len(listed))
            )
        self._raise()
        self._compare()

    def _show_sample(self, paths: tuple[Path, ...]) -> None:
        """Open the pictures, then compare them."""
        session = self._bench.session

        def begin(listing: Listing) -> None:
            if len(listing.paths) == len(paths):
                session.listing_changed.disconnect(begin)
                QTimer.singleShot(0, self.show)

        session.listing_changed.connect(begin)
        session.open(paths)

    def add(self, paths: tuple[Path, ...]) -> None:
        """Add pictures to the comparison; a folder adds all of its pictures."""
        from salviewer.core.variants import MOST
        from salviewer.errors import SalviewerError
        from salviewer.media.images import find_pictures

        try:
            found = find_pictures(list(paths))
        except SalviewerError as error:
            self._show_failed(str(error))
            return
        more = (absolute(path) for path in found)
        self._paths = tuple(dict.fromkeys((*self._paths, *more)))[:MOST]
        self._compare()

    def close(self) -> None:
        """End what runs."""
        if self._worker is not None:
            self._worker.close()
        if self._window is not None:
            self._window.hide()

    def _raise(self) -> None:
        window = self.window
        window.show()
        window.raise_()
        window.activateWindow()

    def _compare(self) -> None:
        from salviewer.app.features.variants.compared import VariantsRequest
        from salviewer.app.features.variants.window import note_for

        bench, now = self._bench, self._bench.settings.now
        if self._window is None or not self._window.isVisible():
            return
        areas = tuple(bench.areas.of(path) for path in self._paths)
        if not self._paths:
            self._window.set_compared(None, note_for((), 0))
            return
        if not any(area.name == self._goal for each in areas for area in each):
            self._goal = ""
        self.worker.compare(
            VariantsRequest(
                self._paths, areas, bench.session.engine, self._goal, self._kind, now.heat, now.style
            )
        )

    def _follow(self) -> None:
        if self._window is not None and self._window.isVisible():
            self._soon.start()

    def _restyle(self, before: ViewerSettings, now: ViewerSettings) -> None:
        if (before.heat, before.style) != (now.heat, now.style):
            self._follow()

    def _show_compared(self, found: Compared) -> None:
        from salviewer.app.features.variants.window import note_for

        if found.request.paths != self._paths:
            return
        self._found = found
        self.window.set_progress(None)
        count = sum(map(len, found.request.areas))
        self.window.set_compared(found, note_for(self._paths, count))
        if not any(cell.change for cell in found.table.cells.values()):
            self.window.sentence.setText(note_for(self._paths, count))

    def _show_suggested(self, found: Suggested) -> None:
        self.window.set_suggestions(found.suggestions)
        if not found.suggestions:
            self.window.notices.inform(tr("All variants have the first one's areas already"))

    def _show_saved(self, path: Path) -> None:
        self.window.notices.saved(tr("Saved {path}", path=str(path)), path)
        self.window.sentence.setToolTip(str(path))

    def _show_failed(self, text: str) -> None:
        self.window.set_progress(None)
        self.window.sentence.setText(text)
        self.window.notices.error(text)

    def _set_goal(self, goal: str) -> None:
        if goal != self._goal:
            self._goal = goal
            self._compare()

    def _set_class(self, kind: str) -> None:
        self._kind = kind
        self._compare()

    def _draw(self) -> None:
        """Show the first variant in the main window, and suggest areas there once it has its map."""
        self._drawn_on, self._waits = self._paths[0], True
        self._open(self._paths[0])
        self._begin_drawing()

    def _begin_drawing(self) -> None:
        session = self._bench.session
        shown = None if session.shown is None else absolute(session.shown)
        if self._waits and session.saliency is not None and shown == self._drawn_on:
            self._waits = False
            self._bench.commands["suggest_areas"].trigger()

    def _return(self) -> None:
        """Come back once several areas have been accepted; whoever draws one by one stays there."""
        on = self._drawn_on
        if on is not None and (count := len(self._bench.areas.of(on))):
            self._drawn_on = None
            if count > 1 and self._window is not None and self._window.isVisible():
                self._raise()

    def _suggest(self) -> None:
        if self._found is not None:
            self.worker.suggest(self._found)

    def _accept(self, chosen: tuple[Suggestion, ...]) -> None:
        for path in dict.fromkeys(one.path for one in chosen):
            areas = [one.found.area for one in chosen if one.path == path and one.found is not None]
            self._bench.areas.put_on(path, areas, "put areas")
        self.window.set_suggestions(())
        self._compare()

    def _open(self, path: Path) -> None:
        self._bench.session.go(path)
        self._bench.dialog_parent.raise_()
        self._bench.dialog_parent.activateWindow()

    def _ask_more(self) -> None:
        from salviewer.app.shell import dialogs

        folder = self._bench.settings.folder
        dialogs.ask_pictures(self.window, folder, lambda names: self.add(tuple(map(Path, names))))

    def _ask_table(self) -> None:
        from salviewer.app.shell.file_dialogs import ask_new_file

        found, worker = self._found, self.worker
        if found is not None:
            kinds = "CSV, Excel, JSON (*.csv *.xlsx *.json *.tsv)"
            ask_new_file(
                self.window,
                tr("Save the table"),
                kinds,
                "variants.csv",
                lambda name: worker.save_table(Path(name), found),
                self._bench.settings.now.folder,
            )

    def _ask_report(self) -> None:
        from salviewer.app.features.variants.report_dialog import ReportDialog
        from salviewer.results.report_template import ReportTemplate

        found, worker = self._found, self.worker
        if found is not None:
            template = self._template or ReportTemplate()
            dialog = ReportDialog(template, self._bench.settings.now.folder, "variants", self.window)
            dialog.wanted.connect(self._keep_template)
            dialog.wanted.connect(lambda path, template: worker.save_report(path, found, template))
            dialog.open()

    def _keep_template(self, _: Path, template: ReportTemplate) -> None:
        """Offer the same answers for the next report."""
        self._template = template
