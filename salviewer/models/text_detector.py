"""Lines of text in a picture, found and read by RapidOCR: the extra `areas`, docs/adr/0021."""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.core.suggesting import TextLine
from salviewer.errors import SalviewerError

_LEAST = 0.5  # how certain the reader is of a text that is kept


def texts_possible() -> bool:
    """Return whether texts can be found here: the extra `areas` is installed."""
    return find_spec("rapidocr") is not None and find_spec("omegaconf") is not None


def find_texts(pixels: NDArray[np.uint8]) -> tuple[TextLine, ...]:
    """Find and read lines of text. Takes some seconds; the networks are kept.

    The detector is of the DB kind (Liao et al., "Real-time scene text detection with differentiable
    binarization", AAAI 2020), the reader of the PP-OCR family; their weights come inside the package.

    Args:
        pixels: uint8 (H, W, 3), sRGB.

    Raises:
        SalviewerError: the extra is not installed, or it fails.
    """
    if not texts_possible():
        raise SalviewerError("Finding texts needs rapidocr; install it with: pip install salviewer[areas]")
    height, width = pixels.shape[:2]
    try:
        found = _reader()(np.ascontiguousarray(pixels[..., ::-1]), use_cls=False)
    except Exception as error:
        raise SalviewerError(f"Finding texts failed ({type(error).__name__}: {error})") from error
    if found.boxes is None:
        return ()
    lines = []
    for corners, text, certainty in zip(found.boxes, found.txts, found.scores, strict=True):
        (left, top), (right, bottom) = np.min(corners, axis=0), np.max(corners, axis=0)
        if certainty >= _LEAST and text.strip() and right > left and bottom > top:
            box = (float(left / width), float(top / height), float(right / width), float(bottom / height))
            lines.append(TextLine(*box, " ".join(text.split())))
    return tuple(lines)


@lru_cache(maxsize=1)
def _reader() -> Any:
    from rapidocr import EngineType, RapidOCR

    kind = EngineType.OPENVINO if find_spec("openvino") is not None else EngineType.ONNXRUNTIME
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Det.engine_type": kind,
            "Cls.engine_type": kind,
            "Rec.engine_type": kind,
        }
    )
