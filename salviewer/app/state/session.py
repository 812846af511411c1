"""The open pictures, the one on screen, and its map. Signals, but no widgets."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from salviewer.app.state.saved_again import Renewed, SavedAgain
from salviewer.app.translation import tr
from salviewer.app.workers.cache import RecentCache
from salviewer.app.workers.folder_watch import FolderWatch, Listed
from salviewer.app.workers.inference import (
    LOADING,
    PREDICTING,
    SAVED,
    SHOWN,
    Engine,
    EngineReady,
    Inference,
    KnownEngines,
    Request,
    Response,
    Stage,
)
from salviewer.app.workers.latest_only import LatestOnlyWorker
from salviewer.app.workers.loader import Loaded, Loader, Opened
from salviewer.app.workers.prefetch import Prefetch
from salviewer.app.workers.sentences import together
from salviewer.core.saliency_map import SaliencyMap
from salviewer.free_memory import LARGE
from salviewer.media.picture_list import Listing, Walk
from salviewer.texts import said

MAPS_BYTES = 64_000_000
"""Memory for saliency maps: hundreds of pictures."""


class Session(QObject):
    """Turns the user's requests into requests to workers, and drops late answers.

    Each opening has a ticket, and each change of picture or engine a generation; an answer without the newest
    number is never shown (but a late map is kept, since it is right for its own picture). The screen only
    changes when the new content is there: after a failure, the old picture and its map stay.
    """

    changing = Signal(bool)  # True, then several signals about a picture that was opened, then False
    picture_changed = Signal(object)  # Loaded
    renewed = Signal(object)  # Renewed: the file on screen was saved again; follows the two around it
    map_changed = Signal(object)  # SaliencyMap, or None while there is none for this picture
    map_missing = Signal()  # the awaited map will not come
    engine_changed = Signal(object)  # Engine: the requested one
    engine_ready = Signal(object)  # EngineReady: the one in use
    listing_changed = Signal(object)  # Listing
    live_changed = Signal(bool)  # whether frames of a live source are on screen
    learned = Signal(str, object)  # key of a picture, Engine: its map is now known
    opened = Signal(object)  # Opened: the result of `open`
    activity_changed = Signal(str)  # the current activity; "" when idle
    failed = Signal(str)  # a sentence
    locked = Signal(object)  # Opened: nothing was opened, since documents ask for a password
    succeeded = Signal()  # something was opened: an older error is out of date
    requested = Signal(object)  # tuple of str: see `request`
    address_requested = Signal(str, object)  # http or https: its server says what it is; PageChoices or None
    source_requested = Signal(object)  # SourceChoice: a stream, camera or folder of frames to be shown live

    def __init__(
        self, engine: Engine, before_torch: Callable[[], None] | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.loader = Loader(self)
        self.inference = Inference(before_torch, self)
        self._engine = engine
        self._engines = KnownEngines()
        self._maps: RecentCache[tuple[str, Engine], SaliencyMap] = RecentCache(
            MAPS_BYTES, lambda saliency: saliency.density.nbytes
        )
        self._ticket = 0
        self._generation = 0
        self._walk = Walk()
        self._shown: Path | None = None  # the picture on screen
        self._live = False
        self._renewing = False
        self.siblings = False  # whether opening one file lists its folder
        self._loaded: Loaded | None = None
        self._saliency: SaliencyMap | None = None
        self._opening = False
        self._stage = ""
        self._awaits_map = False
        self.loader.opened.connect(self._opened)
        queued = Qt.ConnectionType.QueuedConnection
        self.inference.responded.connect(self._responded)
        self.inference.ready.connect(self._ready, queued)
        self.inference.began.connect(self._began, queued)
        maps = self._maps  # not self: a cycle might be collected, with its children, in another thread
        self.prefetch = Prefetch(self.loader, self.inference, lambda *key: maps.get(key) is not None, self)
        self.watch = FolderWatch(self)
        self.watch.listed.connect(self._listed)
        self._saved_again = SavedAgain(self.loader, self.inference, maps, self)
        self._saved_again.found.connect(self._found_again)
        self._saved_again.ready.connect(self._renew)
        self._saved_again.failed.connect(self.failed)

    @property
    def loaded(self) -> Loaded | None:
        """The picture on screen."""
        return self._loaded

    @property
    def saliency(self) -> SaliencyMap | None:
        """The map of the picture on screen, by the requested engine."""
        return self._saliency

    @property
    def awaits_map(self) -> bool:
        """Whether the map of the picture on screen is being predicted."""
        return self._awaits_map

    @property
    def engine(self) -> Engine:
        """The requested model, device and kind of engine."""
        return self._engine

    @property
    def position(self) -> tuple[int, int]:
        """(index, number of pictures), counted from one; (0, 0) without a list."""
        return self._walk.position_of(self._shown)

    @property
    def listing(self) -> Listing:
        """The pictures that next and previous walk through."""
        return self._walk.listing

    @property
    def shown(self) -> Path | None:
        """The file on screen; None for none, or for a pasted picture."""
        return self._shown

    @property
    def live(self) -> bool:
        """Whether frames and maps come from a live source, by `set_frame`.

        When it ends, the last frame stays as a picture, and its map is announced.
        """
        return self._live

    @live.setter
    def live(self, live: bool) -> None:
        if live != self._live:
            self._live = live
            self.live_changed.emit(live)
            if not live:
                self.map_changed.emit(self._saliency)

    @property
    def renewing(self) -> bool:
        """Whether `picture_changed` and `map_changed` are about the same picture, saved again."""
        return self._renewing

    def set_watching(self, watching: bool) -> None:
        """Set whether the file on screen is read again when another program saves it."""
        self._saved_again.watching = watching
        self._saved_again.follow(self._shown, self._loaded)

    @property
    def opening(self) -> bool:
        """Whether a picture is being opened for the screen."""
        return self._opening

    def can_turn(self, steps: int) -> bool:
        """Return whether there is a picture in that direction."""
        return self._walk.at(steps) is not None

    @property
    def chosen(self) -> tuple[Path, ...]:
        """The pictures that the user chose; see `Walk.chosen`."""
        return self._walk.chosen

    def known_map(self, key: str, engine: Engine) -> SaliencyMap | None:
        """Return the map of a picture, by `Loaded.key`, if this engine predicted it lately; else None."""
        return self._maps.get((key, engine))

    @property
    def workers(self) -> list[LatestOnlyWorker]:
        """Its threads."""
        return [self.loader.worker, self.inference.worker, self.watch.worker]

    def request(self, paths: Iterable[str | Path]) -> None:
        """Ask for files of any kind: pictures, folders, videos, a project, a model or a stream."""
        asked = tuple(map(str, paths))
        if asked:
            self.requested.emit(asked)

    def open(self, paths: Iterable[str | Path], alone: bool = False) -> None:
        """Open files and folders: show the first picture; the others wait for next and previous.

        Args:
            alone: whether to list only the one file, whatever `siblings` says.
        """
        asked = tuple(Path(path) for path in paths)
        if asked:
            self.loader.open(self._next_ticket(), asked, self.siblings and not alone)

    def paste(self, image: bytes | QImage, name: str = "") -> None:
        """Open a picture that has no file."""
        self.loader.paste(self._next_ticket(), image, name or tr("Pasted picture"))

    def adopt(self, loaded: Loaded) -> None:
        """Show a loaded picture, such as the first frame of a camera."""
        self._ticket += 1
        self._saved_again.drop()
        self._opened(Opened(self._ticket, loaded, None, Listing()))

    def set_frame(self, loaded: Loaded, saliency: SaliencyMap | None) -> None:
        """Set the current frame and map while `live`, without a signal: they change thirty times a second."""
        self._loaded, self._saliency = loaded, saliency

    def turn(self, steps: int) -> None:
        """Go forward or back in the list; stop at its ends."""
        if (target := self._walk.turn(steps)) is not None:
            self._go(target)

    def go(self, path: Path) -> None:
        """Show a picture in the list."""
        if self._walk.towards(path):
            self._go(path)

    def look_again(self, path: Path) -> None:
        """Open a picture of the list again, and list its folder again: it can be read now."""
        self.watch.watch(self.listing)
        self._go(path)

    def filter(self, needle: str) -> None:
        """Walk only through pictures whose name contains a text, in any case; "" for all."""
        self._relist(replace(self.listing, needle=needle))

    def remove(self, path: Path) -> None:
        """Remove a picture from the list; its file stays. If it is on screen, show the next."""
        near = self.listing.step(path, 1) or self.listing.step(path, -1)
        self._relist(self.listing.without(path))
        if path == self._walk.cursor and near is not None:
            self._go(near)

    def warm_up(self) -> None:
        """Load the model before there is a picture for it."""
        if self._loaded is None:
            self._ask(Request(self._generation, self._engine))

    def set_engine(self, engine: Engine) -> None:
        """Use another model, device or kind of engine; predict the map again unless it is known."""
        if engine != self._engine:
            self._engine = engine
            self.engine_changed.emit(engine)
            if (ready := self._engines.ready(engine)) is not None:
                self.engine_ready.emit(ready)
            self._need_map()
            self._saved_again.predict(engine)
            self.warm_up()

    def close(self, seconds: float) -> bool:
        """End both workers; return True if they ended within `seconds`."""
        until = time.monotonic() + seconds
        self.prefetch.hold()
        self.watch.watch(Listing())
        self._saved_again.follow(None, None)
        for worker in self.workers:
            worker.close()
        return all(worker.join(until - time.monotonic()) for worker in self.workers)

    def _next_ticket(self) -> int:
        self._ticket += 1
        self._opening = True
        self._saved_again.drop()
        self.prefetch.hold()
        self._show_activity()
        return self._ticket

    def _opened(self, opened: Opened) -> None:
        if opened.ticket != self._ticket:
            return
        self.changing.emit(True)
        try:
            self._take(opened)
        finally:
            self.changing.emit(False)

    def _take(self, opened: Opened) -> None:
        self._opening = False
        if opened.loaded is not None:
            large = self._loaded is not None and self._loaded.nbytes > LARGE
            self._loaded, self._saliency = opened.loaded, None
            self._shown = self._walk.cursor = opened.path
            if opened.listing is not None:
                self._walk.begin()
                self._relist(opened.listing)
                self.watch.watch(opened.listing)
            self.succeeded.emit()
            self.picture_changed.emit(opened.loaded)
            self._need_map()
            if large:
                self.loader.tidy()
        self._saved_again.follow(self._shown, self._loaded)
        if opened.asked:
            self.opened.emit(opened)
        if opened.errors:
            self.failed.emit(together(opened.errors))
        if opened.locked:
            self.locked.emit(opened)
        self._show_activity()

    def _found_again(self, path: Path, loaded: Loaded) -> None:
        if path == self._shown and not self._opening and not self._live:
            self._saved_again.take(loaded, self._engine)

    def _renew(self, loaded: Loaded, saliency: SaliencyMap | None) -> None:
        """Show new content of the file on screen together with its map."""
        before, before_map = self._loaded, self._saliency
        if before is None:
            return
        self._generation += 1  # an awaited map of the old content is not shown
        self.inference.worker.forget()
        self._awaits_map, self._stage = False, ""
        self._loaded, self._saliency = loaded, saliency
        self._renewing = True
        try:
            self.picture_changed.emit(loaded)
            self._show_map(saliency)
        finally:
            self._renewing = False
        self.renewed.emit(Renewed(before, before_map, loaded, saliency))

    def _go(self, path: Path) -> None:
        self._walk.go(path)
        self.loader.turn(self._next_ticket(), path)

    def _listed(self, listed: Listed) -> None:
        if listed.sources == self.listing.sources:
            self._relist(self.listing.relisted(listed.paths))

    def _relist(self, listing: Listing) -> None:
        if self._walk.relist(listing):
            self.listing_changed.emit(listing)
            self._prefetch_neighbours()

    def _prefetch_neighbours(self) -> None:
        """Prepare the next picture in the direction of travel, then the other neighbour."""
        if self._saliency is not None and not self._opening and not self.live:
            near = self._walk.neighbours(self._shown)
            self.prefetch.settle(near, self._engine, self._saliency.milliseconds)

    def _need_map(self) -> None:
        self._generation += 1
        self._stage = ""
        self.prefetch.hold()
        if self._loaded is None:
            return
        known = None if self.live else self._maps.get((self._loaded.key, self._engine))
        self._awaits_map = known is None and not self.live
        if not self._awaits_map:
            self.inference.worker.forget()
        else:
            picture, key = self._loaded.picture, self._loaded.key
            self._ask(Request.of(picture, key, self._engine, generation=self._generation))
        self._show_map(known)

    def _ask(self, request: Request) -> None:
        self._stage = tr(LOADING if self._engines.ready(request.engine) is None else PREDICTING)
        self.inference.request(request)
        self._show_activity()

    def _responded(self, response: Response) -> None:
        request = response.request
        if response.saliency is not None:
            self._maps.put((request.key, request.engine), response.saliency)
            self.learned.emit(request.key, request.engine)
        if request.urgency == SAVED:
            self._saved_again.responded(response, self._engine, self._saliency is not None)
        if request.urgency != SHOWN or request.generation != self._generation:
            return
        self._stage = ""
        if response.saliency is not None and self._loaded is not None and request.key == self._loaded.key:
            self._awaits_map = False
            self._show_map(response.saliency)
        elif response.error:
            self._show_activity()
            self.failed.emit(response.error)
            if response.engine_failed:
                self.set_engine(self._engines.instead_of(self._engine))
            if self._awaits_map and request.generation == self._generation:  # there was no other request
                self._awaits_map = False
                self.map_missing.emit()
        else:
            self._show_activity()

    def _ready(self, ready: EngineReady) -> None:
        if self._engines.add(ready):
            self.failed.emit(f"{self._engine.model}: {said(ready.note)}")
        if ready.engine == self._engine:
            self.engine_ready.emit(ready)

    def _began(self, stage: Stage) -> None:
        if stage.generation == self._generation:
            self._stage = stage.what
            self._show_activity()

    def _show_map(self, saliency: SaliencyMap | None) -> None:
        self._saliency = saliency
        self.map_changed.emit(saliency)
        self._show_activity()
        self._prefetch_neighbours()

    def _show_activity(self) -> None:
        self.activity_changed.emit(tr("Opening…") if self._opening else self._stage)
