"""A picture at full and at halved sizes: painting costs what the screen shows, not the whole picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from salviewer.first_use import cv2

_SMALLEST = 512  # a level up to this size needs no smaller one


@dataclass(frozen=True, slots=True, eq=False)
class Pyramid:
    """Levels of a picture, largest first, each half as long as the one before.

    Attributes:
        size: (width, height) of the picture.
        levels: images for painting. The first shares the picture's memory.
        pixels: arrays behind the images, which must live as long as they do.
    """

    size: tuple[int, int]
    levels: tuple[QImage, ...]
    pixels: tuple[NDArray[np.uint8], ...]

    @property
    def nbytes(self) -> int:
        """The memory of all levels, in bytes."""
        return sum(array.nbytes for array in self.pixels)

    def level(self, scale: float) -> QImage:
        """Return the smallest level with at least one pixel per device pixel at `scale`."""
        wanted = self.size[0] * min(scale, 1.0)
        good = [image for image in self.levels if image.width() >= wanted * 0.999]
        return good[-1] if good else self.levels[0]


def build(pixels: NDArray[np.uint8]) -> Pyramid:
    """Return the levels of an RGB picture. Takes about 6 ns per pixel: call it in a worker."""
    height, width = pixels.shape[:2]
    arrays = [np.ascontiguousarray(pixels)]
    images = [_image(arrays[0], QImage.Format.Format_RGB888)]
    small: Any = arrays[0]
    while max(small.shape[:2]) > _SMALLEST and min(small.shape[:2]) > 1:
        half = ((small.shape[1] + 1) // 2, (small.shape[0] + 1) // 2)
        small = cv2.resize(small, half, interpolation=cv2.INTER_AREA)
        arrays.append(cv2.cvtColor(small, cv2.COLOR_RGB2BGRA))
        images.append(_image(arrays[-1], QImage.Format.Format_RGB32))
    return Pyramid((width, height), tuple(images), tuple(arrays))


def _image(array: NDArray[np.uint8], form: QImage.Format) -> QImage:
    return QImage(array.data, array.shape[1], array.shape[0], array.strides[0], form)
