"""Views: the panel's first page, the view commands, and the texts of status line and title."""

from __future__ import annotations

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QWidget

from salviewer.app.features.views.displays import Displays
from salviewer.app.state.picture_kind import PictureKind
from salviewer.app.state.settings import ViewerSettings
from salviewer.app.translation import fill, tr
from salviewer.app.viewer.display_settings import DisplayControls
from salviewer.app.viewer.engine_choice import EngineChoice
from salviewer.app.viewer.kind_choice import KindChoice
from salviewer.app.viewer.readout import Readout
from salviewer.app.widgets.buttons import with_name
from salviewer.app.widgets.folded import Folded
from salviewer.app.widgets.layouts import STRETCH, add_items, in_column
from salviewer.app.workbench import Feature, Workbench
from salviewer.core.views import View
from salviewer.texts import said

PAGE = "heatmap"
"""The id of the panel's page of views."""


class ViewsController(Feature):
    """Controls how the picture on screen is shown."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self.displays = Displays(bench, self)
        self.engine = EngineChoice(bench.session, bench.models, bench.shown)
        self.kinds = PictureKind(bench.session, self)
        bench.workers.add(self.kinds.worker)
        self.kind = KindChoice(self.kinds, bench.session, bench.models)
        self.display = DisplayControls(bench.settings)
        self.readout = Readout(bench.session, bench.shown, bench.stage.canvas, self)
        bench.panel.add_page(tr("Heatmap"), self._page(), PAGE)
        session = bench.session
        bench.commands.add_conditions(previous=lambda: session.can_turn(-1), next=lambda: session.can_turn(1))
        self._connect()

    def show(self, view: View) -> None:
        """Show a view over the picture."""
        self._bench.settings.change(view=view, shown=True)

    def _page(self) -> QWidget:
        body = with_name(QWidget(), "panelBody")
        column = in_column(within=body, spacing=6, margins=(18, 16, 18, 16))
        line = QFrame()
        line.setProperty("role", "line")
        add_items(column, self.display, 12, line, 6, self.kind, 6)
        self.fold = Folded(tr("Model and device"), self.engine)
        add_items(column, self.fold, STRETCH)
        return body

    def _connect(self) -> None:
        bench, status = self._bench, self._bench.status
        canvas, session = bench.stage.canvas, bench.session
        canvas.view_changed.connect(lambda: status.set_zoom(canvas.view))
        for each in (canvas, bench.stage.other):
            each.turn.connect(session.turn)
        self.readout.changed.connect(status.set_reading)
        session.activity_changed.connect(lambda what: status.set_activity("session", what))
        session.succeeded.connect(bench.notices.overtake)
        session.failed.connect(bench.notices.error)
        session.engine_changed.connect(
            lambda engine: bench.settings.change(model=engine.model, device=engine.device, engine=engine.kind)
        )
        session.picture_changed.connect(lambda _: self._show_facts())
        session.listing_changed.connect(lambda _: self._show_facts())
        bench.shown.overlay_changed.connect(
            lambda overlay: self.display.show_statistics(None if overlay is None else overlay.measured)
        )
        bench.shown.engine_changed.connect(lambda engine: status.set_engine(engine.line))
        bench.theme.changed.connect(self._dress)
        self._dress()
        bench.settings.follow(self._apply)

    def _apply(self, before: ViewerSettings | None, now: ViewerSettings) -> None:
        self._bench.panel.setVisible(now.panel)
        if before is None or before.appearance != now.appearance:
            self._bench.theme.set_appearance(now.appearance)

    def _show_facts(self) -> None:
        session = self._bench.session
        loaded, (which, count) = session.loaded, session.position
        if loaded is not None:
            width, height = loaded.picture.full_size
            facts = (
                fill("{width} × {height}", width=width, height=height),
                tr("{which} of {count}", which=which, count=count) if count > 1 else "",
                said(loaded.picture.note),
            )
            self._bench.status.set_picture(loaded.name, "  ·  ".join(fact for fact in facts if fact))

    def _dress(self) -> None:
        self._bench.stage.set_ground(QColor(self._bench.theme.colours.ground))
