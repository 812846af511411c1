"""Keep libtiff from writing to the terminal.

Pillow decodes TIFF with libtiff, which prints a line to standard error for every oddity of a file.
Pillow has no way to stop it, so its message handlers are taken out here.
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
    """Take out libtiff's message handlers, once for the process; what fails to decode still raises.

    Returns:
        whether it was possible. Where libtiff is linked into Pillow itself, as on Windows, it is not.
    """
    logging.getLogger("PIL").addHandler(logging.NullHandler())  # or Python prints Pillow's own remarks
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
    """The libtiff that Pillow uses: the one that is loaded (Linux), or the one in its wheel (macOS)."""
    if sys.platform.startswith("linux"):
        with suppress(OSError):
            lines = Path("/proc/self/maps").read_text("utf-8", "surrogateescape").splitlines()
            yield from dict.fromkeys(Path(line.split(maxsplit=5)[5]) for line in lines if "libtiff" in line)
    yield from sorted((Path(PIL.__file__).parent / ".dylibs").glob("libtiff*.dylib"))
