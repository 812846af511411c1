"""Resize arrays in one way for training, evaluation and use, so that they agree."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from salviewer.first_use import cv2

_MOST_ROWS = 63  # of a sum, which has to fit into 16 bits and not to take too many steps
_MOST_PARTS = 8  # outputs with different weights; with more, OpenCV is as quick


def resize(pixels: NDArray[np.generic], size: tuple[int, int]) -> NDArray[np.generic]:
    """Stretch an (H, W) or (H, W, C) array to ``size`` = (height, width).

    Averages over areas when shrinking, interpolates linearly when enlarging; each axis gets its own filter.
    """
    height, width = size
    result: NDArray[np.generic] = pixels
    for new_height, new_width in ((height, result.shape[1]), (height, width)):
        if result.shape[:2] != (new_height, new_width):
            averaged = _rows_averaged(result, new_height) if new_height < result.shape[0] else None
            if averaged is not None:
                result = averaged
                continue
            shrinks = new_height < result.shape[0] or new_width < result.shape[1]
            how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
            result = cv2.resize(result, (new_width, new_height), interpolation=how)  # type: ignore[arg-type]
    return result


def _rows_averaged(pixels: NDArray[np.generic], rows: int) -> NDArray[np.uint8] | None:
    """Shrink to `rows` as OpenCV's INTER_AREA does, bit for bit, in a fifth of its time.

    With height / rows = whole / parts, each output row is a sum of input rows with integer weights, divided
    by `whole`. If that is odd, no quotient lies in the middle of two values, and all ways to round agree.

    Returns:
        None if the ratio is not of that kind.
    """
    height = len(pixels)
    common = math.gcd(height, rows)
    whole, parts = height // common, rows // common
    exact = whole % 2 == 1 and whole <= _MOST_ROWS and parts <= _MOST_PARTS
    if not exact or pixels.dtype != np.uint8 or not pixels.flags.c_contiguous:
        return None
    lines: NDArray[np.uint8] = np.asarray(pixels, np.uint8).reshape(height, -1)
    result = np.empty((rows, *pixels.shape[1:]), np.uint8)
    for part, made in enumerate(result.reshape(common, parts, -1).swapaxes(0, 1)):
        begin, end = part * whole, (part + 1) * whole
        sums: dict[int, NDArray[np.uint16]] = {}
        for row in range(begin // parts, -(-end // parts)):
            weight = min(end, (row + 1) * parts) - max(begin, row * parts)
            taken = lines[row::whole]
            if weight in sums:
                sums[weight] += taken
            else:
                sums[weight] = taken.astype(np.uint16)
        total = sum(each * np.uint16(weight) for weight, each in sums.items()) + np.uint16(whole // 2)
        made[:] = total // np.uint16(whole)
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
