"""The feature of uses: its page, its marks on the picture, its tool, and saving."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from salviewer.app.features.uses.commands import commands
from salviewer.app.features.uses.controller import UseController
from salviewer.app.features.uses.marks import UseMarks
from salviewer.app.features.uses.page import UsePage
from salviewer.app.features.uses.tool import UseTool
from salviewer.app.shell import dialogs
from salviewer.app.translation import tr
from salviewer.app.workbench import Feature, Workbench
from salviewer.results.source import Source

if TYPE_CHECKING:
    from salviewer.app.state.use_choices import UseKind

PAGE = "use"
"""The id of the panel's page."""


class UsesFeature(Feature):
    """Makes crops, regions, cut-outs and words of the picture on screen."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self.controller = UseController(bench.session, bench.areas, bench.settings, self)
        self.page, self.marks = UsePage(), UseMarks()
        self.tool = UseTool(self.controller)
        bench.workers.add(self.controller.worker)
        bench.stage.canvas.add_ornament(self.marks)
        bench.stage.canvas.add_tool(self.tool)
        bench.panel.add_page(tr("Use"), self.page, PAGE)
        bench.commands.add_conditions(use=lambda: self.controller.applied is not None)
        bench.commands.add(*commands(self))
        controller, page = self.controller, self.page
        controller.changed.connect(self._show)
        controller.failed.connect(bench.notices.error)
        page.choices_changed.connect(controller.choose)
        page.best_wanted.connect(controller.find_best)
        page.undo_wanted.connect(controller.undo_click)
        page.save_wanted.connect(self.save)
        page.copy_wanted.connect(self._copy)
        bench.panel.page_changed.connect(lambda _: self._arm())
        page.set_choices(controller.choices)

    def show(self, kind: UseKind) -> None:
        """Show a use of the map, and its page."""
        self.controller.choose(replace(self.controller.choices, kind=kind))
        if kind != "none":
            self._bench.panel.show_page(PAGE)

    def save(self) -> None:
        """Ask for a file name, then write what is on screen."""
        from salviewer.app.features.uses import saving

        bench, controller = self._bench, self.controller
        loaded, saliency, applied = bench.session.loaded, bench.session.saliency, controller.applied
        kind = controller.choices.kind
        if loaded is None or saliency is None or applied is None or kind == "none":
            return
        uses = controller.uses
        suffix = f"-crop-{uses.crops[0].name}" if uses.crops else f"-{kind}"
        filters = [(tr(name), ending) for name, ending in saving.FILTERS[kind]]
        suggestion = dialogs.suggested(loaded.picture.path, f"{loaded.stem}{suffix}.{filters[0][1]}")
        source = Source(loaded.picture, saliency, bench.areas.all, loaded.name)

        def write(name: str) -> None:
            bench.files.writer.do(lambda *_: saving.save(Path(name), kind, uses, source, applied))

        dialogs.ask_named(bench.dialog_parent, tr("Save what is made"), suggestion, filters, write)

    def _copy(self) -> None:
        applied = self.controller.applied
        if applied is not None and applied.description is not None:
            QGuiApplication.clipboard().setText(applied.description.sentence)

    def _show(self) -> None:
        controller = self.controller
        self.page.set_choices(controller.choices)
        self.page.set_applied(controller.applied, len(controller.clicks), controller.busy)
        self.marks.show(controller.applied)
        self._arm()
        self._bench.stage.update_canvases()
        self._bench.commands.refresh()

    def _arm(self) -> None:
        """Let the tool take the mouse only while its page is in front."""
        wanted = self.controller.choices.kind in ("crop", "cutout")
        self.tool.active = (
            wanted and self._bench.session.saliency is not None and self._bench.panel.is_front(PAGE)
        )
