"""The window: puts the parts together and shows what the session reports."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
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

from salviewer.app import incoming
from salviewer.app.areas.desk import AreaDesk
from salviewer.app.batch.desk import BatchDesk
from salviewer.app.canvas.readout import Readout
from salviewer.app.compare.compare import Compare
from salviewer.app.export.exporting import Exporting
from salviewer.app.folder.panel import FolderPanel
from salviewer.app.hotspots.hotspots import Hotspots
from salviewer.app.live.desk import LiveDesk
from salviewer.app.menus import MENUS
from salviewer.app.menus.actions import Actions
from salviewer.app.menus.file import FileMenu
from salviewer.app.menus.folder import FolderMenu
from salviewer.app.menus.spec import Menu
from salviewer.app.panel.panel import Panel
from salviewer.app.preferences import Preferences
from salviewer.app.projects import Projects
from salviewer.app.recent import Recent
from salviewer.app.remembered import Remembered
from salviewer.app.session import Session
from salviewer.app.settings import SettingsFile
from salviewer.app.shell.banner import Banner
from salviewer.app.shell.empty import EmptyState
from salviewer.app.shell.status import Status
from salviewer.app.shell.theme import Theme
from salviewer.app.stage.stage import Stage
from salviewer.app.training.desk import TrainingDesk
from salviewer.app.work.copying import Copier
from salviewer.app.work.documents import Documents
from salviewer.app.work.heat import Heat, HeatLayers, Looks
from salviewer.app.work.inference import Engine, EngineReady
from salviewer.app.work.lane import Lane
from salviewer.app.work.loader import Loaded
from salviewer.app.work.saving import Saver
from salviewer.core.postprocess import PostprocessSettings
from salviewer.core.render import OverlayStyle
from salviewer.core.saliency_map import SaliencyMap
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
        self.conditions: dict[str, Callable[[], bool]] = {
            "picture": lambda: self.session.loaded is not None,
            "map": lambda: self.session.saliency is not None,
            "shown map": lambda: self.session.saliency is not None and self.preferences.now.shown,
            "previous": lambda: self.session.can_turn(-1),
            "next": lambda: self.session.can_turn(1),
            "list": lambda: len(self.session.listing.paths) > 1,
            "file": lambda: self.session.shown is not None,
            "listed file": lambda: self.session.shown in self.session.listing.order,
            "divider": lambda: self.stage.arrangement == "swipe",
            "comparing": lambda: self.compare.comparing,
            "comparison": lambda: self.compare.contrast is not None,
            "another": lambda: self.conditions["still"]() and len(self.session.listing.walked) > 1,
            "fixations": lambda: self.compare.any_fixations,
            "areas": lambda: bool(self.areas.model.all),
            "selected areas": lambda: bool(self.areas.model.selection),
            "area scores": lambda: bool(self.areas.model.all) and self.session.saliency is not None,
            "undo": lambda: bool(self.areas.model.history.undoes),
            "redo": lambda: bool(self.areas.model.history.redoes),
            "project": lambda: self.projects.worth_saving,
            "open project": lambda: self.projects.path is not None,
        }
        self.stopped = False  # whether every thread had ended by the time the window closed
        self._device_title = ""
        self._assemble()
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
        self._pages = QStackedWidget()
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.stage)
        self.body = left = QVBoxLayout()
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        left.addWidget(self.banner)
        left.addWidget(self._pages, 1)
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
        session.picture_changed.connect(self._show_picture)
        session.map_changed.connect(self._show_map)
        session.engine_changed.connect(self._show_engine)
        session.engine_ready.connect(self._show_ready)
        session.activity_changed.connect(lambda what: self.status.set_activity("session", what))
        session.succeeded.connect(self.banner.dismiss)
        complaining = (session, self.heat, self.saver, self.copier, self.preferences, self.documents)
        for source in (*complaining, self.areas.scores):
            source.failed.connect(self.banner.complain)
        self.heat.made.connect(self._show_heat)
        self.saver.saved.connect(self._report_saved)
        self.saver.progressed.connect(
            lambda done, count: self.status.set_activity("saving", f"Saved {done} of {count}…")
        )
        self.documents.table_saved.connect(lambda path: self.banner.report(f"Saved {path}"))
        self.projects.changed.connect(self._show_title)
        self.saver.busy_changed.connect(
            lambda busy: self.status.set_activity("saving", "Saving…" if busy else "")
        )
        self.copier.copied.connect(self.banner.report)
        self.copier.busy_changed.connect(
            lambda busy: self.status.set_activity("copying", "Copying…" if busy else "")
        )
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
        session.listing_changed.connect(self._show_listing)
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

    # What the workers report

    def _show_picture(self, loaded: Loaded) -> None:
        self._pages.setCurrentWidget(self.stage)
        self.heat.set_map(None)
        self.canvas.set_picture(loaded.pyramid)
        self.canvas.setAccessibleDescription(loaded.name)
        self.focus_picture()
        width, height = loaded.picture.full_size
        self.readout.set_picture((width, height))
        self._show_facts()
        self._show_title()
        if loaded.picture.path is not None:
            self.preferences.change(folder=str(loaded.picture.path.parent.absolute()))

    def _show_facts(self) -> None:
        loaded, (which, count) = self.session.loaded, self.session.position
        if loaded is not None:
            width, height = loaded.picture.full_size
            facts = (f"{width} × {height}", f"{which} of {count}" if count > 1 else "", loaded.picture.note)
            self.status.set_picture(loaded.name, "  ·  ".join(fact for fact in facts if fact))

    def _show_listing(self) -> None:
        self._show_facts()
        self.remembered.show_folder()
        self.enable()

    def _show_title(self) -> None:
        loaded = self.session.loaded
        parts = ("" if loaded is None else loaded.name, self.projects.name)
        named = " – ".join(part.replace("[*]", "[*][*]") for part in parts if part)
        self.setWindowTitle(f"{named}[*] – salviewer" if named else "salviewer")
        self.setWindowModified(bool(named) and self.projects.unsaved)
        self.enable()

    def _show_map(self, saliency: SaliencyMap | None) -> None:
        loaded = self.session.loaded
        self.heat.set_map(saliency, None if loaded is None else loaded.picture.pixels)
        self.enable()
        self._show_use()

    def enable(self) -> None:
        """Let be asked for what is possible now: `conditions`, by the names in `Spec.needs`."""
        self.catalogue.enable(lambda name: self.conditions[name]())

    def _report_saved(self, saved: Path | tuple[Path, ...]) -> None:
        if isinstance(saved, tuple) and len(saved) > 1:
            self.banner.report(f"Saved {len(saved)} files in {saved[0].parent}")
        else:
            self.banner.report(f"Saved {saved[0] if isinstance(saved, tuple) else saved}")

    def _show_heat(self, heat: Heat | None) -> None:
        image, lines = (None, ()) if heat is None else (heat.image, heat.lines)
        self.canvas.set_layer(image, lines)
        self.readout.set_heat(heat)

    def _show_engine(self, engine: Engine) -> None:
        self._device_title = ""
        self.panel.set_engine(engine)
        self.preferences.change(model=engine.model, device=engine.device, engine=engine.kind)
        self._show_use()

    def _show_ready(self, ready: EngineReady) -> None:
        self._device_title = ready.device_title
        self.panel.set_ready(ready)
        self._show_use()

    def _show_use(self) -> None:
        saliency = self.session.saliency
        parts = [self.panel.model.currentText()] if self._device_title else []
        parts.append(self._device_title)
        if saliency is not None and saliency.milliseconds:
            parts.append(f"{saliency.milliseconds:.0f} ms")
        self.status.engine.setText("  ·  ".join(part for part in parts if part))

    # What a person changes

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
