"""The user's own detector and captioner for still pictures."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from salviewer.core.applications.known import Known
from salviewer.core.applications.uses import Find, Helpers
from salviewer.errors import DetectorError
from salviewer.streaming.detector import Detector, describe_error, function_in, run_file, split

CAPTION_FUNCTION = "caption"
"""The function of a captioner's file for which none is named."""


def objects_of(detector: Detector) -> Find:
    """Return a function that finds a detector's objects in a picture, with their labels.

    It raises `DetectorError` where the detector fails.
    """

    def find(pixels: NDArray[np.uint8]) -> tuple[Known, ...]:
        return tuple(
            Known(left, top, right, bottom, label, "object", weight)
            for left, top, right, bottom, weight, label in detector.boxes(pixels)
            if left < right and top < bottom
        )

    return find


class Captioner:
    """A function ``caption(parts)`` that was found in a file.

    It is given parts of a picture in the order in which people look, each uint8 (h, w, 3) sRGB, and returns a
    text for each.

    Args:
        ref: ``FILE.py`` or ``FILE.py:FUNCTION``. The file's code is run.

    Raises:
        DetectorError: there is no such file or function, or the file cannot be run.
    """

    def __init__(self, ref: str) -> None:
        self._path, self._name = split(ref, CAPTION_FUNCTION)
        module = run_file(self, self._path, "a captioner")
        self._function = function_in(self._path, self._name, module)

    def caption(self, parts: list[NDArray[np.uint8]]) -> list[str]:
        """Return a text for each part.

        Raises:
            DetectorError: the function raised, or returned something else.
        """
        try:
            found = self._function(parts)
        except (Exception, SystemExit) as error:
            message = f"{self._name} raised {describe_error(error, self._path)}"
            raise DetectorError(self._path, message) from error
        if not isinstance(found, list | tuple) or not all(isinstance(text, str) for text in found):
            raise DetectorError(self._path, f"{self._name} returned no list of texts")
        if len(found) != len(parts):
            message = f"{self._name} returned {len(found)} texts for {len(parts)} parts"
            raise DetectorError(self._path, message)
        return list(found)


def helpers_of(detector: str, captioner: str = "") -> Helpers:
    """Load a detector and a captioner, ``FILE.py[:FUNCTION]``; nothing for "".

    Raises:
        DetectorError: one cannot be loaded.
    """
    finders = (("the detector", objects_of(Detector(detector))),) if detector else ()
    return Helpers(finders, Captioner(captioner).caption if captioner else None)
