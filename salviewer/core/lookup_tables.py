"""Lookup tables with `STEPS` entries, from a field in 0..1 to colour and alpha, for all views."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from salviewer.first_use import cmap, cv2

STEPS = 4096
"""Number of levels that a field has when it is coloured."""

_STEP_BITS = 16 - 12  # bits of a 16-bit field that are dropped
_DARKEST = 38.0  # CIE L*: darker colours at either end of a colormap would veil the picture
_EDGE = 0.012  # range of the field over which a threshold's edge fades in: a pixel or two of the layer


def steps(field: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.uint16]:
    """Upsample a field (bicubic, clipped to 0..1) and quantise it to steps, for a table.

    Args:
        field: float32, (h, w), 0..1.
        size: (width, height) of the result.

    Returns:
        uint16, (height, width), 0..STEPS - 1.
    """
    fine = cv2.resize(np.rint(field * 65535).astype(np.uint16), size, interpolation=cv2.INTER_CUBIC)
    return np.asarray(fine, np.uint16) >> np.uint16(_STEP_BITS)


def tones(gamma: float) -> NDArray[np.float64]:
    """Return ``field ** gamma`` of every step: (STEPS,), 0..1, rising."""
    values: NDArray[np.float64] = np.linspace(0, 1, STEPS) ** gamma
    return values


def alphas(tone: NDArray[np.float64], opacity: float, fade: float, level: float) -> NDArray[np.float64]:
    """Return each step's alpha: ``opacity * smoothstep(min(1, tone / fade))``, and 0 below the threshold.

    Args:
        tone: (STEPS,), from `tones`.
        opacity: of the hottest spots, 0..1.
        fade: the tone at which full opacity is reached, 0..1; 0 for full opacity everywhere.
        level: the threshold, of the field and not of its tone; infinite hides everything.

    Returns:
        (STEPS,), 0..opacity, rising. The threshold's edge is a steep ramp, so that it looks smooth.
    """
    ramp = np.minimum(tone / fade, 1) if fade else np.ones_like(tone)
    alpha: NDArray[np.float64] = opacity * ramp * ramp * (3 - 2 * ramp)
    if np.isinf(level):
        alpha[:] = 0
    elif level > 0:
        edge = max(min(_EDGE, 0.1 * level), 1 / STEPS)
        alpha *= np.clip((np.linspace(0, 1, STEPS) - level) / edge + 1, 0, 1)
    return alpha


def _lightness(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return CIE L* (0..100) of sRGB colours in 0..1, shape (n, 3)."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    luminance: NDArray[np.float64] = linear @ np.array([0.2126, 0.7152, 0.0722])
    return np.where(luminance > 0.008856, 116 * np.cbrt(luminance) - 16, 903.3 * luminance)


@lru_cache(maxsize=16)
def bright_colours(name: str) -> NDArray[np.float64]:
    """Return a colormap without its dark ends, for overlays: (STEPS, 3) sRGB in 0..1, read-only."""
    full = np.asarray(cmap.Colormap(name).lut(2048)[:, :3], dtype=np.float64)
    light = np.flatnonzero(_lightness(full) >= _DARKEST)
    positions = np.linspace(light[0], light[-1], STEPS).round().astype(np.intp)
    colours: NDArray[np.float64] = full[positions]
    colours.setflags(write=False)
    return colours


@lru_cache(maxsize=16)
def all_colours(name: str) -> NDArray[np.float64]:
    """Return a whole colormap, for maps without a picture: (STEPS, 3) sRGB in 0..1, read-only."""
    colours = np.asarray(cmap.Colormap(name).lut(STEPS)[:, :3], dtype=np.float64)
    colours.setflags(write=False)
    return colours
