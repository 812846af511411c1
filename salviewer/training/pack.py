"""Decode a data set once, at training size, into files that are memory-mapped from then on."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import platformdirs
from numpy.typing import NDArray

from salviewer.core.strict_json import loads
from salviewer.errors import DataError
from salviewer.training.datasets import Problem, Sample
from salviewer.training.pack_files import INDEX, clear_leftovers, mark_used, write_pack

Progress = Callable[[int, int], None]
_VERSION = 6
_FLOATS = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """Stimuli and ground truth at one size.

    Attributes:
        names: of the samples, in order.
        stimuli: uint8 (n, h, w, 3), memory-mapped.
        maps: uint8 (n, h, w), each with peak 255; all zero without ground truth.
        fixations: float64 (k, 2), (row, column) in 0..1 of the picture's height and width, of all samples in
            order.
        viewers: int64 (k,): the viewer of each fixation, counted from 0 in each sample; -1 if unknown.
        bounds: int64 (n + 1,): sample i has ``fixations[bounds[i]:bounds[i + 1]]``.
        aspects: float64 (n,): width / height of each picture before it was stretched to this size.
        problems: samples that could not be decoded, or only in part.
        pictures: digest of each picture's file (`decoding.DIGEST`); empty for a pack without files.
        truths: digest of each picture's ground truth.
    """

    names: tuple[str, ...]
    stimuli: NDArray[np.uint8]
    maps: NDArray[np.uint8]
    fixations: _FLOATS
    viewers: NDArray[np.int64]
    bounds: NDArray[np.int64]
    aspects: NDArray[np.float64]
    problems: tuple[Problem, ...]
    pictures: tuple[str, ...] = ()
    truths: tuple[str, ...] = ()

    def fixations_of(self, index: int) -> _FLOATS:
        """Return float64 (k, 2) in 0..1; empty if the data set has no fixations."""
        return self.fixations[self.bounds[index] : self.bounds[index + 1]]

    def viewers_of(self, index: int) -> NDArray[np.int64]:
        """Return int64 (k,): the viewer of each of a sample's fixations."""
        return self.viewers[self.bounds[index] : self.bounds[index + 1]]


def cache_folder() -> Path:
    """Return the folder of packs: ``SALVIEWER_CACHE``, or the platform's cache folder."""
    return Path(os.environ.get("SALVIEWER_CACHE") or platformdirs.user_cache_dir("salviewer")) / "packs"


def open_pack(
    samples: Sequence[Sample],
    size: tuple[int, int],
    progress: Progress | None = None,
    folder: Path | None = None,
) -> Pack:
    """Open the pack of these samples; make it first if there is none.

    Args:
        samples: those that are not ``labelled`` get maps of zeros.
        size: (height, width) in pixels.
        progress: called with (done, total) while a pack is made.
        folder: the folder of packs; default ``cache_folder()``.

    Raises:
        DataError: no sample can be decoded, or the pack cannot be written. A damaged pack is made again.
    """
    root = folder or cache_folder()
    place = root / _fingerprint(samples, size)
    clear_leftovers(root)
    for _ in range(2):
        if not (place / INDEX).is_file():
            try:
                write_pack(place, samples, size, progress or (lambda done, total: None))
            except OSError as error:
                raise DataError(
                    place, f"the decoded pictures cannot be kept there ({error.strerror or error})"
                ) from error
        mark_used(place)
        try:
            pack = _opened(place)
            break
        except (OSError, ValueError, KeyError, TypeError, EOFError):
            shutil.rmtree(place, ignore_errors=True)
    else:
        raise DataError(place, "the decoded pictures cannot be kept there (they cannot be read again)")
    if not pack.names:
        detail = f"; the first: {pack.problems[0]}" if pack.problems else ""
        raise DataError(
            samples[0].stimulus.parent if samples else place, f"not one picture can be used{detail}"
        )
    return pack


def _opened(place: Path) -> Pack:
    """Open a pack that lies in a folder.

    Raises:
        OSError, ValueError, KeyError, TypeError, EOFError: it is damaged.
    """
    index = loads((place / INDEX).read_text(encoding="utf-8"))
    problems = tuple(Problem(*entry) for entry in index["problems"])
    return Pack(
        tuple(index["names"]),
        np.load(place / "stimuli.npy", mmap_mode="r"),
        np.load(place / "maps.npy", mmap_mode="r"),
        np.load(place / "fixations.npy"),
        np.load(place / "viewers.npy"),
        np.load(place / "bounds.npy"),
        np.load(place / "aspects.npy"),
        problems,
        tuple(index["pictures"]),
        tuple(index["truths"]),
    )


def _fingerprint(samples: Sequence[Sample], size: tuple[int, int]) -> str:
    digest = hashlib.sha256(f"{_VERSION} {size}".encode())
    for sample in samples:
        if sample.record or sample.blur:
            digest.update(f"{sample.record} {sample.blur}\n".encode())
        for path in (sample.stimulus, sample.fixation_map, sample.locations):
            if path is not None:
                try:
                    status = path.stat()
                except OSError:
                    continue
                digest.update(f"{path.resolve()} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:24]
