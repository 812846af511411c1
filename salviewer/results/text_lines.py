"""Lines of text in a picture, found and read by RapidOCR: the extra `areas`, docs/adr/0021."""

from __future__ import annotations

import threading
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.core.applications.known import Known
from salviewer.errors import SalviewerError
from salviewer.results.extra_areas import check_texts

_SURE = 0.5  # how certain the reader is of a text that is kept
_lock = threading.Lock()


def find_text(pixels: NDArray[np.uint8]) -> tuple[Known, ...]:
    """Find and read the lines of text in a picture, from top to bottom. Takes some seconds. Thread-safe.

    The detector is of the DB kind (Liao et al., "Real-time scene text detection with differentiable
    binarization", AAAI 2020), the reader of the PP-OCR family; their weights come inside the package, and
    the networks are kept.

    Args:
        pixels: uint8 (H, W, 3), sRGB.

    Raises:
        SalviewerError: the extra is not installed, or it fails.
    """
    check_texts()
    height, width = pixels.shape[:2]
    try:
        with _lock:
            read = _reader()(np.ascontiguousarray(pixels[..., ::-1]), use_cls=False)
    except Exception as error:
        raise SalviewerError(f"Finding texts failed ({type(error).__name__}: {error})") from error
    if read.boxes is None:
        return ()
    found = []
    for corners, text, score in zip(read.boxes, read.txts, read.scores, strict=True):
        low = np.clip(np.min(corners, axis=0) / (width, height), 0, 1)
        high = np.clip(np.max(corners, axis=0) / (width, height), 0, 1)
        if score >= _SURE and text.strip() and (low < high).all():
            box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
            found.append(Known(*box, " ".join(text.split()), "text", min(1.0, float(score))))
    return tuple(sorted(found, key=lambda line: (line.top, line.left)))


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
