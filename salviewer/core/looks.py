"""The same picture, slightly otherwise: mirrored, or moved a little. How a prediction holds under that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from salviewer.core.compare import shares_of_cells
from salviewer.core.saliency_map import SaliencyMap
from salviewer.first_use import cv2

SHIFT = 0.03
"""The distance to move a picture, in fractions of its width or height."""

_LONGEST = 1280  # pixels of what is looked at again; more than any network takes in


@dataclass(frozen=True, slots=True)
class Look:
    """One way to present a picture.

    Attributes:
        mirrored: left and right are swapped.
        left, top, right, bottom: the margin on each side, >= 0, in fractions of the picture's width or
            height; it repeats the pixels of the border.
    """

    mirrored: bool = False
    left: float = 0.0
    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0

    def apply(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Present a picture like this: uint8 (H, W, 3) in, larger by the margins out."""
        shown = pixels[:, ::-1] if self.mirrored else pixels
        left, top, right, bottom = self._margins((pixels.shape[1], pixels.shape[0]))
        framed = cv2.copyMakeBorder(
            np.ascontiguousarray(shown), top, bottom, left, right, cv2.BORDER_REPLICATE
        )
        return np.asarray(framed, np.uint8)

    def undo(self, density: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.float32]:
        """Bring a map of the presented picture back onto the picture itself.

        Args:
            density: (h, w), of the picture with its margins.
            size: (width, height) in pixels of what `apply` was given.

        Returns:
            float32 (h, w) of the picture alone, exact to the part of a cell, sums to 1 unless all of it fell
            on the margins.
        """
        left, top, right, bottom = self._margins(size)
        rows = shares_of_cells(density.shape[0], density.shape[0], _span(top, size[1], bottom))
        columns = shares_of_cells(density.shape[1], density.shape[1], _span(left, size[0], right))
        kept = rows @ density.astype(np.float64) @ columns.T
        total = float(kept.sum())
        kept = kept / total if total > 0 else kept
        return (kept[:, ::-1] if self.mirrored else kept).astype(np.float32)

    def _margins(self, size: tuple[int, int]) -> tuple[int, int, int, int]:
        width, height = size
        return (
            round(self.left * width),
            round(self.top * height),
            round(self.right * width),
            round(self.bottom * height),
        )


def _span(before: int, size: int, after: int) -> tuple[float, float]:
    whole = before + size + after
    return before / whole, (before + size) / whole


LOOKS: tuple[Look, ...] = tuple(
    Look(mirrored, **margin)
    for mirrored in (False, True)
    for margin in ({}, {"left": SHIFT}, {"right": SHIFT}, {"top": SHIFT}, {"bottom": SHIFT})
)
"""The picture as it is, then moved to each side, then the same five mirrored."""


def looked_at(
    predict: Callable[[NDArray[np.uint8]], SaliencyMap], pixels: NDArray[np.uint8]
) -> tuple[SaliencyMap, ...]:
    """Predict a picture under all `LOOKS`, each map brought back onto the picture.

    Args:
        predict: from uint8 (H, W, 3) to a map.
        pixels: the picture, any size; scaled down before it is moved.

    Returns:
        one map a look, with the source size of `pixels`; the first is of the picture as it is.
    """
    size = (pixels.shape[1], pixels.shape[0])
    first = predict(pixels)
    small = _scaled(pixels)
    maps = [first]
    for look in LOOKS[1:]:
        found = predict(look.apply(small))
        density = look.undo(found.density, (small.shape[1], small.shape[0]))
        maps.append(SaliencyMap(density, size, found.model, found.device))
    return tuple(maps)


def _scaled(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    scale = _LONGEST / max(height, width)
    if scale >= 1:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
