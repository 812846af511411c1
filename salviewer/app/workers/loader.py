"""Find and decode pictures in a thread of its own, and keep the last few."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QObject, Signal
from PySide6.QtGui import QImage

from salviewer.app.translation import tr
from salviewer.app.workers import pyramid
from salviewer.app.workers.cache import RecentCache
from salviewer.app.workers.latest_only import LatestOnlyWorker, Outcome
from salviewer.app.workers.sentences import sentence
from salviewer.app.workers.stills import LISTED, load_still
from salviewer.errors import LockedImageError, SalviewerError
from salviewer.free_memory import give_back
from salviewer.media.images import Picture, decode_picture, find_pictures
from salviewer.media.openers.names import file_of, folder_of, number_of, typed
from salviewer.media.openers.options import opening_of
from salviewer.media.openers.pages import page_name
from salviewer.media.openers.table import drawn_suffixes
from salviewer.media.picture_list import Listing

log = logging.getLogger(__name__)

KEEP_BYTES = 400_000_000
"""Memory for decoded pictures, both earlier and prefetched ones."""

NOW, REREAD, PREFETCH, TIDY = 0, 1, 2, 3
"""Urgencies: opening a requested picture, reading one again, prefetching, and returning memory."""


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """A picture ready for the screen and for the network.

    Attributes:
        picture: the decoded picture.
        pyramid: its levels for painting.
        key: identifies its content: the file's name, time and size, or a hash of pasted data.
        name: for display.
        title: its name in the window's title, with the name of its page: "b.pdf, page iv"; "" for `name`.
        stem: start of the names of files made from it.
    """

    picture: Picture
    pyramid: pyramid.Pyramid
    key: str
    name: str
    stem: str = "picture"
    title: str = ""

    @property
    def nbytes(self) -> int:
        """The memory it takes, in bytes."""
        return self.pyramid.nbytes


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """The result of opening.

    Attributes:
        ticket: the number of the request.
        loaded: the picture; None if there is none to show.
        path: its file in the list; None for a pasted picture.
        listing: the new list; None for a picture in the open list.
        errors: a sentence for each file that could not be opened on the way.
        asked: the requested files and folders.
        missing: those that do not exist or cannot be reached.
        locked: the documents among them that ask for a password.
    """

    ticket: int
    loaded: Loaded | None
    path: Path | None = None
    listing: Listing | None = None
    errors: tuple[str, ...] = ()
    asked: tuple[Path, ...] = ()
    missing: tuple[Path, ...] = ()
    locked: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A prefetched picture; None if it cannot be opened, which is not reported yet."""

    ticket: int
    loaded: Loaded | None


@dataclass(frozen=True, slots=True, eq=False)
class Reread:
    """A look at a file that may have been saved again.

    Attributes:
        ticket: the number of the request.
        key: of its content now; "" if it is not there.
        loaded: the content, once it rests; None while it changes or if it cannot be decoded.
        error: why it cannot be decoded, a sentence; "" if that was not tried.
    """

    ticket: int
    key: str
    loaded: Loaded | None = None
    error: str = ""


class Loader(QObject):
    """Opens the newest request; answers have its ticket."""

    opened = Signal(object)  # Opened
    prepared = Signal(object)  # Prepared
    reread = Signal(object)  # Reread
    decoded = Signal(str)  # the name of a file that was really read

    def __init__(self, parent: QObject | None = None, keep: int = KEEP_BYTES) -> None:
        super().__init__(parent)
        self.worker = LatestOnlyWorker("pictures", self, self._landed)
        self._kept: RecentCache[str, Loaded] = RecentCache(keep, lambda loaded: loaded.nbytes)
        self._large: dict[str, int] = {}  # sizes of pictures that exceed the limit alone, by key

    def open(self, ticket: int, paths: tuple[Path, ...], siblings: bool = False) -> None:
        """Find the pictures in files and folders, and load the first one that opens.

        With `siblings`, a single file starts the list of its folder: the file itself at once, the others when
        the folder has been listed.
        """
        self._submit(ticket, lambda: self._open(ticket, paths, siblings))

    def turn(self, ticket: int, path: Path) -> None:
        """Load a picture of an existing list."""
        self._submit(ticket, lambda: Opened(ticket, self._load(path), path))

    def paste(self, ticket: int, image: bytes | QImage, name: str) -> None:
        """Decode a picture without a file."""
        self._submit(ticket, lambda: Opened(ticket, _decode(image, name), None, Listing()))

    def prepare(self, ticket: int, path: Path) -> None:
        """Load a picture that may be requested next, when nothing else is to be done."""
        self.worker.submit(ticket, lambda: self._prepare(ticket, path), PREFETCH)

    def look_again(self, ticket: int, path: Path, known: str, found: str) -> None:
        """Look at a file; load it if its key is not `known` and has been the same since it was `found`."""
        self.worker.submit(ticket, lambda: self._reread(ticket, path, known, found), REREAD)

    def tidy(self) -> None:
        """Return memory to the system after a large picture, when nothing else is to be done."""
        self.worker.submit(0, give_back, TIDY)

    def set_limit(self, megabytes: int) -> None:
        """Keep decoded pictures up to this much memory."""
        self._kept.limit = megabytes * 1_000_000

    def _submit(self, ticket: int, job: Callable[[], Opened]) -> None:
        self.worker.submit(ticket, job)

    def _landed(self, outcome: Outcome) -> None:
        if isinstance(outcome.value, Prepared):
            self.prepared.emit(outcome.value)
        elif isinstance(outcome.value, Reread):
            self.reread.emit(outcome.value)
        elif isinstance(outcome.value, Opened):
            self.opened.emit(outcome.value)
        elif outcome.error is None:
            return  # the job was to tidy
        else:
            reason, error = sentence(outcome.error, tr("opening the picture")), outcome.error
            locked = (file_of(Path(error.path)),) if isinstance(error, LockedImageError) else ()
            self.opened.emit(Opened(outcome.ticket, None, errors=(reason,), locked=locked))

    def _open(self, ticket: int, asked: tuple[Path, ...], siblings: bool) -> Opened:
        found: dict[Path, None] = {}
        errors: list[str] = []
        missing: list[Path] = []
        locked: list[Path] = []
        folders: dict[Path, None] = {}
        for path in asked:
            try:
                inside = find_pictures([path], LISTED, lambda error: errors.append(str(error)))
            except SalviewerError as error:
                errors.append(str(error))
                missing += [] if picture_key(path) else [path]
                continue
            found |= dict.fromkeys(inside)
            folders[path if path.is_dir() else folder_of(typed(path))] = None
        loaded = None
        for path in found:
            try:
                loaded = self._load(path)
                break
            except Exception as error:
                errors.append(sentence(error, tr("opening {name}", name=path.name)))
                locked += [file_of(path)] if isinstance(error, LockedImageError) else []
        if loaded is None:
            return Opened(ticket, None, None, None, tuple(errors), asked, tuple(missing), tuple(locked))
        if siblings and len(asked) == 1 and asked[0] in (path, file_of(path)):
            folder = folder_of(path)
            listing = Listing((folder,), (folder,), path, tuple(found))
        else:
            listing = Listing(asked, tuple(folders), None, tuple(found))
        return Opened(ticket, loaded, path, listing, tuple(errors), asked, tuple(missing), tuple(locked))

    def _prepare(self, ticket: int, path: Path) -> Prepared:
        if self._large.get(picture_key(path), 0) > self._kept.limit:
            return Prepared(ticket, None)  # too large to be kept, so decoding it would be wasted
        try:
            return Prepared(ticket, self._load(path))
        except Exception:
            log.info("%s could not be prepared", path, exc_info=True)
            return Prepared(ticket, None)

    def _reread(self, ticket: int, path: Path, known: str, found: str) -> Reread:
        key = picture_key(path)
        if not key or key == known or key != found:
            return Reread(ticket, key)
        try:
            loaded = self._load(path)
        except Exception as error:
            return Reread(ticket, picture_key(path), None, sentence(error, tr("opening the picture")))
        if picture_key(path) != key:  # it was written while it was read
            return Reread(ticket, picture_key(path))
        return Reread(ticket, key, loaded)

    def _load(self, path: Path) -> Loaded:
        key = picture_key(path)
        kept = self._kept.get(key)
        if kept is None:
            picture = load_still(path)
            self._say_decoded(path)
            levels = pyramid.build(picture.pixels)
            kept = Loaded(picture, levels, key, path.name, path.stem, _title(path))
            if kept.nbytes > self._kept.limit:
                self._large[key] = kept.nbytes
            self._kept.put(key, kept)
        return kept

    def _say_decoded(self, path: Path) -> None:
        if not self.worker.closed:
            self.decoded.emit(path.name)


def _title(path: Path) -> str:
    number = number_of(path)
    if number is None:
        return ""
    document, name = file_of(path).name, page_name(path)
    if document.lower().endswith((".psd", ".psb")):
        return tr("{document}, artboard {name}", document=document, name=name)
    return tr("{document}, page {name}", document=document, name=name)


def picture_key(path: Path) -> str:
    """Return a key for this file's content; "" if there is no such file or folder."""
    try:
        status = file_of(path).stat()
    except (OSError, ValueError):
        return ""
    drawn = f"|{opening_of().dpi:g}" if path.suffix.lower() in drawn_suffixes() else ""
    return f"{path.absolute()}|{status.st_mtime_ns}|{status.st_size}{drawn}"


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
