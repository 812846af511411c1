"""Lines of text in a picture, read by the package rapidocr where it is installed; its models come with it."""

from __future__ import annotations

import logging
import threading
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.core.applications.known import Known
from salviewer.errors import SalviewerError

_SURE = 0.5  # confidence below which a text is not taken for one
_lock = threading.Lock()
_engine: list[Any] = []  # made when it is first needed: that takes seconds


class TextReaderError(SalviewerError):
    """Text cannot be read here."""


def check_text_reader() -> None:
    """Check that text can be read.

    Raises:
        TextReaderError: the package is not installed.
    """
    if find_spec("rapidocr") is None:
        raise TextReaderError("reading text needs the package rapidocr, which is not installed")


def find_text(pixels: NDArray[np.uint8]) -> tuple[Known, ...]:
    """Find and read the lines of text in a picture, from top to bottom. Thread-safe.

    Args:
        pixels: uint8 (h, w, 3) sRGB.

    Raises:
        TextReaderError: the package, or something that it needs, is not installed.
    """
    check_text_reader()
    height, width = pixels.shape[:2]
    with _lock:
        if not _engine:
            try:
                from rapidocr import RapidOCR

                _engine.append(RapidOCR())
                logging.getLogger("RapidOCR").setLevel(logging.WARNING)
            except ImportError as error:
                raise TextReaderError(f"the package rapidocr cannot be used: {error}") from error
        read = _engine[0](np.ascontiguousarray(pixels[..., ::-1]))
    if read.boxes is None:
        return ()
    found = []
    for corners, text, score in zip(read.boxes, read.txts, read.scores, strict=True):
        low = np.clip(corners.min(axis=0) / (width, height), 0, 1)
        high = np.clip(corners.max(axis=0) / (width, height), 0, 1)
        if score >= _SURE and text.strip() and (low < high).all():
            box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
            found.append(Known(*box, " ".join(text.split()), "text", min(1.0, float(score))))
    return tuple(sorted(found, key=lambda line: (line.top, line.left)))
