"""Motion: moving parts of a picture as a cue, and maps moved along to newer frames.

Dense optical flow is DIS (Kroeger, Timofte, Dai, Van Gool: Fast optical flow using dense inverse search, ECCV
2016), at `FLOW_WIDTH` columns: a millisecond per frame.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from salviewer.first_use import cv2

FLOW_WIDTH = 256
"""Width of the frames for optical flow, in pixels."""

_LEAST = 16  # least pixels per side for optical flow
_TALLEST = 16  # largest height / width; a strip of one column would otherwise stay at its full height
_SAMPLE = 6  # cells between two points of the camera's fit
_NOISE = 0.002  # of the frame's diagonal: slower motion counts as none
_STRONG = 0.02  # of the diagonal per frame: faster motion is not more salient
_MARGIN = 0.1  # of the width: flow is wrong this far from an edge that comes into view
_SPECK = 0.0005  # of the frame: a smaller moving part is an error of the flow


def reduced(pixels: NDArray[np.uint8], width: int = FLOW_WIDTH) -> NDArray[np.uint8]:
    """Return a reduced frame for motion and cuts: uint8, (h, w, 3), w <= `width`, of the same aspect ratio.

    Both sides have at least 16 pixels, as optical flow and tracking require.

    A large frame is sampled at twice the size first: averaging all its pixels would cost more than the flow.
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
    """Return `reduced` in grey, as `flow` needs it: uint8, (h, w)."""
    return grey_of(reduced(pixels, width))


def grey_of(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a colour picture in grey: uint8, (h, w)."""
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)


def flow(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return where each pixel of `first` is in `second`.

    Args:
        first, second: `small_grey` of two frames, of one shape.

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
    if below or right:  # on wide, low frames, OpenCV's own pyramid reads beyond its memory
        first, second = (
            np.asarray(cv2.copyMakeBorder(grey, 0, below, 0, right, cv2.BORDER_REFLECT), np.uint8)
            for grey in (first, second)
        )
    # A new one for each call: it has state and is not thread-safe; creation takes microseconds.
    dis = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
    found = dis.calc(first, second, np.zeros((*first.shape, 2), np.float32))
    return np.ascontiguousarray(found[:height, :width], np.float32)


def camera_motion(field: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the part of a flow that the camera's motion explains: (h, w, 2).

    A similarity (pan, zoom, roll) is fitted to the whole frame by RANSAC, so that moving objects do not bias
    it (as Odobez and Bouthemy, Robust multiresolution estimation of parametric motion models, 1995, with a
    dominant motion and outliers). If no fit is found, the median shift is used.
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
    """Return what moves by itself, as a density: speed against the background, without camera motion.

    Motion contrast draws the eye (Itti, Dhavale, Pighin: Realistic avatar eye and head animation using a
    neurobiological model of visual attention, 2003; Mital et al., Clustering of gaze during dynamic scene
    viewing is predicted by motion, 2011).

    Args:
        field: the `flow` from the frame before to this one, or back.
        shape: (rows, columns) of the map.
        seconds: between the two frames; speeds are converted to 30 frames per second.

    Returns:
        float32, `shape`, sums to 1; None if nothing moves.
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
    """Move a map of an older frame to a newer one.

    Args:
        density: float32, (h, w), sums to 1, of the older frame.
        back: the `flow` from the newer frame to the older one, (rows, columns, 2), of any resolution.

    Returns:
        float32, (h, w), non-negative, sums to 1.
    """
    height, width = density.shape
    rows, columns = back.shape[:2]
    calm = cv2.GaussianBlur(back, (0, 0), 2.0)  # single wrong vectors would tear the smooth map
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
    """Return where the camera's motion comes from outside the frame, with nothing to compare with."""
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
