"""Make thumbnails in a thread of their own as they become visible, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from salviewer.app.translation import tr
from salviewer.app.workers.cache import RecentCache
from salviewer.app.workers.inference import Engine
from salviewer.app.workers.latest_only import LatestOnlyWorker, Outcome
from salviewer.app.workers.loader import picture_key
from salviewer.app.workers.overlay_layers import to_image
from salviewer.app.workers.sentences import sentence
from salviewer.app.workers.stills import load_still
from salviewer.core.postprocess import PostprocessSettings
from salviewer.core.render import OverlayStyle, render
from salviewer.core.saliency_map import SaliencyMap
from salviewer.first_use import cv2

KEEP_BYTES = 96_000_000
"""Memory for all thumbnails; a window full of large ones on a sharp screen takes a third of it."""

_OVERSAMPLED = 2
"""A picture is decoded to at least this multiple of a thumbnail's side, then averaged down."""


@dataclass(frozen=True, slots=True)
class Look:
    """Settings of the thumbnails' overlays: appearance and engine."""

    engine: Engine
    settings: PostprocessSettings
    style: OverlayStyle


@dataclass(frozen=True, slots=True, eq=False)
class Thumb:
    """A small picture.

    Attributes:
        key: identifies its content, as `Loaded.key`.
        pixels: (h, w, 3) uint8; None if it cannot be opened.
        image: for painting: the pixels, or the overlay of `saliency` on them.
        saliency, look: the map in `image`, and how it is drawn; None for the bare picture.
        error: why there is no picture, a sentence.
        stale: whether its file may have changed since.
    """

    key: str
    pixels: NDArray[np.uint8] | None = None
    image: QImage | None = None
    saliency: SaliencyMap | None = None
    look: Look | None = None
    error: str = ""
    stale: bool = False

    @property
    def nbytes(self) -> int:
        """The memory it takes, in bytes."""
        parts = 0 if self.pixels is None else self.pixels.nbytes
        parts += 0 if self.image is None else self.image.sizeInBytes()
        return parts + (0 if self.saliency is None else self.saliency.density.nbytes)


class Thumbnails(QObject):
    """Makes requested thumbnails, one after the other, in the requested order.

    Args:
        known_map: returns the map of a picture by its key; None if it was not predicted.
    """

    made = Signal(object)  # Path
    idle = Signal()  # all requested thumbnails that can be made exist

    def __init__(self, known_map: Callable[[str], SaliencyMap | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.worker = LatestOnlyWorker("thumbnails", self, self._landed)
        self._known_map = known_map
        self._kept = _empty()
        self._wanted: list[Path] = []
        self._left: list[Path] = []
        self._making: Path | None = None
        self._ticket = 0
        self._side = 96
        self._look: Look | None = None
        self._held = False

    @property
    def total(self) -> int:
        """The bytes that the kept thumbnails take."""
        return self._kept.total

    def get(self, path: Path) -> Thumb | None:
        """Return the current thumbnail of a picture, or None."""
        return self._kept.get(path)

    def want(self, paths: Sequence[Path]) -> None:
        """Make these, the first one first; forget earlier requests that have not begun."""
        self._wanted = list(paths)
        self._left = list(paths)
        self._next()

    def set_side(self, pixels: int) -> None:
        """Set the longest side, in device pixels; existing thumbnails are made again."""
        if pixels != self._side:
            self._side = pixels
            self._ticket += 1
            self._kept = _empty()
            self._again()

    def set_look(self, look: Look | None) -> None:
        """Show overlays drawn in this way, or bare pictures; only requested thumbnails are made again."""
        if look != self._look:
            self._look = look
            self._again()

    def learned(self) -> None:
        """Note a new map, with which another overlay may be possible."""
        if self._look is not None:
            self._again()

    def look_again(self, path: Path) -> None:
        """Note that a picture's file may have changed."""
        thumb = self._kept.get(path)
        if thumb is not None:
            self._kept.put(path, replace(thumb, stale=True))
            self._again()

    def hold(self, held: bool) -> None:
        """Start no more for now, while the user waits for the picture itself."""
        if held != self._held:
            self._held = held
            self._next()

    def _again(self) -> None:
        self._left = list(self._wanted)
        self._next()

    def _next(self) -> None:
        if self._held or self._making is not None:
            return
        while self._left:
            path = self._left.pop(0)
            before = self._kept.get(path)
            saliency = None if before is None or self._look is None else self._known_map(before.key)
            if before is not None and _up_to_date(before, saliency, self._look):
                continue
            self._begin(path, before, saliency)
            return
        self.idle.emit()

    def _begin(self, path: Path, before: Thumb | None, saliency: SaliencyMap | None) -> None:
        self._making = path
        side, look = self._side, self._look
        self.worker.submit(self._ticket, lambda: _make(path, before, side, saliency, look))

    def _landed(self, outcome: Outcome) -> None:
        path, self._making = self._making, None
        if path is not None and outcome.ticket == self._ticket:
            made = outcome.value
            if outcome.error is not None:
                made = Thumb(
                    "", error=sentence(outcome.error, tr("making a thumbnail of {name}", name=path.name))
                )
            self._kept.put(path, made)
            if self._look is not None and made.image is not None and made.look is None:
                self._left.insert(0, path)  # now that its key is known, its map may be known too
            self.made.emit(path)
        self._next()


def _empty() -> RecentCache[Path, Thumb]:
    return RecentCache(KEEP_BYTES, lambda thumb: thumb.nbytes)


def _up_to_date(thumb: Thumb, saliency: SaliencyMap | None, look: Look | None) -> bool:
    if thumb.stale:
        return False
    if thumb.image is None:
        return True
    if saliency is None:  # a map that the session has dropped is still right
        return thumb.look in (None, look)
    return thumb.saliency is saliency and thumb.look == look


def _make(
    path: Path, before: Thumb | None, side: int, saliency: SaliencyMap | None, look: Look | None
) -> Thumb:
    """Return a thumbnail; raise `ImageError` if there is no picture."""
    key = picture_key(path) if before is None or before.stale else before.key
    if before is not None and before.pixels is not None and before.key == key:
        pixels = before.pixels
    else:
        pixels = _reduced(path, side)
    if saliency is None or look is None:
        return Thumb(key, pixels, to_image(pixels))
    small = replace(saliency, source_size=(pixels.shape[1], pixels.shape[0]))
    return Thumb(key, pixels, to_image(render(pixels, small, look.settings, look.style)), saliency, look)


def _reduced(path: Path, side: int) -> NDArray[np.uint8]:
    pixels = load_still(path, (_OVERSAMPLED * side) ** 2).pixels
    height, width = pixels.shape[:2]
    scale = min(1.0, side / max(width, height))
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
