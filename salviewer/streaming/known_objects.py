"""A user's detector as what finds objects in still pictures."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from salviewer.core.applications.known import Known
from salviewer.core.applications.uses import Find, Helpers
from salviewer.streaming.detector import Detector


def objects_of(detector: Detector) -> Find:
    """Return a function that finds a detector's objects in a picture, with their labels.

    It raises `DetectorError` where the detector fails.
    """

    def find(pixels: NDArray[np.uint8]) -> tuple[Known, ...]:
        return tuple(
            Known(each.left, each.top, each.right, each.bottom, each.label, "object", each.score)
            for each in detector.find(pixels)
        )

    return find


def helpers_of(detector: str) -> Helpers:
    """Load a detector, ``FILE.py[:FUNCTION]``; nothing for "".

    Raises:
        DetectorError: it cannot be loaded.
    """
    if not detector:
        return Helpers()
    return Helpers(finders=(("the detector", objects_of(Detector(detector))),))
