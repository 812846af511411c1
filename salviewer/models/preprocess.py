"""Convert a picture to a network's input."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from salviewer.core.resizing import resize

__all__ = ["MEAN", "STD", "normalised", "resize"]

MEAN = 0.5
STD = 0.5


def normalised(stimuli: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Convert uint8 (..., 3) to float32 with mean 0.5 and standard deviation 0.5: values in -1..1."""
    return (stimuli.astype(np.float32) * np.float32(1 / (255 * STD))) - np.float32(MEAN / STD)
