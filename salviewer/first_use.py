"""Libraries that are imported when they are first used: the window is shown before it needs them.

    from salviewer.first_use import cv2

gives an object that stands for the module. The first look at one of its names imports the module.
"""

from __future__ import annotations

import importlib
import threading
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

__all__ = ["cmap", "contourpy", "cv2", "filelock", "imported_beside", "natsort"]


class _Library:
    """A module that is not imported yet."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._module: ModuleType | None = None

    def __getattr__(self, name: str) -> Any:
        """Import the module, in the thread that asks.

        Raises:
            ImportError: the library is missing or broken.
            AttributeError: it has no such name.
        """
        if self._module is None:
            self._module = importlib.import_module(self._name)
        return getattr(self._module, name)  # not kept: a test may replace it in the module


@cache
def imported_beside(name: str) -> threading.Thread:
    """Import a library in a thread of its own, once, and return that thread."""
    thread = threading.Thread(
        target=importlib.import_module, args=(name,), name=f"import {name}", daemon=True
    )
    thread.start()
    return thread


if TYPE_CHECKING:
    import cmap
    import contourpy
    import cv2
    import filelock
    import natsort
else:
    cmap = _Library("cmap")
    contourpy = _Library("contourpy")
    cv2 = _Library("cv2")
    filelock = _Library("filelock")
    natsort = _Library("natsort")
