"""One resize for training, evaluation and use, so that they agree."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


def resize(pixels: NDArray[np.generic], size: tuple[int, int]) -> NDArray[np.generic]:
    """Stretch an (H, W) or (H, W, C) array to ``size`` = (height, width).

    Averages over areas when shrinking, interpolates linearly when growing; each axis gets the filter it
    needs.
    """
    height, width = size
    result: NDArray[np.generic] = pixels
    for new_height, new_width in ((height, result.shape[1]), (height, width)):
        if result.shape[:2] != (new_height, new_width):
            shrinks = new_height < result.shape[0] or new_width < result.shape[1]
            how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
            result = cv2.resize(result, (new_width, new_height), interpolation=how)  # type: ignore[arg-type]
    return result
