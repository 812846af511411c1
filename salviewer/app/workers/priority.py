"""Threads that give way to the window's."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

NICENESS = 10
"""Of a worker's thread, above the window's: where both want a processor, nine tenths are the window's."""


def give_way() -> None:
    """Lower the priority of this thread and of those that it will start below that of the window's thread.

    Does nothing where the system knows priorities of whole processes alone: anywhere but on Linux.
    """
    if sys.platform == "linux":
        with suppress(OSError):
            # 0 is the calling thread; its process's first thread has the process's number.
            os.setpriority(os.PRIO_PROCESS, 0, os.getpriority(os.PRIO_PROCESS, os.getpid()) + NICENESS)
