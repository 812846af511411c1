"""The tracks of a video, noted frame by frame."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from salviewer.core.applications.tracks import Ending, Tracker, TrackPoint, TrackSettings
from salviewer.core.resizing import fit
from salviewer.media.video.frames import Frame


class Tracks(Protocol):
    """The regions followed through a video, as files of them need it."""

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of the frames."""

    @property
    def points(self) -> tuple[TrackPoint, ...]:
        """All tracks, frame by frame."""

    @property
    def endings(self) -> dict[int, tuple[Ending, int]]:
        """Why each track ended, as of `Tracker`."""


class TrackLog:
    """Follows regions and keeps where they were.

    Args:
        settings: what is followed.
    """

    def __init__(self, settings: TrackSettings | None = None) -> None:
        self._tracker = Tracker(settings)
        self._points: list[TrackPoint] = []
        self._size: tuple[int, int] | None = None

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of the first frame; (1, 1) before it."""
        return self._size or (1, 1)

    @property
    def points(self) -> tuple[TrackPoint, ...]:
        """All tracks so far, frame by frame."""
        return tuple(self._points)

    @property
    def endings(self) -> dict[int, tuple[Ending, int]]:
        """Why each track ended, as of `Tracker`."""
        return dict(self._tracker.endings)

    def take(self, frame: Frame, density: NDArray[np.float32]) -> tuple[TrackPoint, ...]:
        """Follow into the next frame; return where each track is there.

        Args:
            frame: scaled to the size of the first where it has another.
            density: its map, (h, w), sums to 1.
        """
        height, width = frame.pixels.shape[:2]
        self._size = self._size or (width, height)
        pixels = frame.pixels if (width, height) == self._size else fit(frame.pixels, self._size)
        points = self._tracker.update(pixels, density, frame.index, frame.seconds)
        self._points += points
        return points
