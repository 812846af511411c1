"""Keep libtiff from writing to the terminal.

Pillow decodes TIFF with libtiff, which prints a line to standard error for every oddity of a file. Pillow has
no way to stop it, so its message handlers are removed here.
"""

from __future__ import annotations

import ctypes
import logging
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import PIL

_log = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def silence_libtiff() -> bool:
    """Remove libtiff's message handlers for the whole process; decoding errors are still raised.

    Returns:
        whether it was possible. It is not where libtiff is linked into Pillow, as on Windows.
    """
    logging.getLogger("PIL").addHandler(logging.NullHandler())  # otherwise Python prints Pillow's remarks
    for path in _loaded_libraries():
        with suppress(OSError, AttributeError):
            library = ctypes.CDLL(str(path))
            for name in ("TIFFSetErrorHandler", "TIFFSetWarningHandler"):
                setter = getattr(library, name)
                setter.argtypes, setter.restype = [ctypes.c_void_p], ctypes.c_void_p
                setter(None)
            return True
    _log.debug("libtiff was not found and may write to the terminal")
    return False


def _loaded_libraries() -> Iterator[Path]:
    """Yield the libtiff that Pillow uses: the loaded library (Linux), or the one in its wheel (macOS)."""
    if sys.platform.startswith("linux"):
        with suppress(OSError):
            lines = Path("/proc/self/maps").read_text("utf-8", "surrogateescape").splitlines()
            yield from dict.fromkeys(Path(line.split(maxsplit=5)[5]) for line in lines if "libtiff" in line)
    yield from sorted((Path(PIL.__file__).parent / ".dylibs").glob("libtiff*.dylib"))
