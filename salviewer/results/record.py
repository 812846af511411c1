"""Keep a record of a folder's results, so that an interrupted batch can be resumed.

::

    {
      "format": "salviewer batch",
      "version": 1,
      "settings": {"5f0c61d2a8be": {"program": "1.2.0", "model": "live_net 9f86d081884c", "order": {...}}},
      "pictures": {
        "/home/ada/photos/shelf.jpg": {
          "settings": "5f0c61d2a8be",
          "areas": "",
          "bytes": 482113,
          "modified": 1767225600000000000,
          "files": {"shelf.png": 731442},
          "note": "",
          "milliseconds": 41.5,
          "hottest": [512.0, 300.5, 0.143],
          "kind": "page"
        }
      }
    }
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

from salviewer.core.areas import Area
from salviewer.errors import ExportError
from salviewer.media.openers.names import file_of
from salviewer.media.saving import atomic_path
from salviewer.results.naming import Job
from salviewer.version import __version__

RECORD_NAME = "salviewer-batch.json"
VERSION = 1

_FORMAT = "salviewer batch"
_LARGEST = 256 * 2**20
_SECONDS = 1.0  # least time between two writings of the file
_SPARING = 20  # and least multiple of the time for one, since thousands of pictures make a large file


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts about a finished picture, for reports.

    Attributes:
        note: a clause for the user; "" for nothing.
        milliseconds: time that the network took.
        hottest: x, y in pixels and share of attention of the first hotspot; None if there is none.
        kind: of picture; "" where nobody asked.
    """

    note: str = ""
    milliseconds: float = 0.0
    hottest: tuple[float, float, float] | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Size and modification time of a picture file when it was read."""

    bytes: int
    modified: int

    @classmethod
    def of(cls, picture: Path) -> Stamp:
        """Read size and time of a file now.

        Raises:
            OSError: the file does not exist.
        """
        status = file_of(picture).stat()
        return cls(status.st_size, status.st_mtime_ns)


@dataclass(frozen=True, slots=True)
class Entry:
    """A finished picture: the settings used, and the files written (size in bytes by name)."""

    settings: str
    areas: str
    stamp: Stamp
    files: Mapping[str, int]
    facts: Facts


class Record:
    """The finished pictures of a folder. Thread-safe.

    Args:
        folder: where the results are.
        settings: everything that the results depend on, except the pictures, as values that JSON can store.
        areas_of: returns the areas that a picture's results depend on.
    """

    def __init__(
        self,
        folder: Path,
        settings: Mapping[str, Any],
        areas_of: Callable[[Path], tuple[Area, ...]] = lambda picture: (),
    ) -> None:
        self.path = folder / RECORD_NAME
        self.note = ""
        """A sentence if an existing record cannot be used and is replaced; else empty."""
        self._areas_of = areas_of
        now = {"program": __version__, **settings}
        self._key = _digest(now)
        self._settings: dict[str, Any] = {}
        self._entries: dict[str, Entry] = {}
        self._lock = threading.Lock()
        self._due = 0.0
        try:
            self._settings, self._entries = _read(self.path)
        except _DamagedError as error:
            self.note = f"{self.path}: {error}; a new one is written, and every picture is done again"
        self._settings[self._key] = now

    def find(self, job: Job) -> Facts | None:
        """Return the facts of a picture if its files exist as they would be written now; else None.

        Reads the disk.
        """
        entry = self._entries.get(_name(job.picture))
        if entry is None or (entry.settings, entry.areas) != (self._key, self._areas_key(job.picture)):
            return None
        if set(entry.files) != {file.path.name for file in job.files}:
            return None
        try:
            sizes = {file.path.name: file.path.stat().st_size for file in job.files}
            unchanged = Stamp.of(job.picture) == entry.stamp
        except OSError:
            return None
        return entry.facts if unchanged and sizes == entry.files else None

    def add(self, job: Job, stamp: Stamp, facts: Facts) -> None:
        """Add a finished picture. The file is written about once per second; only `save` raises errors."""
        files = {file.path.name: file.path.stat().st_size for file in job.files}
        entry = Entry(self._key, self._areas_key(job.picture), stamp, files, facts)
        with self._lock:
            self._entries[_name(job.picture)] = entry
            began = time.monotonic()
            if began >= self._due:
                with suppress(ExportError):
                    self._write()
                now = time.monotonic()
                self._due = now + max(_SECONDS, _SPARING * (now - began))

    def save(self) -> None:
        """Write the file.

        Raises:
            ExportError: it cannot be written.
        """
        with self._lock:
            if self._entries:
                self._write()

    def _write(self) -> None:
        used = {entry.settings for entry in self._entries.values()}
        content = {
            "format": _FORMAT,
            "version": VERSION,
            "settings": {key: value for key, value in self._settings.items() if key in used},
            "pictures": {name: _to_dict(entry) for name, entry in self._entries.items()},
        }
        text = json.dumps(content, indent=2, ensure_ascii=False, default=float) + "\n"
        with atomic_path(self.path) as temporary:
            temporary.write_bytes(text.encode("utf-8", "surrogatepass"))

    def _areas_key(self, picture: Path) -> str:
        areas = self._areas_of(picture)
        return _digest([[type(area).__name__, asdict(area)] for area in areas]) if areas else ""


class _DamagedError(Exception):
    """The record cannot be used; the text is a clause that says why."""


def _read(path: Path) -> tuple[dict[str, Any], dict[str, Entry]]:
    try:
        if path.stat().st_size > _LARGEST:
            raise _DamagedError("it is far too large")
        content = json.loads(path.read_bytes().decode("utf-8", "surrogatepass"))
        if content["format"] != _FORMAT:
            raise _DamagedError("it is not a batch record")
        if content["version"] != VERSION:
            raise _DamagedError("it is from another version of this program")
        entries = {str(name): _entry(values) for name, values in content["pictures"].items()}
        return dict(content["settings"]), entries
    except FileNotFoundError:
        return {}, {}
    except OSError as error:
        raise _DamagedError(f"it cannot be read ({(error.strerror or 'unknown reason').lower()})") from error
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise _DamagedError("it is damaged") from error


def _entry(values: Mapping[str, Any]) -> Entry:
    place = values["hottest"]
    hottest = None if place is None else cast("tuple[float, float, float]", tuple(map(float, place)))
    if hottest is not None and len(hottest) != 3:
        raise ValueError(place)
    return Entry(
        str(values["settings"]),
        str(values["areas"]),
        Stamp(int(values["bytes"]), int(values["modified"])),
        {str(name): int(size) for name, size in values["files"].items()},
        Facts(str(values["note"]), float(values["milliseconds"]), hottest, str(values.get("kind", ""))),
    )


def _to_dict(entry: Entry) -> dict[str, Any]:
    return {
        "settings": entry.settings,
        "areas": entry.areas,
        **asdict(entry.stamp),
        "files": dict(entry.files),
        **asdict(entry.facts),
    }


def _digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True, default=float)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _name(picture: Path) -> str:
    return picture.absolute().as_posix()
