"""What this machine is and what is installed on it. Importing this loads no torch, nor does asking."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Machine:
    """Where a measurement was made.

    Attributes:
        processor: its name.
        cores: logical processors this process may use.
        system: operating system and its version.
        python: version.
    """

    processor: str
    cores: int
    system: str
    python: str


def this_machine() -> Machine:
    """The one we run on."""
    return Machine(
        _processor(), usable_processors(), platform.platform(terse=True), platform.python_version()
    )


def usable_processors() -> int:
    """Logical processors that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def sparing(threads: int, cores: int) -> int:
    """How many of the threads that a library would compute with are to: one fewer where they take all cores.

    A core left over paints and captures. Two cores are both used: painting takes turns with two threads more
    cheaply than a network does without one of them.
    """
    return cores - 1 if threads >= cores > 2 else threads


def beside(threads: int, cores: int) -> int:
    """How many of the threads compute where frames or files are read and drawn all the while: two fewer.

    A thread that waits for one that was interrupted keeps its core busy. Two of them on two cores with
    others to serve take the time of four.
    """
    return max(1, min(threads, cores - 2))


def installed(package: str) -> str:
    """A package's version; "" where it is not installed."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def load_average() -> float | None:
    """How many processes wanted a core in the last minute, this one included; None where nobody counts."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else None


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return platform.processor() or platform.machine()
    facts: dict[str, str] = {}
    for line in text.splitlines():
        key, _, value = line.partition(":")
        facts.setdefault(key.strip(), value.strip())
    name = facts.get("model name") or platform.machine()
    if "cpu family" not in facts:
        return name
    return f"{name} (family {facts['cpu family']}, model {facts.get('model', '')})"
