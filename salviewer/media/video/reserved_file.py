"""A file with room kept behind its end, so that a full disk does not cost what it holds."""

from __future__ import annotations

import os
from pathlib import Path

_STEP = 1 << 20
_ZEROS = bytes(1 << 16)


class ReservedFile:
    """A file for libav to write to, whose space is taken before it is needed.

    Args:
        path: the file, which is made.

    Raises:
        OSError: it cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self._stream = path.open("wb", buffering=0)
        self._end = 0  # of what was written
        self._taken = 0  # bytes that the file has on the disk

    def reserve(self, size: int) -> None:
        """Take the space for so many bytes from the beginning of the file.

        Raises:
            OSError: the disk has not so much; what is taken already stays.
        """
        if size <= self._taken:
            return
        wanted = -(-size // _STEP) * _STEP
        try:
            self._take(wanted)
        except OSError:
            if wanted == size:
                raise
            self._take(size)

    def _take(self, size: int) -> None:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(self._stream.fileno(), 0, size)
        else:
            here = self._stream.tell()
            self._stream.seek(self._taken)
            while self._stream.tell() < size:
                self._stream.write(_ZEROS[: size - self._stream.tell()])
            self._stream.seek(here)
        self._taken = size

    def write(self, data: bytes) -> int:
        """Write at the current position.

        Raises:
            OSError: the disk does not take it.
        """
        left = memoryview(data)
        while left:
            left = left[self._stream.write(left) :]
        self._end = max(self._end, self._stream.tell())
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move as a file does; its end is that of what was written."""
        if whence == os.SEEK_END:
            offset, whence = self._end + offset, os.SEEK_SET
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """Return the current position."""
        return self._stream.tell()

    def flush(self) -> None:
        """Do nothing: nothing is kept back."""

    def close(self) -> None:
        """Give back the space that was not needed, and close."""
        if not self._stream.closed:
            self._stream.truncate(self._end)
            self._stream.close()
