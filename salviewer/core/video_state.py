"""Move a recurrent network's state along with the motion of the picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from salviewer.core import motion
from salviewer.first_use import cv2

FLOW_WIDTH = 160
"""Width in pixels of the frames that the motion of a state is found in: four to a cell of a state."""


def grey_for_flow(stimulus: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a frame, uint8 (h, w, 3), in grey at `FLOW_WIDTH`."""
    return motion.small_grey(stimulus, FLOW_WIDTH)


def cell_flow(
    now: NDArray[np.uint8], before: NDArray[np.uint8], size: tuple[int, int]
) -> NDArray[np.float32]:
    """Return where each cell of a state was in the frame before.

    Args:
        now, before: from `grey_for_flow`, of one shape.
        size: (height, width) of the state.

    Returns:
        float32 (height, width, 2): (dx, dy) in cells.
    """
    field = motion.flow(now, before)
    rows, columns = field.shape[:2]
    cells = cv2.resize(field, (size[1], size[0]), interpolation=cv2.INTER_AREA)
    scale = np.array([size[1] / columns, size[0] / rows], np.float32)
    return np.asarray(cells * scale, np.float32)


def moved(state: NDArray[np.float32], field: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the state moved along with the picture, interpolated bilinearly; borders are repeated.

    Args:
        state: float32 (channels, height, width).
        field: from `cell_flow`.
    """
    channels, height, width = state.shape
    y, x = np.mgrid[:height, :width].astype(np.float32)
    x = np.clip(x + field[..., 0], 0, width - 1)
    y = np.clip(y + field[..., 1], 0, height - 1)
    left, top = np.floor(x).astype(np.intp), np.floor(y).astype(np.intp)
    right, below = np.minimum(left + 1, width - 1), np.minimum(top + 1, height - 1)
    across, down = x - left, y - top
    flat = state.reshape(channels, -1)
    result = np.zeros((channels, height * width), np.float32)
    for rows, columns, share in (
        (top, left, (1 - down) * (1 - across)), (top, right, (1 - down) * across),
        (below, left, down * (1 - across)), (below, right, down * across),
    ):  # fmt: skip
        result += flat.take((rows * width + columns).ravel(), axis=1) * share.ravel().astype(np.float32)
    return result.reshape(state.shape)
