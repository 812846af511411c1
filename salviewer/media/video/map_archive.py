"""Write a video's maps as one NPZ that grows frame by frame."""

from __future__ import annotations

import io
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from salviewer.media.video.frames import Frame

_POLYNOMIAL = 0xEDB88320  # of CRC-32, the lowest bit first
_MOST = 2**40 - 1  # maps: as many digits have room in the header


class MapArchive:
    """Maps as an NPZ: ``maps``, float32 (n, h, w), each sums to 1, and ``seconds``, float64 (n,).

    Maps are written as they come and not compressed (level 1 would save 8 %), so that memory does not grow
    and the disk needs their room once. Their number stands before them and is known after them: the header is
    written again at the end, and the checksum of both parts is joined from theirs.

    Args:
        path: a new file.

    Raises:
        OSError: it cannot be created.
    """

    def __init__(self, path: Path) -> None:
        self._archive = zipfile.ZipFile(path, "w", zipfile.ZIP_STORED)
        self._info = zipfile.ZipInfo("maps.npy")
        self._entry = self._archive.open(self._info, "w", force_zip64=True)
        self._shape: tuple[int, ...] | None = None
        self._seconds: list[float] = []
        self._checksum, self._bytes = 0, 0  # of the maps
        self._open = True

    def write(self, density: NDArray[np.float32], frame: Frame) -> None:
        """Write the next frame's map, with the shape of the first.

        Raises:
            OSError: the disk is full or fails.
        """
        if self._shape is None:
            self._shape = density.shape
            self._entry.write(_header(_MOST, density.shape))
        if density.shape != self._shape:
            raise ValueError(f"maps are of one shape, {self._shape}, not {density.shape}")
        values = np.ascontiguousarray(density, np.float32).tobytes()
        self._checksum = zlib.crc32(values, self._checksum)
        self._bytes += len(values)
        self._entry.write(values)
        self._seconds.append(frame.seconds)

    def finish(self) -> None:
        """Complete the archive.

        Raises:
            OSError: the disk is full or fails.
        """
        if self._shape is None:
            self._entry.write(_header(0, (0, 0)))
            self._entry.close()
        else:
            self._entry.close()
            self._write_count(_header(len(self._seconds), self._shape))
        with self._archive.open("seconds.npy", "w") as entry:
            np.lib.format.write_array(entry, np.asarray(self._seconds, np.float64))
        self._archive.close()
        self._open = False

    def close(self) -> None:
        """Close the file, complete or not."""
        if self._open:
            self._open = False
            with suppress(OSError, ValueError):
                self._entry.close()
            with suppress(OSError, ValueError):
                self._archive.close()

    def _write_count(self, header: bytes) -> None:
        file = self._archive.fp
        assert file is not None
        self._info.CRC = joined_checksum(zlib.crc32(header), self._checksum, self._bytes)
        end = file.tell()
        file.seek(self._info.header_offset)
        file.write(self._info.FileHeader(zip64=True))
        file.write(header)
        file.seek(end)


def _header(count: int, shape: tuple[int, ...]) -> bytes:
    """Return the header of an NPY with so many maps; it has as many bytes as that with any other number."""
    written = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        written, {"descr": "<f4", "fortran_order": False, "shape": (count, *shape)}
    )
    return written.getvalue()


def joined_checksum(first: int, second: int, length: int) -> int:
    """Return the CRC-32 of two parts of a file, from that of each.

    The checksum is linear: behind the first part go as many zero bytes as the second is long, which is a
    multiplication with powers of a 32x32 matrix over GF(2) (as in zlib's crc32_combine).

    Args:
        first, second: the checksums.
        length: bytes of the second part.
    """
    bit = [_POLYNOMIAL, *(1 << number for number in range(31))]  # one zero bit behind
    step = bit
    for _ in range(3):
        step = [_times(step, column) for column in step]  # 8 bits: a byte
    while length:
        if length & 1:
            first = _times(step, first)
        step = [_times(step, column) for column in step]
        length >>= 1
    return first ^ second


def _times(matrix: list[int], vector: int) -> int:
    total = 0
    for column in matrix:
        if vector & 1:
            total ^= column
        vector >>= 1
    return total
