"""Upright faces seen from the front, found by scikit-image's cascade: the extra `areas`, docs/adr/0021."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.core.areas import Rectangle
from salviewer.errors import SalviewerError
from salviewer.first_use import cv2
from salviewer.results.extra_areas import check_faces

_LONGEST = 640  # pixels of the picture in which faces are looked for
_STEP = 1.15  # between two sizes of faces
_SMALLEST = 24  # pixels: the cascade's own window
_HITS = 8  # windows that must agree on a face
_SHIFT, _SCALE = 0.3, 1.6  # how far a face may lie from where it is in the mirrored picture, of its size


def find_faces(pixels: NDArray[np.uint8]) -> tuple[Rectangle, ...]:
    """Find upright faces seen from the front, largest first. Takes about a second.

    A cascade of local binary patterns, trained for OpenCV, whose weights come inside scikit-image (Viola and
    Jones, "Robust real-time face detection", IJCV 2004; Liao et al., "Learning multi-scale block local binary
    patterns for face recognition", ICB 2007). It finds patterns that are no faces, too: so a face is one only
    if it is found in the mirrored picture as well. Faces from the side and small ones are missed.

    Args:
        pixels: uint8 (H, W, 3), sRGB.

    Returns:
        rectangles without names, in fractions of the picture.

    Raises:
        SalviewerError: the extra is not installed, or it fails.
    """
    check_faces()
    scale = min(1.0, _LONGEST / max(pixels.shape[:2]))
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    if min(size) < _SMALLEST:
        return ()
    try:
        found, mirrored = _detected(small), _detected(small[:, ::-1])
    except Exception as error:
        raise SalviewerError(f"Finding faces failed ({type(error).__name__}: {error})") from error
    again = [(size[0] - x - side, y, side) for x, y, side in mirrored]
    kept = [one for one in found if any(_same(one, other) for other in again)]
    return tuple(
        Rectangle(x / size[0], y / size[1], min((x + side) / size[0], 1.0), min((y + side) / size[1], 1.0))
        for x, y, side in sorted(kept, key=lambda one: -one[2])
    )


def _detected(pixels: NDArray[np.uint8]) -> list[tuple[float, float, float]]:
    """Return left, top and side of each square, in pixels."""
    found = _cascade().detect_multi_scale(
        img=np.ascontiguousarray(pixels),
        scale_factor=_STEP,
        step_ratio=1,
        min_size=(_SMALLEST, _SMALLEST),
        max_size=(min(pixels.shape[:2]),) * 2,
        min_neighbor_number=_HITS,
    )
    return [(float(one["c"]), float(one["r"]), float(one["width"])) for one in found]


def _same(first: tuple[float, float, float], second: tuple[float, float, float]) -> bool:
    near = all(abs(a - b) <= _SHIFT * first[2] for a, b in zip(first[:2], second[:2], strict=True))
    return near and first[2] <= _SCALE * second[2] and second[2] <= _SCALE * first[2]


@lru_cache(maxsize=1)
def _cascade() -> Any:
    data: Any = import_module("skimage.data")
    feature: Any = import_module("skimage.feature")
    return feature.Cascade(data.lbp_frontal_face_cascade_filename())
