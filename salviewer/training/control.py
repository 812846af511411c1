"""Pause and stop a run through a file in its folder, which the trainer reads between two steps.

Unlike a signal, a file works on every system and for a process that another window started, and lets a paused
run keep the device's memory and its heartbeat.
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
    """Return the current request: ``pause``, ``stop``, or "" to continue."""
    try:
        text = (root / _FILE).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return cast("Request", text) if text in ("pause", "stop") else ""


def ask(root: Path, wanted: Request) -> None:
    """Ask a run to pause, to stop after the current step, or to continue.

    Raises:
        DataError: the request cannot be written.
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
        reason = f"the request to the run cannot be removed ({error.strerror or error})"
        raise DataError(root, reason) from error


def forget(root: Path, before: float) -> None:
    """Drop a request older than ``before`` (Unix seconds): it was meant for a process that has ended."""
    with suppress(OSError):
        if (root / _FILE).stat().st_mtime < before:
            (root / _FILE).unlink()
