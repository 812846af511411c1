"""Build a report of unexpected errors for the program's maintainers."""

from __future__ import annotations

import sys
import threading
import traceback
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from salviewer.models.machine import installed, this_machine
from salviewer.version import __version__

_PACKAGES = ("PySide6_Essentials", "numpy", "opencv-python-headless", "openvino", "torch")


@dataclass(frozen=True, slots=True)
class Crash:
    """An exception that nothing caught.

    Attributes:
        what: its type and message, on one line.
        place: where it was raised; crashes with the same place and type count as one.
        trace: the whole traceback, as Python prints it.
        thread: name of the thread that it ended; "" for the window's.
        when: its time.
    """

    what: str
    place: str
    trace: str
    thread: str = ""
    when: datetime = field(default_factory=datetime.now)


def crash_of(error: BaseException, thread: str = "") -> Crash:
    """Record an exception with its traceback."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    what = "".join(traceback.format_exception_only(error)).strip().splitlines()
    trace = "".join(traceback.format_exception(error)).strip()
    return Crash(what[-1] if what else type(error).__name__, f"{type(error).__name__} {place}", trace, thread)


def report(crashes: list[Crash], log: Path) -> str:
    """Return all crashes as a text to copy: version, platform, place of the log, every traceback."""
    machine = this_machine()
    frozen = ", frozen" if getattr(sys, "frozen", False) else ""
    packages = ", ".join(f"{name} {version}" for name in _PACKAGES if (version := installed(name)))
    lines = [
        f"salviewer {__version__}{frozen}, Python {machine.python}, {machine.system}",
        f"{machine.processor}, {machine.cores} cores, {threading.active_count()} threads",
        packages,
        f"log: {log}",
    ]
    for crash in crashes:
        place = f" in the thread “{crash.thread}”" if crash.thread else ""
        lines += ["", f"{crash.when:%Y-%m-%d %H:%M:%S}{place}", crash.trace]
    return "\n".join(lines)
