"""End a run, with a checkpoint, when its parent process ends; a file in the run's folder names the parent."""

from __future__ import annotations

import json
import socket
from contextlib import suppress
from pathlib import Path

from salviewer.core.strict_json import loads
from salviewer.errors import DataError, ExportError
from salviewer.media.saving import atomic_path
from salviewer.training.lock import holder_in

_FILE = "tie.json"


def watch_parent(root: Path, pid: int | None = None) -> None:
    """Make the run end when a process of this machine ends, for any reason.

    Args:
        root: the run's folder.
        pid: the process; default this one.

    Raises:
        DataError: the file cannot be written.
    """
    import psutil  # slow to import, so not while the window starts

    process = psutil.Process(pid)
    values = {"pid": process.pid, "host": socket.gethostname(), "started": process.create_time()}
    try:
        with atomic_path(root / _FILE) as scratch:
            scratch.write_text(json.dumps(values), encoding="utf-8")
    except ExportError as error:
        raise DataError(error.path, error.reason) from error


def unwatch_parent(root: Path) -> None:
    """Let the run continue after the process ends.

    Raises:
        DataError: the file cannot be removed.
    """
    try:
        (root / _FILE).unlink(missing_ok=True)
    except OSError as error:
        raise DataError(root, f"the run still ends with the window ({error.strerror or error})") from error


def ends_with_parent(root: Path) -> bool:
    """Return whether the run ends with its parent process."""
    return (root / _FILE).is_file()


def parent_gone(root: Path) -> bool:
    """Return whether the run's parent process has ended; always False for one on another machine."""
    with suppress(OSError, ValueError, KeyError, TypeError, OverflowError):
        other = holder_in(loads((root / _FILE).read_text(encoding="utf-8")))
        return other.here and not other.alive
    return False
