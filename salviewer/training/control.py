"""Pause and stop a run: a word in a file of its folder, obeyed between two steps.

A file works on every system, for a process that another window started, and keeps the device's memory and
the heartbeat alive, which stopping the process by a signal would not.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Literal, cast

from salviewer.errors import DataError, ExportError
from salviewer.media.saving import atomic_path

Request = Literal["", "pause", "stop"]
_FILE = "control"


def requested(root: Path) -> Request:
    """Return the request: ``pause``, ``stop``, or "" to go on."""
    try:
        text = (root / _FILE).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return cast("Request", text) if text in ("pause", "stop") else ""


def ask(root: Path, wanted: Request) -> None:
    """Request a pause, the end after the current step, or to go on.

    Raises:
        DataError: it cannot be written.
    """
    try:
        if wanted:
            with atomic_path(root / _FILE) as scratch:
                scratch.write_text(wanted, encoding="utf-8")
        else:
            (root / _FILE).unlink(missing_ok=True)
    except ExportError as error:
        raise DataError(error.path, error.reason) from error
    except OSError as error:
        raise DataError(root, f"the run cannot be told ({error.strerror or error})") from error


def forget(root: Path, before: float) -> None:
    """Drop a request older than ``before`` (Unix seconds): it was for a process that is gone."""
    with suppress(OSError):
        if (root / _FILE).stat().st_mtime < before:
            (root / _FILE).unlink()
