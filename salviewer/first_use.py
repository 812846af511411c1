"""Libraries that are imported when they are first used: the window is shown before it needs them.

    from salviewer.first_use import cv2

gives an object that stands for the module. The first look at one of its names imports the module.
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import TYPE_CHECKING, Any

__all__ = ["cmap", "contourpy", "cv2", "filelock", "natsort"]


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
