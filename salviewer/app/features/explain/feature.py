"""Explain a place or an area: commands, the tool that chooses a place, the window with the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from salviewer.app.features.explain.tool import PlaceTool
from salviewer.app.shell import dialogs
from salviewer.app.translation import mark, tr
from salviewer.app.widgets.dialog import to_front
from salviewer.app.workbench import Command, Feature, Workbench
from salviewer.app.workers.writer import write_pixels
from salviewer.models.architectures import ARCHITECTURES

if TYPE_CHECKING:
    from salviewer.app.features.explain.explainer import Explained, Explainer, ExplainRequest
    from salviewer.app.features.explain.window import ExplanationWindow


class ExplainFeature(Feature):
    """Shows what a network with attention takes the saliency of a place from.

    Attributes:
        window: with the answers; None before the first.
    """

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._explainer: Explainer | None = None
        self.tool = PlaceTool(self)
        self.window: ExplanationWindow | None = None
        self._explained: Explained | None = None
        bench.stage.canvas.add_tool(self.tool)
        bench.stage.canvas.add_ornament(self.tool)
        session, areas = bench.session, bench.areas
        bench.commands.add_conditions(
            **{
                "selected area": lambda: (
                    len(areas.selected) == 1 and session.loaded is not None and not session.live
                )
            }
        )
        bench.commands.add(
            Command(
                "explain_place",
                mark("E&xplain this place"),
                self.pick,
                "View",
                (5, 3),
                tip=mark("Click a place of the picture to see what the network takes its saliency from"),
                when="still",
                checked=lambda: self.tool.active,
                at=self.explain_at,
            ),
            Command(
                "explain_area",
                mark("E&xplain this area"),
                self.explain_area,
                "Areas",
                (5, 3),
                tip=mark("Show what the network takes the saliency of the selected area from"),
                when="selected area",
            ),
        )
        self.tool.chosen.connect(self.explain_at)
        self.tool.ended.connect(self._end)
        self.tool.redraw.connect(bench.stage.canvas.update)
        session.live_changed.connect(lambda live: self._end() if live else None)
        session.picture_changed.connect(lambda _: self.tool.mark(None))

    @property
    def explainer(self) -> Explainer:
        """The worker; made when it is first used."""
        if self._explainer is None:
            from salviewer.app.features.explain.explainer import Explainer

            self._explainer = made = Explainer(self._bench.workers.before_torch, self)
            self._bench.workers.add(made.worker)
            made.explained.connect(self._show)
            made.refused.connect(self._refuse_late)
            made.failed.connect(self._fail)
        return self._explainer

    def close(self) -> None:
        """End the work."""
        self._cancel()

    def pick(self, on: bool) -> None:
        """Let the user choose places on the picture, or no longer."""
        if not on:
            self._end()
        elif self._attends():
            self.tool.set_active(True)
            self._bench.notices.inform(tr("Click a place of the picture, or go to it with arrows and Enter"))
            self._bench.layout.focus_picture()
        else:
            self._refuse(lambda: self.pick(True))
        self._bench.commands.refresh()

    def explain_at(self, place: tuple[float, float]) -> None:
        """Explain a place, in fractions of the picture."""
        self._explain(place, "")

    def explain_area(self) -> None:
        """Explain the selected area."""
        if len(self._bench.areas.selected) == 1:
            area = self._bench.areas.selected[0]
            self._explain(area.outline(), area.name)

    def _explain(self, place: tuple[float, float] | NDArray[np.float64], area: str) -> None:
        session = self._bench.session
        loaded = session.loaded
        if loaded is None or session.live:
            return
        if not self._attends():
            self._refuse(lambda: self._explain(place, area))
            return
        from salviewer.app.features.explain.explainer import ExplainRequest

        self.tool.mark(place if isinstance(place, tuple) else None)
        request = ExplainRequest(session.engine.model, loaded.picture, loaded.stem, place, area)
        self._explained = None
        window = self._window()
        window.show_working(request, self._bench.models.title(request.model))
        to_front(window)
        self.explainer.explain(request)

    def _attends(self) -> bool:
        """Return whether the model may have attention; one that is not in the catalogue is asked itself."""
        model = self._bench.session.engine.model
        entry = next((entry for entry in self._bench.models.all if entry.name == model), None)
        return entry is None or ARCHITECTURES[entry.card.architecture].attends

    def _refuse(self, then: Callable[[], None]) -> None:
        """Say that the model has no attention, and offer one that has."""
        models, session = self._bench.models, self._bench.session
        title = models.title(session.engine.model)
        other = next((e for e in models.all if ARCHITECTURES[e.card.architecture].attends), None)
        if other is None:
            said = tr("{model} has no attention that could be explained.", model=title)
            self._bench.notices.error(said)
            return
        name = other.name

        def use() -> None:
            session.set_engine(replace(session.engine, model=name))
            then()

        self._bench.notices.error(
            tr(
                "{model} has no attention that could be explained; {other} has.",
                model=title,
                other=other.title,
            ),
            tr("Use {model}", model=other.title),
            use,
        )

    def _refuse_late(self, request: ExplainRequest) -> None:
        self._end()
        self._refuse(lambda: self._explain(request.place, request.area))

    def _fail(self, sentence: str) -> None:
        self._end()
        self._bench.notices.error(sentence)

    def _end(self) -> None:
        """Choose no more places; end the work, and close the window."""
        self._cancel()
        self.tool.set_active(False)
        if self.window is not None and self.window.isVisible():
            self.window.hide()
        self._bench.commands.refresh()

    def _cancel(self) -> None:
        if self._explainer is not None:
            self._explainer.cancel()

    def _window(self) -> ExplanationWindow:
        if self.window is None:
            from salviewer.app.features.explain.window import ExplanationWindow

            self.window = ExplanationWindow(self._bench.dialog_parent)
            self.window.rejected.connect(self._end)
            self.window.save_wanted.connect(self.save)
            self.window.copy_wanted.connect(self.copy)
        return self.window

    def _show(self, explained: Explained) -> None:
        self._explained = explained
        self._window().show_explained(explained, self._bench.models.title(explained.request.model))

    def save(self) -> None:
        """Ask for a file name, then write the three pictures as one."""
        explained = self._explained
        if explained is None:
            return
        request, drawn = explained.request, explained.drawn
        do = self._bench.files.writer.do

        def write(name: str) -> None:
            do(lambda stop, _: write_pixels(Path(name), lambda: drawn, None, stop))

        title = tr("Save the explanation")
        suggestion = dialogs.suggested(request.picture.path, f"{request.stem}-explained.png")
        dialogs.ask_named(self._window(), title, suggestion, dialogs.PICTURE_FORMATS, write)

    def copy(self) -> None:
        """Put the three pictures on the clipboard as one."""
        explained = self._explained
        if explained is not None:
            drawn = explained.drawn
            self._bench.files.clipboard.copy(tr("the explanation"), lambda: drawn)
