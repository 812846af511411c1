"""Combine a video's maps over time, with the boxes of the user's detector where one is named."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from salviewer.core.cues import Cues, CueSettings
from salviewer.core.proposals import Region
from salviewer.errors import DetectorError
from salviewer.streaming.detector import Detector


def fallback_note(error: DetectorError) -> str:
    """Return the sentence that tells the user of it."""
    return f"{error}; objects are the map's own regions from there on"


class FusedCues:
    """`Cues` that ask the detector which the settings name. It belongs to the thread that predicts.

    A detector is loaded when objects count at all. One that fails is told of once, and objects are regions
    of the map itself from that frame on.

    Args:
        settings: how maps are combined.
        on_fallback: takes the `DetectorError` of a detector that is not asked any more.
    """

    def __init__(self, settings: CueSettings, on_fallback: Callable[[DetectorError], None]) -> None:
        self._on_fallback = on_fallback
        self._cues = Cues(settings)
        self._detector: Detector | None = None
        self._waits = True  # whether a detector that is named is yet to be loaded

    def set(self, settings: CueSettings) -> None:
        """Change how maps are combined, and forget earlier frames.

        A detector that runs goes on; one that failed, or whose file was written since, is loaded anew.
        """
        self._cues = Cues(settings)
        if self._detector is None or self._detector.ref != settings.detector or self._detector.stale:
            self._detector, self._waits = None, True

    def load(self) -> None:
        """Load the detector now, if one is named and objects count.

        Raises:
            DetectorError: it cannot be.
        """
        settings = self._cues.settings
        if self._waits and settings.detector and settings.weights.uses("regions"):
            self._waits = False
            self._detector = Detector(settings.detector)

    def update(
        self, pixels: NDArray[np.uint8], density: NDArray[np.float32], seconds: float
    ) -> NDArray[np.float32]:
        """As `Cues.update`."""
        return self._cues.update(pixels, density, seconds, self._boxes(pixels))

    def _boxes(self, pixels: NDArray[np.uint8]) -> tuple[Region, ...] | None:
        try:
            self.load()
            if self._detector is not None and self._cues.settings.weights.uses("regions"):
                return self._detector.find(pixels)
        except DetectorError as error:
            self._detector = None
            self._on_fallback(error)
        return None
