"""Write pictures and maps so that each file is complete or absent."""

from __future__ import annotations

import errno
import io
import os
import re
import secrets
import shutil
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from salviewer.errors import ExportError
from salviewer.media.encoding import Format, encode
from salviewer.version import __version__

_FORMATS: dict[str, Format] = {
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".webp": "WEBP",
    ".tif": "TIFF",
    ".tiff": "TIFF",
}
_LONGEST_SIDE = {"JPEG": 65_500, "WEBP": 16_383}
EXPORT_SUFFIXES: tuple[str, ...] = tuple(_FORMATS)
"""Suffixes that ``save_picture`` writes, lower case with the dot."""

_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your disk quota is used up",
    errno.EFBIG: "the file would be larger than is allowed here",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "you do not have permission to write there",
    errno.EPERM: "you do not have permission to write there",
    errno.ENAMETOOLONG: "the file name is too long",
}

# 6 random digits, 4 of the machine, 6 of the writing process.
_TEMPORARY = re.compile(r"\.salviewer-[0-9a-f]{6}([0-9a-f]{4})([0-9a-f]{6})(\.\w+)*")
_ABANDONED = 60.0  # seconds: a picture is encoded in memory and written at once
_ABANDONED_LONG = 3600.0  # a file that grows for long, such as a video or a folder, may pause

# It can only be read by setting it, which is safe once, before there are threads.
_UMASK = os.umask(0)
os.umask(_UMASK)


@contextmanager
def atomic_path(final: str | PathLike[str], *, sync: bool = False) -> Iterator[Path]:
    """Yield a temporary path beside ``final``, with its suffix, to write to in the ``with`` block.
    If the block succeeds, the file is renamed to ``final`` and replaces an existing file. After an error or
    Ctrl-C the temporary file is removed and an existing file stays. ``sync`` waits until the file is on disk.

    Raises:
        ExportError: the folder is missing, not writable or full, ``final`` is a folder, a device or
            read-only, or the block raised an ``OSError``. Other exceptions of the block pass through.
    """
    try:
        target = Path(os.path.realpath(final))  # keep a link
    except ValueError as error:
        raise ExportError(final, "this is not a valid file name") from error
    temporary = target.with_name(temporary_name() + target.suffix)
    try:
        _refuse(final, target)
        try:
            yield temporary
            if sync:
                with temporary.open("rb") as written:
                    os.fsync(written.fileno())
            if target.exists():
                shutil.copymode(target, temporary)
            else:  # some writers make files that only their owner can read
                temporary.chmod(0o666 & ~_UMASK)
            temporary.replace(target)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
    except OSError as error:
        raise ExportError(final, f"it could not be written: {disk_reason(error)}") from error


def disk_reason(error: OSError) -> str:
    """Return a clause on why the system did not write."""
    return _REASONS.get(error.errno or 0, (error.strerror or "unknown reason").lower())


def check_target(final: str | PathLike[str]) -> None:
    """Refuse a file that `atomic_path` would refuse, before work is done for it.

    Raises:
        ExportError: its folder is missing, or it is a folder, a device or read-only.
    """
    try:
        _refuse(final, Path(os.path.realpath(final)))
    except OSError as error:
        raise ExportError(final, f"it could not be written: {disk_reason(error)}") from error
    except ValueError as error:
        raise ExportError(final, "this is not a valid file name") from error


def remove_leftovers(folder: Path) -> None:
    """Remove temporary files and folders of programs that were killed while they wrote into a folder.

    Those of this machine are removed once their process is gone; those of another machine, on a shared disk,
    after a
    minute without writing, or an hour for files that take long: videos, archives, folders.
    """
    try:
        entries = [path for path in folder.iterdir() if path.name.startswith(".salviewer-")]
    except OSError:
        return
    for path in entries:
        match = _TEMPORARY.fullmatch(path.name)
        with suppress(OSError):
            if match is not None and _is_abandoned(path, match[1], int(match[2], 16)):
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink()


def temporary_name() -> str:
    """Return a hidden name for a temporary file, which identifies its process; without a suffix."""
    return f".salviewer-{secrets.token_hex(3)}{_machine()}{os.getpid() & 0xFFFFFF:06x}"


def _is_abandoned(path: Path, machine: str, process: int) -> bool:
    if machine == _machine():
        import psutil  # slow to import, so not while the window starts

        return all(number & 0xFFFFFF != process for number in psutil.pids())
    long = path.is_dir() or not {path.suffix.lower()} & {*_FORMATS, ".csv", ".tsv", ".json", ".html"}
    return time.time() - path.stat().st_mtime > (_ABANDONED_LONG if long else _ABANDONED)


@lru_cache(maxsize=1)
def _machine() -> str:
    """Return four digits for this machine since it started; a container has its own, like its processes."""
    import platform

    parts = [platform.node()]
    with suppress(OSError):
        parts.append(Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii"))
        parts.append(str(Path("/proc/self/ns/pid").readlink()))
    return f"{zlib.crc32('|'.join(parts).encode()) & 0xFFFF:04x}"


def save_picture(
    path: str | PathLike[str], pixels: NDArray[np.uint8], *, quality: int = 92, icc: bytes | None = None
) -> None:
    """Write a picture in the format of its suffix, one of ``EXPORT_SUFFIXES``.

    The same arguments give the same bytes.

    Args:
        path: the file; an existing one is replaced.
        pixels, quality, icc: as in ``encoding.encode``.

    Raises:
        ExportError: the suffix is unknown, the picture too large for the format, or the file cannot be
            written.
        ValueError: ``pixels`` or ``quality`` is not as described.
    """
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] not in (3, 4) or pixels.size == 0:
        raise ValueError(f"pixels must be (H, W, 3 or 4) uint8, got {pixels.shape} {pixels.dtype}")
    if not 1 <= quality <= 100:
        raise ValueError(f"quality must be 1 to 100, got {quality}")
    fmt = _FORMATS.get(suffix := Path(path).suffix.lower())
    if fmt is None:
        raise ExportError(
            path, f'"{suffix}" is not a format this program writes; choose {", ".join(_FORMATS)}'
        )
    height, width = pixels.shape[:2]
    if max(width, height) > (longest := _LONGEST_SIDE.get(fmt, 2**31 - 1)):
        raise ExportError(
            path,
            f"{fmt} holds at most {longest} pixels a side and this picture has {width} x {height};"
            " choose PNG or TIFF",
        )
    save_bytes(path, encode(pixels, fmt, quality=quality, icc=icc))


def save_map_png16(
    path: str | PathLike[str], density: NDArray[np.floating[Any]], description: str = ""
) -> None:
    """Write a map as 16-bit grey PNG: 0 stays 0, the map's maximum becomes 65535, linear between, rounded.

    Args:
        path: a name that ends in ".png".
        density: (h, w), finite, not negative, any unit; a map of zeros stays zeros.
        description: a text stored in the file, before the meaning of its largest value.

    Raises:
        ExportError: the suffix is another, or the file cannot be written.
        ValueError: ``density`` is not as described.
    """
    _save_grey(path, density, np.dtype(np.uint16), description)


def save_map_png8(
    path: str | PathLike[str], density: NDArray[np.floating[Any]], description: str = ""
) -> None:
    """Write a map as 8-bit grey PNG, its maximum 255; otherwise as ``save_map_png16``."""
    _save_grey(path, density, np.dtype(np.uint8), description)


def save_map_tiff(
    path: str | PathLike[str], density: NDArray[np.floating[Any]], description: str = ""
) -> None:
    """Write a map's own values as a TIFF with one float32 channel.

    Args:
        path: a name that ends in ".tif" or ".tiff".
        density: (h, w), finite, not negative.
        description: a text stored in the file.

    Raises:
        ExportError: the suffix is another, or the file cannot be written.
        ValueError: ``density`` is not as described.
    """
    _require_suffix(path, ".tif", ".tiff")
    image = Image.fromarray(np.ascontiguousarray(_checked(density), np.float32))
    encoded = io.BytesIO()
    tags = {270: description, 305: f"salviewer {__version__}"}
    image.save(encoded, "TIFF", compression="tiff_adobe_deflate", tiffinfo=tags)
    save_bytes(path, encoded.getbuffer())


def save_map_npy(path: str | PathLike[str], density: NDArray[np.floating[Any]]) -> None:
    """Write a map's own values, float32 (h, w), for ``numpy.load``.

    Args:
        path: a name that ends in ".npy".
        density: (h, w), finite, not negative.

    Raises:
        ExportError: the suffix is another, or the file cannot be written.
        ValueError: ``density`` is not as described.
    """
    _require_suffix(path, ".npy")
    encoded = io.BytesIO()
    np.save(encoded, np.ascontiguousarray(_checked(density), np.float32), allow_pickle=False)
    save_bytes(path, encoded.getbuffer())


def _save_grey(
    path: str | PathLike[str],
    density: NDArray[np.floating[Any]],
    kind: np.dtype[np.unsignedinteger[Any]],
    description: str,
) -> None:
    _require_suffix(path, ".png")
    density = _checked(density)
    peak, top = float(density.max()), int(np.iinfo(kind).max)
    scaled = np.zeros(density.shape) if peak == 0.0 else density.astype(np.float64) * (top / peak)
    info = PngInfo()
    info.add_text("Software", f"salviewer {__version__}")
    info.add_itxt("Description", f"{description} {top} stands for {peak:.6g}.".lstrip())
    encoded = io.BytesIO()
    Image.fromarray(np.rint(scaled).astype(kind)).save(encoded, "PNG", pnginfo=info)
    save_bytes(path, encoded.getbuffer())


def save_bytes(path: str | PathLike[str], encoded: bytes | memoryview) -> None:
    """Write bytes encoded in memory, so that an error while writing has the system's own reason."""
    with atomic_path(path) as temporary, temporary.open("xb") as stream:
        stream.write(encoded)


def _refuse(final: str | PathLike[str], target: Path) -> None:
    if not target.parent.is_dir():
        raise ExportError(final, "its folder does not exist")
    if target.is_dir():
        raise ExportError(final, "there is a folder of this name")
    if target.exists():
        if not target.is_file():
            raise ExportError(final, "it is a pipe or a device, not a file")
        if not os.access(target, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
            raise ExportError(final, "the file is there already and is read-only")


def _require_suffix(path: str | PathLike[str], *suffixes: str) -> None:
    if Path(path).suffix.lower() not in suffixes:
        raise ExportError(path, f'the name of such a file must end in "{suffixes[0]}"')


def _checked(density: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    if density.ndim != 2 or density.size == 0 or density.dtype.kind != "f":
        raise ValueError(f"density must be (h, w) floats, got {density.shape} {density.dtype}")
    if not np.isfinite(density).all() or density.min() < 0.0:
        raise ValueError("density must be finite and not negative")
    return density
