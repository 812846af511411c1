"""Keep a log in the system's log folder, with crashes of the interpreter."""

from __future__ import annotations

import faulthandler
import logging
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

from salviewer.app.translation import tr

LOG, FAULTS = "salviewer.log", "faults.txt"

log = logging.getLogger("salviewer")
_faults: list[TextIO] = []


class _Handler(RotatingFileHandler):
    """Drops a line that a full or lost disk does not take, without a traceback on the terminal."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        pass


def log_to(folder: Path) -> str:
    """Keep a log of at most 1 MB in `folder`; do without if it cannot be written.

    If a library crashes the program, the crash goes to a file beside the log, and into the log at the next
    start.

    Returns:
        a sentence if there is no log; "" if there is one.
    """
    log.setLevel(logging.INFO)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = _Handler(folder / LOG, maxBytes=500_000, backupCount=1, encoding="utf-8")
    except OSError as error:
        log.addHandler(logging.NullHandler())  # or warnings would go to the terminal
        return tr(
            "{path}: no log can be kept there ({reason}).",
            path=folder / LOG,
            reason=(error.strerror or str(error)).lower(),
        )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    log.addHandler(handler)
    _watch_for_faults(folder / FAULTS)
    return ""


def stop_logging() -> None:
    """Close the log's file."""
    while _faults:
        faulthandler.disable()
        _faults.pop().close()
    for handler in list(log.handlers):
        if isinstance(handler, RotatingFileHandler):
            log.removeHandler(handler)
            handler.close()


def _watch_for_faults(path: Path) -> None:
    if faulthandler.is_enabled():  # somebody else uses it already, such as pytest
        return
    with suppress(OSError):
        stream = path.open("a+", encoding="utf-8", errors="replace")
        stream.seek(0)
        if before := stream.read(100_000).strip():
            log.critical("an earlier run was brought down:\n%s", before)
            stream.truncate(0)
        faulthandler.enable(stream)
        _faults.append(stream)
