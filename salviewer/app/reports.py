"""What the session and the workers report, shown in the window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from salviewer.app.viewer.overlay_layer import Heat
from salviewer.app.workers.inference import Engine, EngineReady
from salviewer.app.workers.loader import Loaded
from salviewer.core.saliency_map import SaliencyMap

if TYPE_CHECKING:
    from salviewer.app.window import Window


class Reports(QObject):
    """Listens from the beginning; made when all parts of the window but its desks are there."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._device_title = ""
        session, saver, status = window.session, window.saver, window.status
        session.picture_changed.connect(self._show_picture)
        session.map_changed.connect(self._show_map)
        session.engine_changed.connect(self._show_engine)
        session.engine_ready.connect(self._show_ready)
        session.listing_changed.connect(self._show_listing)
        session.activity_changed.connect(lambda what: status.set_activity("session", what))
        session.succeeded.connect(window.banner.dismiss)
        complaining = (session, window.heat, saver, window.copier, window.preferences, window.documents)
        for source in (*complaining, window.areas.scores):
            source.failed.connect(window.banner.complain)
        window.heat.made.connect(self._show_heat)
        saver.saved.connect(self._report_saved)
        saver.progressed.connect(
            lambda done, count: status.set_activity("saving", f"Saved {done} of {count}…")
        )
        saver.busy_changed.connect(lambda busy: status.set_activity("saving", "Saving…" if busy else ""))
        window.documents.table_saved.connect(lambda path: window.banner.report(f"Saved {path}"))
        window.projects.changed.connect(self._show_title)
        window.copier.copied.connect(window.banner.report)
        window.copier.busy_changed.connect(
            lambda busy: status.set_activity("copying", "Copying…" if busy else "")
        )

    def _show_picture(self, loaded: Loaded) -> None:
        self._window.pages.setCurrentWidget(self._window.stage)
        self._window.heat.set_map(None)
        self._window.canvas.set_picture(loaded.pyramid)
        self._window.canvas.setAccessibleDescription(loaded.name)
        self._window.focus_picture()
        width, height = loaded.picture.full_size
        self._window.readout.set_picture((width, height))
        self._show_facts()
        self._show_title()
        if loaded.picture.path is not None:
            self._window.preferences.change(folder=str(loaded.picture.path.parent.absolute()))

    def _show_facts(self) -> None:
        loaded, (which, count) = self._window.session.loaded, self._window.session.position
        if loaded is not None:
            width, height = loaded.picture.full_size
            facts = (f"{width} × {height}", f"{which} of {count}" if count > 1 else "", loaded.picture.note)
            self._window.status.set_picture(loaded.name, "  ·  ".join(fact for fact in facts if fact))

    def _show_listing(self) -> None:
        self._show_facts()
        self._window.remembered.show_folder()
        self._window.enable()

    def _show_title(self) -> None:
        loaded = self._window.session.loaded
        parts = ("" if loaded is None else loaded.name, self._window.projects.name)
        named = " – ".join(part.replace("[*]", "[*][*]") for part in parts if part)
        self._window.setWindowTitle(f"{named}[*] – salviewer" if named else "salviewer")
        self._window.setWindowModified(bool(named) and self._window.projects.unsaved)
        self._window.enable()

    def _show_map(self, saliency: SaliencyMap | None) -> None:
        loaded = self._window.session.loaded
        self._window.heat.set_map(saliency, None if loaded is None else loaded.picture.pixels)
        self._window.enable()
        self._show_use()

    def _report_saved(self, saved: Path | tuple[Path, ...]) -> None:
        if isinstance(saved, tuple) and len(saved) > 1:
            self._window.banner.report(f"Saved {len(saved)} files in {saved[0].parent}")
        else:
            self._window.banner.report(f"Saved {saved[0] if isinstance(saved, tuple) else saved}")

    def _show_heat(self, heat: Heat | None) -> None:
        image, lines = (None, ()) if heat is None else (heat.image, heat.lines)
        self._window.canvas.set_layer(image, lines)
        self._window.readout.set_heat(heat)

    def _show_engine(self, engine: Engine) -> None:
        self._device_title = ""
        self._window.panel.set_engine(engine)
        self._window.preferences.change(model=engine.model, device=engine.device, engine=engine.kind)
        self._show_use()

    def _show_ready(self, ready: EngineReady) -> None:
        self._device_title = ready.device_title
        self._window.panel.set_ready(ready)
        self._show_use()

    def _show_use(self) -> None:
        saliency = self._window.session.saliency
        parts = [self._window.panel.model.currentText()] if self._device_title else []
        parts.append(self._device_title)
        if saliency is not None and saliency.milliseconds:
            parts.append(f"{saliency.milliseconds:.0f} ms")
        self._window.status.engine.setText("  ·  ".join(part for part in parts if part))
