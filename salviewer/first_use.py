"""Libraries that are imported when they are first used: the window is shown before it needs them.

    from salviewer.first_use import cv2

gives an object that stands for the module. The first look at one of its names imports the module.
"""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import os
import sys
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

__all__ = ["cmap", "contourpy", "cv2", "filelock", "load_shared", "natsort"]


class _Library:
    """A module that is not imported yet."""

    def __init__(self, name: str, *shared: str) -> None:
        self._name = name
        self._shared = shared  # patterns of libraries for `load_shared`
        self._module: ModuleType | None = None

    def __getattr__(self, name: str) -> Any:
        """Import the module, in the thread that asks.

        Raises:
            ImportError: the library is missing or broken.
            AttributeError: it has no such name.
        """
        if self._module is None:
            if self._name not in sys.modules:
                load_shared(self._name, *self._shared)
            self._module = importlib.import_module(self._name)
        return getattr(self._module, name)  # not kept: a test may replace it in the module


def load_shared(package: str, *patterns: str) -> int:
    """Load shared libraries of a package before its import, which would hold the interpreter meanwhile.

    It takes tens of milliseconds, or as long as a slow disk: other threads run now, and the import is short.
    Does nothing on Windows, or where the package is missing; a library that cannot be loaded is left to the
    import to complain about.

    Args:
        package: a top-level package. It is not imported.
        patterns: of its files, as for `Path.glob`: ``"lib/libtorch_cpu.*"``. Loaded in this order.

    Returns:
        how many were loaded.
    """
    loaded = 0
    with suppress(ImportError, ValueError, OSError, AttributeError):
        spec = importlib.util.find_spec(package) if sys.platform in ("linux", "darwin") else None
        if spec is None or spec.origin is None:
            return 0
        # A call through ctypes releases the interpreter; `ctypes.CDLL(library)` would not.
        load = ctypes.CDLL(None).dlopen
        load.argtypes, load.restype = (ctypes.c_char_p, ctypes.c_int), ctypes.c_void_p
        for pattern in patterns:
            for library in sorted(Path(spec.origin).parent.glob(pattern)):
                loaded += load(os.fsencode(library), os.RTLD_NOW) is not None
    return loaded


if TYPE_CHECKING:
    import cmap
    import contourpy
    import cv2
    import filelock
    import natsort
else:
    cmap = _Library("cmap")
    contourpy = _Library("contourpy")
    cv2 = _Library("cv2", "cv2*.so")
    filelock = _Library("filelock")
    natsort = _Library("natsort")
