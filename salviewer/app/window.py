"""The window: puts the parts together and shows what the session reports."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar, cast

from PySide6.QtCore import QByteArray, QSettings, Qt
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
)
from PySide6.QtWidgets import QApplication, QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from salviewer.app.features.areas.controller import AreaDesk
from salviewer.app.features.batch.controller import BatchDesk
from salviewer.app.features.compare.controller import Compare
from salviewer.app.features.export.controller import Exporting
from salviewer.app.features.files.menu import FileMenu
from salviewer.app.features.files.projects import Projects
from salviewer.app.features.files.recent import Recent
from salviewer.app.features.folder.menu import FolderMenu
from salviewer.app.features.folder.panel import FolderPanel
from salviewer.app.features.hotspots.controller import Hotspots
from salviewer.app.features.live.controller import LiveDesk
from salviewer.app.features.training.controller import TrainingDesk
from salviewer.app.menus.actions import Actions
from salviewer.app.menus.catalogue import MENUS
from salviewer.app.menus.conditions import conditions
from salviewer.app.menus.spec import Menu
from salviewer.app.remembered import Remembered
from salviewer.app.reports import Reports
from salviewer.app.shell import incoming
from salviewer.app.shell.first_page import EmptyState
from salviewer.app.shell.notices import Banner
from salviewer.app.shell.status import Status
from salviewer.app.shell.theme import Theme
from salviewer.app.state.session import Session
from salviewer.app.state.settings import SettingsFile
from salviewer.app.state.settings_store import Preferences
from salviewer.app.viewer.overlay_layer import HeatLayers, Looks
from salviewer.app.viewer.panel import Panel
from salviewer.app.viewer.readout import Readout
from salviewer.app.viewer.stage import Stage
from salviewer.app.workers.clipboard import Copier
from salviewer.app.workers.documents import Documents
from salviewer.app.workers.inference import Engine
from salviewer.app.workers.latest_only import Lane
from salviewer.app.workers.writer import Saver
from salviewer.core.postprocess import PostprocessSettings
from salviewer.core.render import OverlayStyle
from salviewer.core.scene import Scene
from salviewer.models.catalog import list_models

AnyMenu = TypeVar("AnyMenu", bound=Menu)

CLOSING = 4.0
"""Seconds that closing waits for work that is under way."""


class Window(QMainWindow):
    """One window, one session.

    Args:
        file: where settings are kept.
        engine: what to predict with in this run; "" and "auto" leave the choice to the settings.
        before_torch: see `Inference`.
    """

    def __init__(
        self, file: SettingsFile, engine: Engine, before_torch: Callable[[], None] | None = None
    ) -> None:
        super().__init__()
        self.preferences = Preferences(file, self)
        settings = self.preferences.now
        application = cast("QApplication", QApplication.instance())
        self.theme = Theme(application, settings.appearance, self)
        device = settings.device if engine.device == "auto" else engine.device
        kind = settings.engine if engine.kind == "auto" else engine.kind
        self.session = Session(Engine(engine.model or settings.model, device, kind), before_torch, self)
        self.heat = HeatLayers(self)
        self.saver = Saver(self)
        self.copier = Copier(self)
        self.documents = Documents(self)
        self.stage = Stage()
        self.canvas = self.stage.canvas
        self.empty = EmptyState(self.theme)
        self.banner = Banner(self.theme)
        self.folder = FolderPanel(self.session, self.theme)
        self.panel = Panel(list_models())
        self.status = Status()
        self.readout = Readout(self.canvas, self.status, self.panel.look, self)
        self.menus: dict[type[Menu], Menu] = {kind: kind(self) for kind in MENUS}
        self.catalogue = Actions(self, tuple(self.menus.values()), self.theme)
        self.areas = AreaDesk(self)
        self.projects = Projects(self)
        self.exporting = Exporting(self)
        self.recent = Recent(self)
        self.remembered = Remembered(self)
        self.conditions = conditions(self)
        self.stopped = False  # whether every thread had ended by the time the window closed
        self._assemble()
        self.reports = Reports(self)
        self._connect()
        self.hotspots = Hotspots(self)
        self.compare = Compare(self)
        self.training = TrainingDesk(self)
        self.batching = BatchDesk(self)
        self.live = LiveDesk(self, before_torch)
        for source in (self.hotspots, self.compare, self.training, self.batching):
            source.failed.connect(self.banner.complain)
        for desk in (self.training, self.batching):
            desk.succeeded.connect(self.banner.report)
        self.remembered.apply()
        if self.preferences.complaint:
            self.banner.complain(self.preferences.complaint)

    def _assemble(self) -> None:
        self.setObjectName("window")
        self.setWindowTitle("salviewer")
        self.setAcceptDrops(True)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.empty)
        self.pages.addWidget(self.stage)
        self.body = left = QVBoxLayout()
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        left.addWidget(self.banner)
        left.addWidget(self.pages, 1)
        body = QWidget()
        body.setLayout(left)
        self.across = QSplitter(Qt.Orientation.Horizontal)
        self.across.setObjectName("across")
        self.across.setChildrenCollapsible(False)
        self.across.setHandleWidth(1)
        self.across.addWidget(self.folder)
        self.across.addWidget(body)
        self.across.addWidget(self.panel)
        self.across.setStretchFactor(1, 1)
        self.setCentralWidget(self.across)
        self.setStatusBar(self.status)
        self.setMinimumSize(720, 480)
        self.resize(1180, min(860, self.screen().availableSize().height() - 40))
        place = self._place().value("geometry")
        if isinstance(place, QByteArray):
            self.restoreGeometry(place)
        across = self._place().value("across")
        if isinstance(across, QByteArray):
            self.across.restoreState(across)

    def _connect(self) -> None:
        session, panel = self.session, self.panel
        self.status.cancel_wanted.connect(self.saver.cancel)
        panel.engine_chosen.connect(session.set_engine)
        panel.look.changed.connect(lambda heat, style: self.change_look(heat=heat, style=style))
        panel.look.shown_changed.connect(self.catalogue["show_heat"].setChecked)
        panel.look.outline_changed.connect(self.catalogue["show_outline"].setChecked)
        self.canvas.view_changed.connect(lambda: self.status.set_zoom(self.canvas.view))
        for canvas in (self.canvas, self.stage.other):
            canvas.turn.connect(session.turn)
        self.empty.open_wanted.connect(self.menu(FileMenu).open_files)
        self.empty.folder_wanted.connect(self.menu(FileMenu).open_folder)
        self.empty.sample_wanted.connect(lambda path: session.open([str(path)]))
        self.recent.changed.connect(lambda: self.empty.set_recent(self.recent.paths))
        self.empty.recent_wanted.connect(self.recent.open)
        self.banner.dismissed.connect(self.focus_picture)
        self.theme.changed.connect(self.dress)
        self.folder.left.connect(self.focus_picture)
        self.folder.menu_wanted.connect(self.menu(FolderMenu).offer)
        self.folder.overlays_wanted.connect(self.catalogue["thumbnail_overlays"].setChecked)

    def widen_panel(self, width: int) -> None:
        """Give the controls so many logical pixels, at the picture's cost."""
        folder, body, panel = self.across.sizes()
        self.across.setSizes([folder, body + panel - width, width])

    def menu(self, kind: type[AnyMenu]) -> AnyMenu:
        """One of `MENUS`."""
        menu = self.menus[kind]
        assert isinstance(menu, kind)
        return menu

    @property
    def lanes(self) -> list[Lane]:
        """All its threads."""
        own = [self.heat.lane, self.saver.lane, self.documents.lane, self.areas.scores.lane]
        shown = [*self.folder.lanes, *self.hotspots.lanes, *self.compare.lanes, self.copier.lane]
        shown += [self.exporting.lane, *self.training.lanes, *self.batching.lanes, *self.live.lanes]
        return [*self.session.lanes, *own, *shown]

    def focus_picture(self) -> None:
        """Give the keyboard back to the picture, or to the first button while there is none."""
        (self.canvas if self.session.loaded is not None else self.empty.open).setFocus()

    def enable(self) -> None:
        """Let be asked for what is possible now: `conditions`, by the names in `Spec.needs`."""
        self.catalogue.enable(lambda name: self.conditions[name]())

    def change_look(self, **fields: Any) -> None:
        """Show, and remember, these of the settings that say how a map is shown."""
        self.preferences.change(**fields)
        now = self.preferences.now
        self.heat.set_looks(Looks(now.heat, now.style, now.view, now.outline))
        self.folder.set_look(now.heat, now.style)
        self.panel.look.set_view(now.view, now.shown, now.outline)
        self.catalogue["show_heat"].setChecked(now.shown)
        self.catalogue["show_outline"].setChecked(now.outline)
        self.catalogue.set_view(now.view if now.shown else "picture")
        if fields.keys() - {"heat", "style"}:  # these make nothing possible, and sliders change them often
            self.enable()

    def show_look(self, heat: PostprocessSettings, style: OverlayStyle) -> None:
        """Show maps so, in the controls too."""
        self.panel.look.set_look(heat, style)
        self.change_look(heat=heat, style=style)

    def scene(self) -> Scene:
        """All that is shown of the picture, for a file that is to show the same."""
        return replace(self.preferences.now.scene, areas=self.areas.shown)

    def dress(self) -> None:
        """Wear the theme's colours where the style sheet does not reach."""
        self.stage.set_ground(QColor(self.theme.colours.ground))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Pictures are welcome."""
        if incoming.acceptable(event.mimeData()):
            event.acceptProposedAction()
            self.empty.set_hovered(True)
            self.compare.drops.hold(event.position())

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802
        """Show what letting go here would do."""
        event.acceptProposedAction()
        self.compare.drops.hold(event.position())

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802
        """Another time."""
        self.empty.set_hovered(False)
        self.compare.drops.leave()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Open what was dropped."""
        self.empty.set_hovered(False)
        event.acceptProposedAction()
        if not self.compare.drops.drop(event.mimeData(), event.position()):
            self.menu(FileMenu).take(
                event.mimeData(), "Only pictures from this computer can be dropped here."
            )
        self.activateWindow()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Escape dismisses the message, then gives the keyboard back to the picture."""
        if event.key() == Qt.Key.Key_Escape:
            self.banner.dismiss()
            self.focus_picture()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Ask about what is unsaved and still runs; remember, then give work under way a limited time to end.

        The window is gone meanwhile.
        """
        for asking in (self.projects, self.training, self.batching):
            if not asking.may_close(self.close):
                event.ignore()
                return
        self.training.close()
        self.batching.close()
        self.live.close()
        self._place().setValue("geometry", self.saveGeometry())
        self._place().setValue("across", self.across.saveState())
        self.compare.stop()
        self.preferences.write()
        self.hide()
        until = time.monotonic() + CLOSING
        self.saver.cancel()
        for lane in self.lanes:
            lane.close()
        ended = self.live.join(until - time.monotonic())
        self.stopped = ended and all(lane.join(until - time.monotonic()) for lane in self.lanes)
        event.accept()

    def _place(self) -> QSettings:
        return QSettings(str(self.preferences.file.folder / "window.ini"), QSettings.Format.IniFormat)
