"""Describe this machine and the installed packages. Never loads torch."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine that a measurement was made on.

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
    """Describe this machine."""
    return Machine(
        _processor(), usable_processors(), platform.platform(terse=True), platform.python_version()
    )


def usable_processors() -> int:
    """Return the number of logical processors this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def sparing(threads: int, cores: int) -> int:
    """Return how many of a library's threads should compute: one fewer if they would take all cores.

    The free core paints and captures. Two cores are both used: painting alongside two threads costs less than
    a network with only one.
    """
    return cores - 1 if threads >= cores > 2 else threads


def beside(threads: int, cores: int) -> int:
    """Return how many of the threads should compute while frames or files are read and drawn: two fewer.

    A thread that waits for an interrupted one keeps its core busy. Two of them, on two cores with other work,
    take as long as four would.
    """
    return max(1, min(threads, cores - 2))


def installed(package: str) -> str:
    """Return a package's version; "" if it is not installed."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def load_average() -> float | None:
    """Return how many processes wanted a core in the last minute, including this one; None if unknown."""
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
