"""What opening a document may take. The installation guide and the ADR state these numbers."""

from __future__ import annotations

import sys

SECONDS = 30
"""Longest time for counting the pages of a document, and for drawing one page or picture."""

MEMORY = 2 * 2**30
"""Most bytes of memory of the process that draws."""

PIXELS = 40_000_000
"""Most pixels of a drawn page: larger ones are drawn with fewer pixels per inch."""

PAGES = 2_000
"""Pages of a document that are listed."""

SVG_PIXELS, SVG_SIDE = 16_000_000, 16_384
"""Most pixels of a drawn SVG, and of its longer side; more are slow to hand over."""

STACK = 256 * 2**20
"""Bytes of stack of the thread that draws: resvg calls itself for every group in a group."""

SVG_BYTES = 64 * 2**20
"""Largest SVG drawing, uncompressed."""


def apply_to_this_process() -> None:
    """Let the system end this process if it takes more memory; only Linux keeps to it."""
    if sys.platform == "linux":
        import resource

        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        most = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def start_alarm() -> None:
    """Let the system end this process if it is not done in time, even if its library never looks up."""
    if sys.platform != "win32":
        import signal

        signal.alarm(SECONDS + 2)


def stop_alarm() -> None:
    """Undo `start_alarm`."""
    if sys.platform != "win32":
        import signal

        signal.alarm(0)
