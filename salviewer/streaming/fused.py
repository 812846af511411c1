"""Combine a video's maps over time, with the boxes of the user's detector if there is one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from salviewer.core.cues import Cues, CueSettings
from salviewer.core.proposals import Region
from salviewer.errors import DetectorError
from salviewer.streaming.detector import Detector


def fallback_note(error: DetectorError) -> str:
    """Return the sentence that reports a failed detector to the user."""
    return f"{error}; from there on, objects are the map's own regions"


class FusedCues:
    """`Cues` with the detector that the settings name, for use in the predicting thread only.

    A detector is loaded once objects have a weight. A detector that fails is reported once; from that frame
    on, objects are regions of the map itself.

    Args:
        settings: how maps are combined.
        on_fallback: called with the `DetectorError` of a detector that is no longer used.
    """

    def __init__(self, settings: CueSettings, on_fallback: Callable[[DetectorError], None]) -> None:
        self._on_fallback = on_fallback
        self._cues = Cues(settings)
        self._detector: Detector | None = None
        self._waits = True  # whether a named detector has yet to be loaded

    def set(self, settings: CueSettings) -> None:
        """Change how maps are combined, and forget earlier frames.

        A running detector is kept; one that failed or whose file has changed is loaded again.
        """
        self._cues = Cues(settings)
        if self._detector is None or self._detector.ref != settings.detector or self._detector.stale:
            self._detector, self._waits = None, True

    def load(self) -> None:
        """Load the detector now, if one is named and objects have a weight.

        Raises:
            DetectorError: it cannot be loaded.
        """
        settings = self._cues.settings
        if self._waits and settings.detector and settings.weights.uses("regions"):
            self._waits = False
            self._detector = Detector(settings.detector)

    def update(
        self, pixels: NDArray[np.uint8], density: NDArray[np.float32], seconds: float
    ) -> NDArray[np.float32]:
        """Update as `Cues.update` does."""
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
