"""Cache of compiled networks on disk, so that the next start need not compile them again.

A file contains what OpenVINO exported, or evaluated kernels, and a trailer that marks it complete. Its name
depends on everything that the content depends on, so it is never out of date. The least recently used files
are removed first.
"""

from __future__ import annotations

import hashlib
import logging
import mmap
import os
import struct
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
from numpy.typing import NDArray

from salviewer.errors import ExportError
from salviewer.media.saving import atomic_path, remove_leftovers

MAX_BYTES = 1_000_000_000
"""Size limit of the folder; a Deep ConvNet's kernels have 330 MB, a live_net 12."""

_TRAILER = struct.Struct("<8sQ")
_MAGIC = b"salcache"
_SUFFIX = ".compiled"

log = logging.getLogger(__name__)


def folder() -> Path:
    """Return the folder of the cache; ``SALVIEWER_CACHE`` overrides the platform's cache folder."""
    return Path(os.environ.get("SALVIEWER_CACHE") or platformdirs.user_cache_dir("salviewer")) / "engines"


def path_for(*parts: str) -> Path:
    """Return the path of a network that depends on exactly these values."""
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
    return folder() / f"{key}{_SUFFIX}"


def load(path: Path) -> NDArray[np.uint8] | None:
    """Map the content into memory; None if there is no complete file."""
    try:
        content = np.memmap(path, np.uint8, "c")  # OpenVINO only shares memory that is writable
    except (OSError, ValueError):  # missing, unreadable or empty
        return None
    body = len(content) - _TRAILER.size
    if body <= 0 or bytes(content[body:]) != _TRAILER.pack(_MAGIC, body):
        return None
    try:
        os.utime(path)  # mark as recently used
    except OSError as error:
        log.info("the cache cannot be marked as used: %s", error)
    return content[:body]


def rest(content: NDArray[Any]) -> None:
    """Release the memory of what `load` mapped, or of a view of it; reading it again reads the file."""
    mapped = getattr(content, "_mmap", None)
    if mapped is not None and hasattr(mmap, "MADV_DONTNEED"):
        mapped.madvise(mmap.MADV_DONTNEED)


def store(path: Path, content: bytes) -> None:
    """Store the content, and make room. An unwritable folder is no error; the next start is just slower."""
    store_in_parts(path, [content])


def store_in_parts(path: Path, content: Iterable[bytes | memoryview]) -> None:
    """Store content that is made piece by piece, each while no other is in memory."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        remove_leftovers(path.parent)
        with atomic_path(path) as scratch, scratch.open("wb") as file:
            for piece in content:
                file.write(piece)
            file.write(_TRAILER.pack(_MAGIC, file.tell()))
        _make_room(path)
    except (OSError, ExportError) as error:
        log.warning("a compiled network cannot be stored: %s", error)


def drop(path: Path) -> None:
    """Remove a file that turned out to be unusable, if that is possible."""
    with suppress(OSError):
        path.unlink()


def _make_room(kept: Path) -> None:
    files = sorted(
        (item for item in kept.parent.glob(f"*{_SUFFIX}") if item != kept),
        key=_age_and_size,
        reverse=True,
    )
    total = kept.stat().st_size
    for item in files:
        total += _age_and_size(item)[1]
        if total > MAX_BYTES:
            item.unlink(missing_ok=True)


def _age_and_size(path: Path) -> tuple[float, int]:
    stat = path.stat()
    return stat.st_mtime, stat.st_size
