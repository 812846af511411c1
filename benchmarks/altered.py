"""Alter pictures: corrupt, crop to an aspect ratio, letterbox. No network runs here."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import checkout  # noqa: F401
import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from salviewer.models.preprocess import MEAN, resize

Pixels = NDArray[np.uint8]
Cells = NDArray[np.int64]
Fill = Literal["grey", "edges"]


def unchanged(pixels: Pixels) -> Pixels:
    """Return the stimuli unchanged, as a baseline for corruptions."""
    return pixels


def darkened(pixels: Pixels, factor: float) -> Pixels:
    """Multiply sRGB values by `factor` and round to 8 bits, as a camera does."""
    dark: Pixels = np.rint(pixels * factor).astype(np.uint8)
    return dark


def blurred(pixels: Pixels, sigma: float) -> Pixels:
    """Blur with a Gaussian of `sigma` pixels."""
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), sigma, borderType=cv2.BORDER_REFLECT), np.uint8)


def noisy(pixels: Pixels, sigma: float) -> Pixels:
    """Add Gaussian noise of `sigma` levels of 255; a picture always gets the same noise."""
    noise = np.random.default_rng(zlib.crc32(pixels.tobytes())).normal(0, sigma, pixels.shape)
    return np.rint(pixels + noise).clip(0, 255).astype(np.uint8)


def compressed(pixels: Pixels, quality: int) -> Pixels:
    """Compress with JPEG at this quality and decode."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=quality)
    return np.array(Image.open(file))


def grey(pixels: Pixels) -> Pixels:
    """Replace colours by luma (Rec. 601)."""
    return np.array(Image.fromarray(pixels).convert("L").convert("RGB"))


CORRUPTIONS: dict[str, Callable[[Pixels], Pixels]] = {
    "darkness, x 0.25": partial(darkened, factor=0.25),
    "darkness, x 0.1": partial(darkened, factor=0.1),
    "blur, sigma 2": partial(blurred, sigma=2.0),
    "blur, sigma 4": partial(blurred, sigma=4.0),
    "noise, sigma 25": partial(noisy, sigma=25.0),
    "JPEG, quality 10": partial(compressed, quality=10),
    "grey": grey,
}
"""By title: uint8 (h, w, 3) to the same shape; meant for stimuli of 240x320."""


@dataclass(frozen=True, slots=True)
class Window:
    """A window of an array, in whole cells."""

    top: int
    left: int
    height: int
    width: int

    @property
    def size(self) -> tuple[int, int]:
        """(height, width)."""
        return self.height, self.width

    def of(self, array: NDArray[Any]) -> NDArray[Any]:
        """Return that part of (h, w, ...), as a view."""
        return array[self.top : self.top + self.height, self.left : self.left + self.width]

    def within(self, cells: Cells) -> Cells:
        """Return those of (n, 2) of (row, column) that are inside, relative to its corner."""
        moved = cells - (self.top, self.left)
        return moved[((moved >= 0) & (moved < self.size)).all(axis=1)]


def best_window(size: tuple[int, int], ratio: tuple[int, int], cells: Cells) -> Window:
    """Find the largest window of an aspect ratio, where it keeps the most fixations.

    Among several such places, the one nearest to the fixations' mean.

    Args:
        size: (height, width) of the picture.
        ratio: width to height.
        cells: (n, 2) fixated pixels, (row, column), n >= 1.
    """
    across, down = ratio
    shape = (
        min(size[0], max(1, round(size[1] * down / across))),
        min(size[1], max(1, round(size[0] * across / down))),
    )
    top, left = (_place(size[axis], shape[axis], cells[:, axis]) for axis in (0, 1))
    return Window(top, left, *shape)


def _place(length: int, part: int, places: Cells) -> int:
    below = np.concatenate([[0], np.bincount(places, minlength=length).cumsum()])
    kept = below[part:] - below[: length - part + 1]
    starts = np.flatnonzero(kept == kept.max())
    away = np.abs(starts + part / 2 - (places.mean() + 0.5))
    return int(starts[away.argmin()])


def fitted(size: tuple[int, int], frame: tuple[int, int]) -> Window:
    """Return the part of a frame that a picture fills when fitted in the middle; both (height, width)."""
    scale = min(frame[0] / size[0], frame[1] / size[1])
    height, width = (max(1, min(frame[axis], round(size[axis] * scale))) for axis in (0, 1))
    return Window((frame[0] - height) // 2, (frame[1] - width) // 2, height, width)


def letterboxed(pixels: Pixels, frame: tuple[int, int], fill: Fill) -> Pixels:
    """Fit a picture inside a frame of (height, width), with mean grey or continued edges around it."""
    part = fitted(pixels.shape[:2], frame)
    small = np.asarray(resize(pixels, part.size), np.uint8)
    below, right = frame[0] - part.top - part.height, frame[1] - part.left - part.width
    how = cv2.BORDER_REPLICATE if fill == "edges" else cv2.BORDER_CONSTANT
    mean = (round(255 * MEAN),) * 3
    return np.asarray(cv2.copyMakeBorder(small, part.top, below, part.left, right, how, value=mean), np.uint8)


def unboxed(
    density: NDArray[np.float32], size: tuple[int, int], frame: tuple[int, int]
) -> NDArray[np.float32]:
    """Cut a letterboxed picture's own part out of its map, at the picture's size.

    Args:
        density: (h, w) over the whole frame, of any resolution.
        size, frame: (height, width) of the picture and of the frame it was fitted into.

    Returns:
        float32 of `size`; sums to 1.
    """
    part = fitted(size, frame).of(np.asarray(resize(density, frame), np.float32))
    own = np.array(resize(part, size), np.float32)
    own /= own.sum()
    return own
