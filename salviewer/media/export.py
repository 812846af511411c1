"""Writes pictures and maps so that a file is either complete or not there."""

from __future__ import annotations

import errno
import io
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from salviewer.errors import ExportError

_FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP", ".tif": "TIFF", ".tiff": "TIFF"}
_LONGEST_SIDE = {"JPEG": 65_500, "WEBP": 16_383}
EXPORT_SUFFIXES: tuple[str, ...] = tuple(_FORMATS)
"""Suffixes ``save_picture`` writes, lower case with the dot."""

_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your disk quota is used up",
    errno.EFBIG: "the file would be larger than is allowed here",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "you do not have permission to write there",
    errno.EPERM: "you do not have permission to write there",
    errno.ENAMETOOLONG: "the file name is too long",
}

# Only by setting the mask can it be read, which is safe once, before there are threads.
_UMASK = os.umask(0)
os.umask(_UMASK)


@contextmanager
def atomic_path(final: str | PathLike[str], *, sync: bool = False) -> Iterator[Path]:
    """Gives a temporary path beside ``final``, with its suffix, to be written in the ``with`` block.

    When the block ends well the file takes the name ``final``, replacing what had it; when it does not, by an
    error or by Ctrl-C, the temporary file is removed and what had the name stays. ``sync`` waits until the
    disk has it.

    Raises:
        ExportError: the folder is missing, not writable or full, ``final`` is a folder, a device or
            read-only, or the block raised an ``OSError``. Other exceptions of the block pass through.
    """
    try:
        target = Path(os.path.realpath(final))  # a link stays a link
    except ValueError as error:
        raise ExportError(final, "this is not a valid file name") from error
    temporary = target.with_name(f".salviewer-{secrets.token_hex(8)}{target.suffix}")
    try:
        _refuse(final, target)
        try:
            yield temporary
            if sync:
                with temporary.open("rb") as written:
                    os.fsync(written.fileno())
            if target.exists():
                shutil.copymode(target, temporary)
            else:  # some writers make files that only their owner may read
                temporary.chmod(0o666 & ~_UMASK)
            temporary.replace(target)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, (error.strerror or "unknown reason").lower())
        raise ExportError(final, f"it could not be written: {reason}") from error


def save_picture(
    path: str | PathLike[str], pixels: NDArray[np.uint8], *, quality: int = 92, icc: bytes | None = None
) -> None:
    """Writes a picture in the format of its suffix: ``EXPORT_SUFFIXES``.

    The same arguments give the same bytes.

    Args:
        path: the file; an existing one is replaced.
        pixels: (H, W, 3) RGB or (H, W, 4) RGBA with straight alpha, sRGB. JPEG, which has no transparency,
            gets it laid over white.
        quality: 1..100, for JPEG and WebP; PNG and TIFF are lossless. JPEG keeps full colour resolution from
            90 on.
        icc: the colour profile to embed.

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
        raise ExportError(path, f'"{suffix}" is no format this program writes; choose {", ".join(_FORMATS)}')
    height, width = pixels.shape[:2]
    if max(width, height) > (longest := _LONGEST_SIDE.get(fmt, 2**31 - 1)):
        raise ExportError(
            path,
            f"{fmt} holds at most {longest} pixels a side and this picture has {width} x {height};"
            " choose PNG or TIFF",
        )
    image = Image.fromarray(pixels)
    if fmt == "JPEG" and image.mode == "RGBA":
        opaque = Image.new("RGB", image.size, "white")
        opaque.paste(image, mask=image.getchannel("A"))
        image = opaque
    choices: dict[str, dict[str, Any]] = {
        "PNG": {"compress_level": 6},
        "JPEG": {"quality": quality, "subsampling": 0 if quality >= 90 else 2},
        "WEBP": {"quality": quality, "method": 4},
        "TIFF": {"compression": "tiff_adobe_deflate", "tiffinfo": {317: 2}},
    }
    encoded = io.BytesIO()
    image.save(encoded, fmt, icc_profile=icc, **choices[fmt])
    _write(path, encoded)


def save_map_png16(path: str | PathLike[str], density: NDArray[np.floating[Any]]) -> None:
    """Writes a map as 16-bit grey PNG: 0 stays 0, the map's maximum becomes 65535, linear between, rounded.

    Args:
        path: a name that ends in ".png".
        density: (h, w), finite, not negative, any unit; a map of zeros stays zeros.

    Raises:
        ExportError: the suffix is another, or the file cannot be written.
        ValueError: ``density`` is not as described.
    """
    _require_suffix(path, ".png")
    density = _checked(density)
    peak = float(density.max())
    scaled = np.zeros(density.shape) if peak == 0.0 else density.astype(np.float64) * (65535.0 / peak)
    encoded = io.BytesIO()
    Image.fromarray(np.rint(scaled).astype(np.uint16)).save(encoded, "PNG")
    _write(path, encoded)


def save_map_npy(path: str | PathLike[str], density: NDArray[np.floating[Any]]) -> None:
    """Writes a map's own values, float32 (h, w), to be read with ``numpy.load``.

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
    _write(path, encoded)


def _write(path: str | PathLike[str], encoded: io.BytesIO) -> None:
    """Encoded in memory first, so that what fails while writing fails with the system's own reason."""
    with atomic_path(path) as temporary, temporary.open("xb") as stream:
        stream.write(encoded.getbuffer())


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


def _require_suffix(path: str | PathLike[str], suffix: str) -> None:
    if Path(path).suffix.lower() != suffix:
        raise ExportError(path, f'the name of such a file must end in "{suffix}"')


def _checked(density: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    if density.ndim != 2 or density.size == 0 or density.dtype.kind != "f":
        raise ValueError(f"density must be (h, w) floats, got {density.shape} {density.dtype}")
    if not np.isfinite(density).all() or density.min() < 0.0:
        raise ValueError("density must be finite and not negative")
    return density
