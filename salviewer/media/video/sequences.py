"""Write folders and archives of frames and maps, complete or not at all."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from salviewer.errors import ExportError
from salviewer.media.saving import (
    atomic_path,
    remove_leftovers,
    save_map_png16,
    save_picture,
    temporary_name,
)
from salviewer.media.video.frames import Frame
from salviewer.media.video.map_archive import MapArchive
from salviewer.media.written import WRITTEN_NAME, holds_nothing, note_folder, note_written


class MapWriter(Protocol):
    """Writes the map of each frame, in order."""

    def write(self, density: NDArray[np.float32], frame: Frame) -> None:
        """Write the next frame's map, (h, w), which sums to 1."""


@contextmanager
def new_folder(path: str | PathLike[str]) -> Iterator[Path]:
    """Yield a folder to fill, which gets its name after the block and is removed after an error.

    Its files are recorded as results of this program.

    Raises:
        ExportError: the name exists (except as an empty folder), or the folder cannot be created.
    """
    final = Path(path).absolute()
    temporary = final.with_name(temporary_name())
    remove_leftovers(final.parent)
    try:
        if final.exists() and not (final.is_dir() and holds_nothing(final)):
            raise ExportError(path, "there is something of this name; frames go into a new or empty folder")
        temporary.mkdir()
        try:
            yield temporary
            note_folder(temporary)
            if final.exists():
                final.joinpath(WRITTEN_NAME).unlink(missing_ok=True)
                final.rmdir()
            temporary.rename(final)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise
    except ExportError as error:
        if str(temporary) in error.path:
            raise ExportError(path, error.reason) from error
        raise
    except OSError as error:
        raise ExportError(
            path, f"it could not be written: {(error.strerror or str(error)).lower()}"
        ) from error


class PictureSequence:
    """Frames as ``frame_000000.png`` and so on, in an existing folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    def write(self, pixels: NDArray[np.uint8]) -> None:
        """Write the next frame.

        Raises:
            ExportError: it cannot be written.
        """
        save_picture(self._folder / f"frame_{self._count:06d}.png", pixels)
        self._count += 1


class MapSequence:
    """Maps as 16-bit PNGs ``map_000000.png`` and so on, and ``maps.csv``: file, seconds, peak.

    The peak is the density that 65535 represents, so that maps of different frames can be compared.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rows: list[tuple[str, str, str]] = []

    def write(self, density: NDArray[np.float32], frame: Frame) -> None:
        """Write the next frame's map.

        Raises:
            ExportError: it cannot be written.
        """
        name = f"map_{len(self._rows):06d}.png"
        save_map_png16(self._folder / name, density)
        self._rows.append((name, f"{frame.seconds:.6f}", f"{float(density.max()):.9g}"))

    def finish(self) -> None:
        """Write the table."""
        with (self._folder / "maps.csv").open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows([("file", "seconds", "peak"), *self._rows])


@contextmanager
def map_writer(path: str | PathLike[str]) -> Iterator[MapWriter]:
    """Yield a writer of maps: an archive for a name that ends in ".npz", else a folder of 16-bit PNGs.

    Raises:
        ExportError: it cannot be written.
    """
    if Path(path).suffix.lower() == ".npz":
        remove_leftovers(Path(path).absolute().parent)
        with atomic_path(path) as temporary:
            archive = MapArchive(temporary)
            try:
                yield archive
                archive.finish()
            finally:
                archive.close()
        note_written(Path(path))
        return
    with new_folder(path) as folder:
        sequence = MapSequence(folder)
        yield sequence
        sequence.finish()
