"""Write packs: reserve their space first, clear what killed processes left, and remove old packs."""

from __future__ import annotations

import errno
import json
import math
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from salviewer.errors import DataError
from salviewer.media.fixation_files import NOTHING, Fixations
from salviewer.training.datasets import Problem, Sample
from salviewer.training.decoding import decoded_all

LIMIT_VARIABLE = "SALVIEWER_CACHE_LIMIT"
"""Environment variable with the size limit of all packs together, in GB."""
LIMIT = 20.0
"""GB if the variable is not set."""
INDEX = "index.json"

_Kept = tuple[float, int, Path]
"""When a pack was last used, its bytes, and its folder."""
_MAKING, _LOCK = ".making-", "lock"
_YOUNG = 60.0
"""Age in seconds below which a folder without a lock may still be in the making."""


def write_pack(
    place: Path, samples: Sequence[Sample], size: tuple[int, int], progress: Callable[[int, int], None]
) -> None:
    """Decode samples into a pack's folder, which appears complete or not at all.

    Args:
        place: the folder.
        samples: samples to decode.
        size: (height, width) in pixels.
        progress: called with (done, total); an exception from it stops the writing.

    Raises:
        DataError: the disk is too full.
        OSError: a file cannot be written.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    clear_leftovers(place.parent)
    shape = (len(samples), *size)
    _make_room(place.parent, 4 * math.prod(shape))
    names: list[str] = []
    pictures: list[str] = []
    truths: list[str] = []
    problems: list[Problem] = []
    seen: list[Fixations] = [NOTHING]
    aspects: list[float] = []
    with _scratch(place.parent) as scratch:
        with (
            _Rows(scratch / "stimuli.npy", (*shape, 3)) as stimuli,
            _Rows(scratch / "maps.npy", shape) as maps,
        ):
            for done, result in enumerate(decoded_all(samples, size), 1):
                name = samples[done - 1].name
                if isinstance(result, str):
                    problems.append(Problem(name, result))
                else:
                    stimuli.append(result.stimulus)
                    maps.append(result.density)
                    seen.append(result.fixations)
                    aspects.append(result.aspect)
                    names.append(name)
                    pictures.append(result.picture)
                    truths.append(result.truth)
                    if result.doubt:
                        problems.append(Problem(name, result.doubt, kept=True))
                progress(done, len(samples))
        np.save(scratch / "fixations.npy", np.concatenate([each.points for each in seen]))
        np.save(scratch / "viewers.npy", np.concatenate([each.viewers for each in seen]))
        np.save(scratch / "bounds.npy", np.cumsum([len(each.points) for each in seen], dtype=np.int64))
        np.save(scratch / "aspects.npy", np.array(aspects, np.float64))
        index = {
            "names": names,
            "pictures": pictures,
            "truths": truths,
            "problems": [[item.name, item.reason, item.kept] for item in problems],
        }
        (scratch / INDEX).write_text(json.dumps(index), encoding="utf-8")
        if not (place / INDEX).is_file():
            shutil.rmtree(place, ignore_errors=True)
            (scratch / _LOCK).unlink(missing_ok=True)
            scratch.rename(place)
    packs = _packs(place.parent)
    _prune(packs, limit(shutil.disk_usage(place.parent).free + _taken(packs)), place)


def limit(space: float = math.inf) -> int:
    """Return the size limit of all packs together, in bytes, from `LIMIT_VARIABLE`.
    If that is not set, or no size: `LIMIT`, and at most half of the disk's ``space``.

    Args:
        space: bytes that are free or taken by packs.
    """
    try:
        gigabytes = float(os.environ.get(LIMIT_VARIABLE, ""))
    except ValueError:
        gigabytes = math.nan
    return int(gigabytes * 1e9) if 0 <= gigabytes < 1e9 else int(min(LIMIT * 1e9, space / 2))


def mark_used(place: Path) -> None:
    """Mark a pack as used now; a new one removes the longest unused packs first."""
    with suppress(OSError):
        os.utime(place / INDEX)


def _packs(root: Path) -> list[_Kept]:
    """Return the packs in ``root``, the longest unused first."""
    packs: list[_Kept] = []
    with suppress(OSError):
        for folder in root.iterdir():
            with suppress(OSError):
                used = (folder / INDEX).stat().st_mtime
                packs.append((used, sum(file.stat().st_size for file in folder.iterdir()), folder))
    return sorted(packs)


def _taken(packs: list[_Kept]) -> int:
    """Return the bytes of all packs together."""
    return sum(size for _, size, _ in packs)


def _prune(packs: list[_Kept], most: int, kept: Path | None = None) -> None:
    """Remove packs, in their order but for ``kept``, until the rest takes at most ``most`` bytes."""
    total = _taken(packs)
    for _, size, folder in packs:
        if total <= most:
            return
        if folder != kept:
            shutil.rmtree(folder, ignore_errors=True)
            total -= size


def _make_room(root: Path, size: int) -> None:
    """Remove packs, the longest unused first, if the disk has no room for ``size`` bytes, and would then."""
    missing, packs = size - shutil.disk_usage(root).free, _packs(root)
    if 0 < missing <= _taken(packs):
        _prune(packs, _taken(packs) - missing)


def clear_leftovers(root: Path) -> None:
    """Remove the leftovers in ``root`` of processes that were killed while they wrote a pack."""
    from filelock import FileLock, Timeout

    for folder in root.glob(f"{_MAKING}*"):
        with suppress(OSError, Timeout, NotImplementedError):
            if not (folder / _LOCK).exists() and time.time() - folder.stat().st_mtime < _YOUNG:
                continue
            with FileLock(folder / _LOCK, timeout=0):  # a living process would hold it
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _scratch(root: Path) -> Iterator[Path]:
    """Yield a locked folder to fill; remove it at the end unless it was renamed."""
    from filelock import FileLock

    scratch = Path(tempfile.mkdtemp(dir=root, prefix=_MAKING))
    lock = FileLock(scratch / _LOCK)
    try:
        with suppress(NotImplementedError), suppress(OSError):
            lock.acquire(timeout=0)
        yield scratch
    finally:
        lock.release()
        shutil.rmtree(scratch, ignore_errors=True)


class _Rows:
    """A uint8 ``.npy`` file that is filled row by row, with its space reserved at the start.

    A sparse file is made at once, but if the disk fills up later, writing to one of its pages through a
    memory map ends the process with SIGBUS.
    """

    def __init__(self, path: Path, shape: tuple[int, ...]) -> None:
        self._shape = shape
        self._count = 0
        self._stream: BinaryIO = path.open("wb+")
        try:
            self._write_header(shape[0])
            self._first = self._stream.tell()
            _reserve(self._stream, path, self._first + int(np.prod(shape, dtype=np.int64)))
        except BaseException:
            self._stream.close()
            raise

    def _write_header(self, rows: int) -> None:
        """Write the header, which NumPy pads so that the number of rows can change in place."""
        header = {"descr": "|u1", "fortran_order": False, "shape": (rows, *self._shape[1:])}
        np.lib.format.write_array_header_1_0(self._stream, header)

    def append(self, row: NDArray[np.uint8]) -> None:
        """Write the next row."""
        self._stream.write(np.ascontiguousarray(row, np.uint8).tobytes())
        self._count += 1

    def __enter__(self) -> _Rows:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        with self._stream:
            if kind is None:
                self._stream.truncate()
                self._stream.seek(0)
                self._write_header(self._count)
                if self._stream.tell() != self._first:
                    raise OSError("the header of a pack changed its length")


def _reserve(stream: BinaryIO, path: Path, size: int) -> None:
    """Reserve ``size`` bytes on the disk for a file.

    Raises:
        DataError: the disk is too full.
    """
    free = shutil.disk_usage(path.parent).free
    if free >= size:
        if not hasattr(os, "posix_fallocate"):
            return
        try:
            stream.flush()
            os.posix_fallocate(stream.fileno(), 0, size)
            return
        except OSError as error:
            if error.errno in (errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS):
                return  # unsupported by the file system: a full disk is then found while writing
            if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise
    raise DataError(
        path.parent.parent,
        f"the disk is full: the decoded pictures need {size / 1e6:,.0f} MB there and {free / 1e6:,.0f} MB are"
        " free",
    )
