"""Record the files that this program writes into a folder, so that results are not taken for pictures.

A hidden file beside the results has a line of JSON for each of them::

    {"name": "shelf-overlay.png", "bytes": 731442}

A file counts as written by this program while it has the recorded name and size. A picture with which the
user replaces it counts as a picture. The record survives copying and moving the folder.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

WRITTEN_NAME = ".written-by-salviewer.jsonl"
"""Name of the record in each folder that holds results."""

_LARGEST = 64 * 2**20
_lock = threading.Lock()
_noted: dict[Path, dict[str, int]] = {}


def note_written(path: Path) -> None:
    """Record a file that was just written. Thread-safe.

    If the record cannot be written, the result stays and nothing is raised.
    """
    with suppress(OSError, ValueError), _lock:
        size = path.stat().st_size
        record = path.absolute().with_name(WRITTEN_NAME)
        if record not in _noted or not record.exists():
            _noted[record] = dict(_read(record))
        known = _noted[record]
        if known.get(path.name) != size:
            line = json.dumps({"name": path.name, "bytes": size}) + "\n"
            with record.open("ab") as stream:
                stream.write(line.encode())
            known[path.name] = size


def note_folder(folder: Path) -> None:
    """Record all files of a folder that this program filled alone, before others see it.

    If the record cannot be written, the results stay and nothing is raised.
    """
    with suppress(OSError, ValueError):
        found = {path.name: path.stat().st_size for path in folder.iterdir() if path.name != WRITTEN_NAME}
        lines = [json.dumps({"name": name, "bytes": found[name]}) + "\n" for name in sorted(found)]
        (folder / WRITTEN_NAME).write_text("".join(lines), encoding="utf-8")


def holds_nothing(folder: Path) -> bool:
    """Whether a folder is empty, a record of files that are gone apart.

    Raises:
        OSError: it cannot be listed.
    """
    return all(path.name == WRITTEN_NAME for path in folder.iterdir())


def written_in(folder: Path) -> Mapping[str, int]:
    """Return the recorded sizes in bytes by name; empty if the folder has no record."""
    return _read(folder / WRITTEN_NAME)


def _read(record: Path) -> Mapping[str, int]:
    found: dict[str, int] = {}
    try:
        if record.stat().st_size > _LARGEST:
            return found
        lines = record.read_bytes().splitlines()
    except (OSError, ValueError):
        return found
    for line in lines:
        with suppress(ValueError, TypeError, KeyError, RecursionError):  # skip only a truncated line
            entry = json.loads(line)
            found[str(entry["name"])] = int(entry["bytes"])
    return found
