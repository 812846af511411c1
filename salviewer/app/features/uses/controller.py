"""Makes the chosen use of the map on screen, in a worker, and keeps what the user changes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from salviewer.app.translation import tr
from salviewer.app.workers.latest_only import LatestOnlyWorker, Outcome
from salviewer.app.workers.sentences import sentence
from salviewer.core.applications.crops import Crop, crop_at
from salviewer.core.applications.cutouts import Click, CutoutSettings
from salviewer.core.applications.uses import FINDABLE, Applied, Uses
from salviewer.results.extra_areas import finders_possible

if TYPE_CHECKING:
    from salviewer.app.state.areas import AreaStore
    from salviewer.app.state.session import Session
    from salviewer.app.state.settings import ViewerSettings
    from salviewer.app.state.settings_store import SettingsStore
    from salviewer.app.state.use_choices import UseChoices

_SOON = 120  # milliseconds after the last change, so that a slider asks once


class UseController(QObject):
    """Keeps `applied` up to date with the map, the areas and the choices.

    Attributes:
        clicks: corrections of this picture's cut-out.
        applied: what came of it; None while nothing is asked for, or it is not there yet.
    """

    changed = Signal()  # `applied`, or what is asked for
    failed = Signal(str)

    def __init__(self, session: Session, areas: AreaStore, settings: SettingsStore, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._areas, self._settings = session, areas, settings
        self.worker = LatestOnlyWorker("uses", self, self._landed)
        self.clicks: tuple[Click, ...] = ()
        self.applied: Applied | None = None
        self._ticket = 0
        self._key = ""  # of the picture that the clicks are on
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON)
        self._soon.timeout.connect(self._make)
        session.map_changed.connect(lambda _: self._turn())
        session.live_changed.connect(lambda _: self._turn())
        areas.changed.connect(self._areas_changed)
        settings.follow(self._apply)

    @property
    def choices(self) -> UseChoices:
        """What is asked for."""
        return self._settings.now.use

    @property
    def busy(self) -> bool:
        """Whether an answer is awaited."""
        return self._soon.isActive() or self.worker.busy

    @property
    def uses(self) -> Uses:
        """What is asked for, as every other way to it takes it."""
        choices = self.choices
        return Uses(
            crops=(choices.crop,) if choices.kind == "crop" else (),
            regions=choices.regions if choices.kind == "regions" else None,
            cutout=CutoutSettings(choices.count, choices.softness, self.clicks)
            if choices.kind == "cutout"
            else None,
            words=choices.words if choices.kind == "words" else None,
            find=FINDABLE if choices.find and choices.kind != "cutout" and finders_possible() else (),
        )

    @property
    def crop(self) -> Crop | None:
        """The crop on screen: the best one, or where the user dragged it."""
        return self.applied.crops[0][1] if self.applied is not None and self.applied.crops else None

    def choose(self, choices: UseChoices) -> None:
        """Ask for something else."""
        self._settings.change(use=choices)

    def drag_crop(self, left: int, top: int) -> None:
        """Put the frame here, in pixels of the picture; it stays on it."""
        saliency, crop = self._session.saliency, self.crop
        if saliency is None or crop is None or self.applied is None:
            return
        moved = crop_at(saliency, left, top, crop.width, crop.height)
        if (moved.left, moved.top) != (crop.left, crop.top):
            self._ticket += 1  # an answer under way would put it back
            self.applied = replace(self.applied, crops=((self.choices.crop, moved),))
            self.changed.emit()

    def find_best(self) -> None:
        """Put the frame back where it keeps most, or forget the clicks."""
        self.clicks = ()
        self._ask()

    def click(self, click: Click) -> None:
        """Correct the cut-out."""
        self.clicks = (*self.clicks, click)
        self._ask()

    def undo_click(self) -> None:
        """Forget the last click."""
        self.clicks = self.clicks[:-1]
        self._ask()

    def _apply(self, before: ViewerSettings | None, now: ViewerSettings) -> None:
        if before is not None and before.use != now.use:
            self._ask(forget=before.use.kind != now.use.kind)

    def _turn(self) -> None:
        loaded = self._session.loaded
        key = loaded.key if loaded is not None else ""
        if key != self._key:
            self._key, self.clicks = key, ()
        self._ask(forget=True)

    def _areas_changed(self) -> None:
        if self.choices.kind in ("crop", "regions", "words"):
            self._ask()

    def _ask(self, forget: bool = False) -> None:
        self._ticket += 1
        if forget:
            self.worker.forget()
            self.applied = None
        if self.choices.kind == "none" or self._session.saliency is None or self._session.live:
            self._soon.stop()
            self.applied = None
        else:
            self._soon.start()
        self.changed.emit()

    def _make(self) -> None:
        loaded, saliency = self._session.loaded, self._session.saliency
        if loaded is None or saliency is None:
            return
        from salviewer.results.finders import apply_uses

        pixels, uses, areas = loaded.picture.pixels, self.uses, self._areas.all
        self.worker.submit(self._ticket, lambda: apply_uses(pixels, saliency, uses, areas))

    def _landed(self, outcome: Outcome) -> None:
        if outcome.ticket != self._ticket:
            return
        if outcome.error is not None:
            self.failed.emit(sentence(outcome.error, tr("using the map")))
        else:
            self.applied = outcome.value
        self.changed.emit()
