"""Fixations from raw gaze samples: MIT1003's ``DATA`` folder, read one picture at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.errors import DataError
from salviewer.media.fixation_files import NOTHING, Fixations
from salviewer.media.mat_files import read_mat

RATE = 240.0
"""Samples a second of MIT1003's eye tracker (Judd et al. 2009)."""

DISPERSION = 35.0
"""Pixels that MIT1003's pictures had in one degree of visual angle (Judd et al. 2009)."""

SHORTEST = 0.1
"""Seconds: the shortest fixation (Salvucci and Goldberg 2000)."""


def fixations_of(
    samples: NDArray[Any], rate: float = RATE, dispersion: float = DISPERSION, shortest: float = SHORTEST
) -> Fixations:
    """Find the fixations in one viewer's gaze by dispersion.

    The algorithm is I-DT: Salvucci and Goldberg, "Identifying fixations and saccades in eye-tracking
    protocols", ETRA 2000. A fixation is the longest run of samples whose width plus height is at most
    ``dispersion``. Its place is the median.

    Args:
        samples: (n, 2) of (x, y) in pixels; NaN and negative numbers are blinks, which end a fixation.
        rate: samples a second.
        dispersion: in pixels.
        shortest: in seconds.

    Returns:
        in order, viewer 0, with starts and durations.
    """
    xy = np.asarray(samples, np.float64).reshape(-1, 2)
    seen = np.asarray((np.isfinite(xy) & (xy >= 0)).all(axis=1))
    least = max(2, round(shortest * rate))
    found: list[tuple[int, int]] = []
    start = 0
    while start + least <= len(xy):
        stop = start + least
        if not seen[start:stop].all() or np.ptp(xy[start:stop], axis=0).sum() > dispersion:
            start += 1
            continue
        low, high = xy[start:stop].min(axis=0), xy[start:stop].max(axis=0)
        while stop < len(xy) and seen[stop]:
            low, high = np.minimum(low, xy[stop]), np.maximum(high, xy[stop])
            if (high - low).sum() > dispersion:
                break
            stop += 1
        found.append((start, stop))
        start = stop
    if not found:
        return NOTHING
    places = np.array([np.median(xy[start:stop], axis=0)[::-1] for start, stop in found])
    starts, ends = np.array(found, np.float64).T / rate
    return Fixations(places, np.zeros(len(found), np.int64), None, starts, ends - starts)


class RawGaze(Mapping[str, Fixations]):
    """Fixations by the picture's name, from ``VIEWER/NAME.mat`` with a ``DATA`` and its ``eyeData``.

    The format is that of the authors' published code. A picture's files are read when it is asked for.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def _files(self) -> dict[str, list[tuple[int, Path]]]:
        files: dict[str, list[tuple[int, Path]]] = {}
        viewers = sorted(path for path in self._folder.iterdir() if path.is_dir())
        for number, viewer in enumerate(viewers):
            for path in sorted(viewer.glob("*.mat")):
                files.setdefault(path.stem, []).append((number, path))
        return files

    def __getitem__(self, name: str) -> Fixations:
        """Return all viewers' fixations on a picture, in its pixels.

        Raises:
            KeyError: nobody looked at it.
            DataError: a file is damaged or has no samples.
        """
        each = [(number, fixations_of(_samples(path) - 0.5)) for number, path in self._files[name]]
        kept = [(number, seen) for number, seen in each if len(seen.points)]
        if not kept:
            return NOTHING
        return Fixations(
            np.concatenate([seen.points for _, seen in kept]),
            np.concatenate([np.full(len(seen.points), number, np.int64) for number, seen in kept]),
            None,
            np.concatenate([seen.starts for _, seen in kept if seen.starts is not None]),
            np.concatenate([seen.durations for _, seen in kept if seen.durations is not None]),
        )

    def __contains__(self, name: object) -> bool:
        return name in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


def _samples(path: Path) -> NDArray[np.float64]:
    for value in read_mat(path).values():
        entry = value.get("DATA") if isinstance(value, Mapping) else None
        first = entry[0] if isinstance(entry, list | np.ndarray) and len(entry) else entry
        samples = np.asarray(first["eyeData"]) if isinstance(first, Mapping) and "eyeData" in first else None
        if (
            samples is not None
            and samples.ndim == 2
            and samples.shape[1] >= 2
            and samples.dtype.kind in "fiu"
        ):
            return samples[:, :2].astype(np.float64)
    raise DataError(path, "it has no DATA with eyeData, rows of x and y")
