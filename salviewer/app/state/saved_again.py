"""The file on screen, saved again by another program: its new content waits until its map is there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from salviewer.app.workers.file_watch import FileWatch
from salviewer.app.workers.inference import SAVED, Engine, Inference, Request, Response
from salviewer.media.video_suffixes import is_video

if TYPE_CHECKING:
    from salviewer.app.workers.cache import RecentCache
    from salviewer.app.workers.loader import Loaded, Loader
    from salviewer.core.saliency_map import SaliencyMap


@dataclass(frozen=True, slots=True, eq=False)
class Renewed:
    """A picture that was saved again, before and after; a map is None if there is none."""

    before: Loaded
    before_map: SaliencyMap | None
    after: Loaded
    after_map: SaliencyMap | None


class SavedAgain(QObject):
    """Watches a file, and hands on its new content with its map.

    It does not know the session: a cycle of the two might be collected in another thread.

    Args:
        loader, inference: workers that read and predict.
        maps: those that are known, by key and engine.

    Attributes:
        watching: whether a file that is saved again is read again; `follow` applies it.
    """

    found = Signal(object, object)  # Path, Loaded: new content of the file; `take` accepts it
    ready = Signal(object, object)  # Loaded, and its SaliencyMap or None if there will be none
    failed = Signal(str)  # a sentence

    def __init__(
        self,
        loader: Loader,
        inference: Inference,
        maps: RecentCache[tuple[str, Engine], SaliencyMap],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.watching = False
        self._inference, self._maps = inference, maps
        self._fresh: Loaded | None = None  # the new content, until its map is there
        self._watch = FileWatch(loader, self)
        self._watch.read.connect(self.found)
        self._watch.failed.connect(self.failed)

    def follow(self, path: Path | None, loaded: Loaded | None) -> None:
        """Watch this file, with this content on screen, if there is one and it is a picture."""
        wanted = self.watching and path is not None and loaded is not None and not is_video(path)
        self._watch.watch(path if wanted else None, loaded.key if wanted and loaded is not None else "")

    def drop(self) -> None:
        """Forget new content that waits for its map."""
        self._fresh = None
        self._inference.forget(SAVED)

    def take(self, loaded: Loaded, engine: Engine) -> None:
        """Hand on new content as soon as this engine's map is there."""
        self._fresh = loaded
        self.predict(engine)

    def predict(self, engine: Engine) -> None:
        """Ask for the map of new content; do nothing if there is none."""
        fresh = self._fresh
        if fresh is None:
            return
        known = self._maps.get((fresh.key, engine))
        if known is not None:
            self._hand_on(fresh, known)
        else:
            self._inference.request(Request.of(fresh.picture, fresh.key, engine, SAVED))

    def responded(self, response: Response, engine: Engine, mapped: bool) -> None:
        """Hand on the new content with its map; without one only if nothing on screen is `mapped`."""
        fresh, request = self._fresh, response.request
        if fresh is None or request.key != fresh.key or request.engine != engine:
            return
        if response.error:
            self.failed.emit(response.error)
        if response.saliency is not None or not mapped:
            self._hand_on(fresh, response.saliency)
        else:
            self._fresh = None

    def _hand_on(self, loaded: Loaded, saliency: SaliencyMap | None) -> None:
        self.drop()
        self.ready.emit(loaded, saliency)
