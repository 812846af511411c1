"""Finds and decodes pictures in a thread of its own, and keeps the last few at hand."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QObject, Qt, Signal
from PySide6.QtGui import QImage

from salviewer.app.canvas import pyramid
from salviewer.app.shell.trouble import sentence
from salviewer.app.work.cache import RecentCache
from salviewer.app.work.lane import Lane, Outcome
from salviewer.errors import SalviewerError
from salviewer.media.images import Picture, decode_picture, find_pictures, load_picture

KEEP_BYTES = 400_000_000
"""Decoded pictures are kept for going back up to this much memory."""


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """A picture ready for the screen and for the network.

    Attributes:
        picture: as decoded.
        pyramid: its levels for painting.
        key: tells this content from any other; the file's name, time and size, or a hash of pasted data.
        name: for people.
    """

    picture: Picture
    pyramid: pyramid.Pyramid
    key: str
    name: str

    @property
    def nbytes(self) -> int:
        """Memory it occupies."""
        return self.pyramid.nbytes


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """What opening came to.

    Attributes:
        ticket: the number of the request.
        loaded: the picture, or None when there is none to show.
        paths: the list that next and previous walk.
        index: which of `paths` this is; -1 for a pasted picture.
        errors: a sentence for each that could not be opened on the way.
    """

    ticket: int
    loaded: Loaded | None
    paths: tuple[Path, ...] = ()
    index: int = -1
    errors: tuple[str, ...] = ()


class Loader(QObject):
    """Opens the newest thing asked for; what it answers carries the ticket of the request."""

    opened = Signal(object)  # Opened

    def __init__(self, parent: QObject | None = None, keep: int = KEEP_BYTES) -> None:
        super().__init__(parent)
        self.lane = Lane("pictures", self)
        self.lane.finished.connect(self._landed, Qt.ConnectionType.DirectConnection)
        self._kept: RecentCache[str, Loaded] = RecentCache(keep, lambda loaded: loaded.nbytes)

    def open(self, ticket: int, paths: tuple[Path, ...]) -> None:
        """Find the pictures among files and folders, and load the first that opens."""
        self._submit(ticket, lambda: self._open(ticket, paths))

    def turn(self, ticket: int, paths: tuple[Path, ...], index: int) -> None:
        """Load one picture of a list found before."""
        self._submit(ticket, lambda: Opened(ticket, self._load(paths[index]), paths, index))

    def paste(self, ticket: int, image: bytes | QImage, name: str) -> None:
        """Decode a picture that came without a file."""
        self._submit(ticket, lambda: Opened(ticket, _decode(image, name)))

    def _submit(self, ticket: int, job: Callable[[], Opened]) -> None:
        self.lane.submit(ticket, job)

    def _landed(self, outcome: Outcome) -> None:
        if outcome.error is None:
            self.opened.emit(outcome.value)
        else:
            told = sentence(outcome.error, "opening the picture")
            self.opened.emit(Opened(outcome.ticket, None, errors=(told,)))

    def _open(self, ticket: int, asked: tuple[Path, ...]) -> Opened:
        paths: list[Path] = []
        errors: list[str] = []
        for path in asked:
            try:
                paths += find_pictures([path])
            except SalviewerError as error:
                errors.append(str(error))
        for index, path in enumerate(paths):
            try:
                return Opened(ticket, self._load(path), tuple(paths), index, tuple(errors))
            except Exception as error:
                errors.append(sentence(error, f"opening {path.name}"))
        return Opened(ticket, None, errors=tuple(errors))

    def _load(self, path: Path) -> Loaded:
        try:
            status = path.stat()
            key = f"{path.absolute()}|{status.st_mtime_ns}|{status.st_size}"
        except OSError:
            key = ""  # load_picture says what is wrong with it
        kept = self._kept.get(key)
        if kept is None:
            picture = load_picture(path)
            kept = Loaded(picture, pyramid.build(picture.pixels), key, path.name)
            self._kept.put(key, kept)
        return kept


def _decode(image: bytes | QImage, name: str) -> Loaded:
    if isinstance(image, QImage):
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG", 100)  # type: ignore[call-overload]  # 100: uncompressed, to be quick
        data = bytes(buffer.data().data())
    else:
        data = image
    picture = decode_picture(data, name)
    key = hashlib.blake2b(data, digest_size=16).hexdigest()
    return Loaded(picture, pyramid.build(picture.pixels), key, name)
