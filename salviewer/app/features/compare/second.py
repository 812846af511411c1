"""Load and predict the second of two pictures, while the first stays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from salviewer.app.translation import tr
from salviewer.app.workers.inference import BESIDE, Engine, Request, Response, Stage
from salviewer.app.workers.loader import Loaded, Loader, Opened
from salviewer.core.agreement import Recorded, people

if TYPE_CHECKING:
    from salviewer.app.state.session import Session
    from salviewer.app.workers.latest_only import LatestOnlyWorker
    from salviewer.core.saliency_map import SaliencyMap


@dataclass(frozen=True, slots=True)
class OtherPicture:
    """Another picture, by the same model."""

    path: Path


@dataclass(frozen=True, slots=True)
class OtherModel:
    """The same picture, by another model; its name or path."""

    model: str


@dataclass(frozen=True, slots=True)
class People:
    """The same picture, and its recorded fixations."""


Rival = OtherPicture | OtherModel | People


class Second(QObject):
    """The other picture of a comparison.

    Requests are numbered, and only the answer to the newest counts. If a picture cannot be opened, the
    comparison stays; if a map cannot be made, it ends.
    """

    changed = Signal()
    failed = Signal(str)
    activity_changed = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._loader = Loader(self, keep=0)
        self._loader.opened.connect(self._opened)
        self._opening = 0  # number of the newest requested picture
        self._number = 0  # number of the newest map
        self._recorded: Recorded | None = None
        self._path: Path | None = None  # the picture that is being opened
        self.rival: Rival | None = None
        self.loaded: Loaded | None = None
        self.saliency: SaliencyMap | None = None
        session.inference.responded.connect(self._responded)
        session.inference.began.connect(self._began, Qt.ConnectionType.QueuedConnection)
        session.picture_changed.connect(self._first_changed)
        session.engine_changed.connect(self._engine_changed)

    @property
    def worker(self) -> LatestOnlyWorker:
        """Its thread."""
        return self._loader.worker

    def pair(self, flipped: bool) -> tuple[tuple[Loaded, SaliencyMap], tuple[Loaded, SaliencyMap]] | None:
        """Return A and B with their maps; None without two. If `flipped`, the picture on screen is B."""
        session = self._session
        if session.loaded is None or session.saliency is None or self.loaded is None or self.saliency is None:
            return None
        own, other = (session.loaded, session.saliency), (self.loaded, self.saliency)
        return (other, own) if flipped else (own, other)

    def choose(self, rival: Rival | None) -> None:
        """Compare with this from now on; None ends the comparison."""
        self._opening += 1
        if isinstance(rival, OtherPicture):
            self._path = rival.path
            self.activity_changed.emit(tr("Opening…"))
            self._loader.open(self._opening, (rival.path,))
        else:
            self._compare(rival, None if rival is None else self._session.loaded)

    def _compare(self, rival: Rival | None, loaded: Loaded | None) -> None:
        self.rival, self.loaded = rival, loaded
        self._need_map()
        self.changed.emit()

    def set_recorded(self, recorded: Recorded | None, known: bool) -> None:
        """Set the fixations on the picture on screen; None for none, or while not `known`."""
        self._recorded = recorded
        if isinstance(self.rival, People):
            self.choose(self.rival if recorded is not None or not known else None)

    def _first_changed(self) -> None:
        if isinstance(self.rival, OtherModel):
            self.choose(self.rival)

    def _engine_changed(self) -> None:
        if isinstance(self.rival, OtherPicture | OtherModel):
            self._compare(self.rival, self.loaded)

    def _opened(self, opened: Opened) -> None:
        if opened.ticket != self._opening:
            return
        self.activity_changed.emit("")
        if opened.loaded is None or self._path is None:
            self.failed.emit(
                opened.errors[0] if opened.errors else tr("There is no picture to compare with.")
            )
            return
        self._compare(OtherPicture(self._path), opened.loaded)

    def _engine(self) -> Engine:
        engine = self._session.engine
        return replace(engine, model=self.rival.model) if isinstance(self.rival, OtherModel) else engine

    def _need_map(self) -> None:
        self._number += 1
        self._session.inference.worker.forget(BESIDE)
        self.activity_changed.emit("")
        self.saliency, loaded = None, self.loaded
        if loaded is None:
            return
        if isinstance(self.rival, People):
            size = loaded.pyramid.size
            self.saliency = None if self._recorded is None else people(self._recorded, size)
            return
        engine = self._engine()
        self.saliency = self._session.known_map(loaded.key, engine)
        if self.saliency is None:
            # Numbers below 0, so that no answer is mistaken for one to the session.
            request = Request.of(loaded.picture, loaded.key, engine, BESIDE, -self._number)
            self._session.inference.request(request)

    def _began(self, stage: Stage) -> None:
        if stage.generation == -self._number and self.saliency is None and self.loaded is not None:
            self.activity_changed.emit(stage.what)

    def _responded(self, response: Response) -> None:
        request = response.request
        if request.urgency != BESIDE or request.generation != -self._number:
            return
        self.activity_changed.emit("")
        if response.saliency is not None:
            self.saliency = response.saliency
            self.changed.emit()
        else:
            self.choose(None)
            self.failed.emit(response.error)
