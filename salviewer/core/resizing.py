"""Resize arrays in one way for training, evaluation and use, so that they agree."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from salviewer.first_use import cv2


def resize(pixels: NDArray[np.generic], size: tuple[int, int]) -> NDArray[np.generic]:
    """Stretch an (H, W) or (H, W, C) array to ``size`` = (height, width).

    Averages over areas when shrinking, interpolates linearly when enlarging; each axis gets its own filter.
    """
    height, width = size
    result: NDArray[np.generic] = pixels
    for new_height, new_width in ((height, result.shape[1]), (height, width)):
        if result.shape[:2] != (new_height, new_width):
            shrinks = new_height < result.shape[0] or new_width < result.shape[1]
            how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
            result = cv2.resize(result, (new_width, new_height), interpolation=how)  # type: ignore[arg-type]
    return result


def fit(pixels: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """Scale a picture into a frame of another size, with its aspect ratio kept and black margins.

    Args:
        pixels: uint8, (H, W, 3).
        size: (width, height) of the result.

    Returns:
        uint8, (height, width, 3); `pixels` itself if it has that size.
    """
    width, height = size
    if pixels.shape[:2] == (height, width):
        return pixels
    scale = min(width / pixels.shape[1], height / pixels.shape[0])
    inner = [
        full if abs(scale * own - full) <= 1 else max(1, round(scale * own))  # no black line by rounding
        for full, own in ((height, pixels.shape[0]), (width, pixels.shape[1]))
    ]
    scaled = np.asarray(resize(pixels, (inner[0], inner[1])), np.uint8)
    if scaled.shape[:2] == (height, width):
        return scaled
    framed = np.zeros((height, width, 3), np.uint8)
    top, left = (height - inner[0]) // 2, (width - inner[1]) // 2
    framed[top : top + inner[0], left : left + inner[1]] = scaled
    return framed
