"""Augment training pictures: crop, recolour, degrade. All randomness comes from the given generator."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from salviewer.first_use import cv2

Floats = NDArray[np.float32]


def other_shape(height: int, width: int, random: np.random.Generator) -> tuple[int, int]:
    """Return (rows, columns) of the largest window of a random aspect ratio; a picture is shown at 4:3."""
    ratio = math.exp(random.uniform(math.log(9 / 16), math.log(21 / 9)))
    stretched = ratio / (4 / 3)
    return round(height * min(1.0, 1 / stretched)), round(width * min(1.0, stretched))


def cut(
    stimulus: NDArray[np.uint8],
    target: Floats,
    points: Floats,
    window: tuple[int, int],
    random: np.random.Generator,
) -> tuple[NDArray[np.uint8], Floats, Floats]:
    """Return a random window; the whole picture if the window holds less than half of the attention."""
    (height, width), (rows, columns) = target.shape, window
    top, left = int(random.integers(height - rows + 1)), int(random.integers(width - columns + 1))
    inside = target[top : top + rows, left : left + columns]
    if inside.sum() < 0.5:
        return stimulus, target, points
    moved = (points * np.array([height, width]) - np.array([top, left])) / np.array([rows, columns])
    kept = moved[((moved >= 0) & (moved < 1)).all(1)]
    return stimulus[top : top + rows, left : left + columns], inside, kept.astype(np.float32)


def recolour(stimulus: NDArray[np.uint8], strength: float, random: np.random.Generator) -> NDArray[np.uint8]:
    """Change contrast, saturation and brightness, each by up to ``strength``."""
    gain, saturation = random.uniform(1 - strength, 1 + strength, 2)
    shift = random.uniform(-strength, strength) * 128
    grey = cv2.cvtColor(cv2.cvtColor(stimulus, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    # gain * (saturation * x + (1 - saturation) * grey - 128) + 128 + shift, rounded and clipped by OpenCV.
    mixed = cv2.addWeighted(
        stimulus, gain * saturation, grey, gain * (1 - saturation), 128 * (1 - gain) + shift
    )
    return np.asarray(mixed, np.uint8)


def degraded(stimulus: NDArray[np.uint8], random: np.random.Generator) -> NDArray[np.uint8]:
    """Darken, blur, add noise or compress coarsely; kind and strength are drawn."""
    kind, much = int(random.integers(4)), random.random()
    if kind == 0:
        return np.asarray(cv2.convertScaleAbs(stimulus, alpha=0.7 - 0.6 * much), np.uint8)
    if kind == 1:
        sigma = (0.7 + 2.3 * much) * stimulus.shape[1] / 320
        return np.asarray(cv2.GaussianBlur(stimulus, (0, 0), sigma), np.uint8)
    if kind == 2:
        noise = random.normal(0, 5 + 25 * much, stimulus.shape)
        return np.asarray(np.rint(stimulus + noise).clip(0, 255), np.uint8)
    coded = cv2.imencode(".jpg", stimulus[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, round(50 - 42 * much)])[1]
    return np.ascontiguousarray(np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)[..., ::-1])
