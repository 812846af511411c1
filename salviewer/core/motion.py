"""Motion: what moves against the background as a cue, and a map moved on to a newer frame.

Dense optical flow is DIS (Kroeger, Timofte, Dai, Van Gool: Fast optical flow using dense inverse search, ECCV
2016), at `FLOW_WIDTH` columns: a millisecond a frame.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

FLOW_WIDTH = 256
"""Columns of the frames that flow is computed on."""

_LEAST = 16  # pixels a side that optical flow takes
_TALLEST = 16  # times as tall as wide: a strip of one column would become a frame of its full height
_SAMPLE = 6  # cells between two points of the camera's fit
_NOISE = 0.002  # of the frame's diagonal: what moves less is standing still
_STRONG = 0.02  # of the diagonal a frame: what moves more is not more salient
_MARGIN = 0.1  # of the width, at an edge that comes into view: flow is wrong so far in
_SPECK = 0.0005  # of the frame: less that moves is an error of the flow


def reduced(pixels: NDArray[np.uint8], width: int = FLOW_WIDTH) -> NDArray[np.uint8]:
    """A frame as motion and cuts are looked for in: uint8, (h, w, 3), w = `width` or less, the same shape.

    Both sides are at least 16 pixels, whatever the frame's: optical flow and tracking take no less.

    Of a large frame every pixel's average would cost more than the flow; it is sampled at twice the size.
    """
    height, columns = pixels.shape[:2]
    wide = max(_LEAST, min(width, columns))
    high = min(max(_LEAST, round(height * wide / columns)), _TALLEST * wide)
    if columns > 4 * wide:
        pixels = np.asarray(
            cv2.resize(pixels, (2 * wide, 2 * high), interpolation=cv2.INTER_LINEAR), np.uint8
        )
    return np.asarray(cv2.resize(pixels, (wide, high), interpolation=cv2.INTER_AREA), np.uint8)


def small_grey(pixels: NDArray[np.uint8], width: int = FLOW_WIDTH) -> NDArray[np.uint8]:
    """`reduced` in grey, as `flow` takes it: uint8, (h, w)."""
    return grey_of(reduced(pixels, width))


def grey_of(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A colour picture in grey: uint8, (h, w)."""
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)


def flow(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Where each pixel of `first` is in `second`.

    Args:
        first, second: `small_grey` of two frames, of one shape, of any size.

    Returns:
        float32, (h, w, 2): (dx, dy) in pixels of these frames.

    Raises:
        ValueError: their shapes differ.
    """
    if first.shape != second.shape:
        raise ValueError(f"flow is between frames of one size, not {first.shape} and {second.shape}")
    height, width = first.shape
    below = max(0, width // 2 - height, _LEAST - height)
    right = max(0, _LEAST - width)
    if below or right:  # OpenCV's own pyramid ends in memory that is not its own on wide, low frames
        first, second = (
            np.asarray(cv2.copyMakeBorder(grey, 0, below, 0, right, cv2.BORDER_REFLECT), np.uint8)
            for grey in (first, second)
        )
    # One a call: they keep state and are not for several threads; making one costs microseconds.
    dis = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
    found = dis.calc(first, second, np.zeros((*first.shape, 2), np.float32))
    return np.ascontiguousarray(found[:height, :width], np.float32)


def camera_motion(field: NDArray[np.float32]) -> NDArray[np.float32]:
    """The part of a flow that the camera's own motion explains: (h, w, 2).

    A similarity (pan, zoom, roll) is fitted to all of the frame by RANSAC, so that what moves by itself
    does not pull it along (as Odobez and Bouthemy, Robust multiresolution estimation of parametric motion
    models, 1995, with a dominant motion and outliers). Where nothing fits, the median shift.
    """
    height, width = field.shape[:2]
    y, x = (part.astype(np.float32) for part in np.mgrid[0:height, 0:width])
    at = np.stack([x[::_SAMPLE, ::_SAMPLE], y[::_SAMPLE, ::_SAMPLE]], axis=-1).reshape(-1, 2)
    to = at + field[::_SAMPLE, ::_SAMPLE].reshape(-1, 2)
    cv2.setRNGSeed(0)
    found, _ = cv2.estimateAffinePartial2D(at, to, method=cv2.RANSAC, ransacReprojThreshold=0.7, maxIters=200)
    if found is None or not np.isfinite(found).all():
        shift = np.median(to - at, axis=0).astype(np.float32)
        return np.broadcast_to(shift, field.shape).astype(np.float32)
    a = found.astype(np.float32)
    moved = np.stack([a[0, 0] * x + a[0, 1] * y + a[0, 2] - x, a[1, 0] * x + a[1, 1] * y + a[1, 2] - y], -1)
    return np.asarray(moved, np.float32)


def motion_map(
    field: NDArray[np.float32], shape: tuple[int, int], seconds: float = 1 / 30
) -> NDArray[np.float32] | None:
    """What moves by itself, as a density: speed against the background, camera motion removed.

    Motion contrast draws the eye (Itti, Dhavale, Pighin: Realistic avatar eye and head animation using a
    neurobiological model of visual attention, 2003; Mital et al., Clustering of gaze during dynamic scene
    viewing is predicted by motion, 2011).

    Args:
        field: the `flow` from the frame before to this one, or back.
        shape: (rows, columns) of the map.
        seconds: between the two frames; speeds are counted as at 30 frames a second.

    Returns:
        float32, `shape`, sums to 1; None when nothing moves.
    """
    height, width = field.shape[:2]
    camera = camera_motion(field)
    rest = field - camera
    speed = cv2.magnitude(rest[..., 0], rest[..., 1]) / np.float32(np.hypot(height, width))
    speed = speed * np.float32(1 / max(30 * seconds, 0.1))
    strength = np.clip((speed - _NOISE) / (_STRONG - _NOISE), 0, 1)
    strength[_unseen(camera)] = 0
    if strength.mean() < _SPECK:
        return None
    spread = cv2.GaussianBlur(strength, (0, 0), 0.02 * width, borderType=cv2.BORDER_REFLECT)
    fitted = cv2.resize(spread, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(fitted / np.float32(fitted.sum(dtype=np.float64)), np.float32)


def move_map(density: NDArray[np.float32], back: NDArray[np.float32]) -> NDArray[np.float32]:
    """A map of an older frame as it lies on a newer one.

    Args:
        density: float32, (h, w), sums to 1, of the older frame.
        back: the `flow` from the newer frame to the older one, (rows, columns, 2), of any resolution.

    Returns:
        float32, (h, w), non-negative, sums to 1.
    """
    height, width = density.shape
    rows, columns = back.shape[:2]
    calm = cv2.GaussianBlur(back, (0, 0), 2.0)  # a map is smooth; single wrong vectors would tear it
    fitted = cv2.resize(calm, (width, height), interpolation=cv2.INTER_LINEAR)
    x, y = _grid(height, width)
    moved = cv2.remap(
        density,
        x + fitted[..., 0] * np.float32(width / columns),
        y + fitted[..., 1] * np.float32(height / rows),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    total = float(moved.sum(dtype=np.float64))
    return np.asarray(moved / np.float32(total), np.float32) if total > 0 else density


def _unseen(camera: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Where the camera's motion comes from outside the frame, so that there was nothing to compare with."""
    height, width = camera.shape[:2]
    x, y = _grid(height, width)
    to_x, to_y = x + camera[..., 0], y + camera[..., 1]
    margin = _MARGIN * width
    outside = (to_x < margin) | (to_x > width - 1 - margin) | (to_y < margin) | (to_y > height - 1 - margin)
    return np.asarray(outside & (cv2.magnitude(camera[..., 0], camera[..., 1]) > 0.5))


@lru_cache(maxsize=4)
def _grid(height: int, width: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    y, x = np.mgrid[0:height, 0:width]
    return x.astype(np.float32), y.astype(np.float32)
