"""Show high dynamic range (PQ and HLG) on an ordinary screen.

The curve is the EETF of ITU-R BT.2390 (annex 5), from a peak of 1,000 cd/m² to 203, the reference white of
ITU-R BT.2408, applied to the largest of red, green and blue, so that hues stay. Colours are converted from
BT.2020 to sRGB and clipped to it.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

PQ, HLG = 16, 18
"""Transfer characteristics by their numbers in ISO/IEC 23091-2."""

NOTE = "high dynamic range is shown as SDR (ITU-R BT.2390, 1000 to 203 cd/m²)"

_PEAK, _WHITE = 1000.0, 203.0
_BITS = 12  # of the tables
_GAMMA = 1.2  # of HLG's display at 1,000 cd/m²
_LUMINANCE = np.array([0.2627, 0.6780, 0.0593], np.float32)
_TO_709 = np.array(
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]], np.float32
)


def to_sdr(rgb: NDArray[np.uint16], transfer: int) -> NDArray[np.uint8]:
    """Convert a frame.

    Args:
        rgb: uint16, (H, W, 3), BT.2020 primaries, full range, coded by `transfer`.
        transfer: `PQ` or `HLG`.

    Returns:
        uint8, (H, W, 3) sRGB.
    """
    codes = rgb >> (16 - _BITS)
    light = _table(transfer)[codes]  # cd/m² for PQ, light of the scene for HLG
    if transfer == HLG:
        scene = light @ _LUMINANCE
        light *= (_PEAK * np.power(scene, _GAMMA - 1, where=scene > 0, out=np.zeros_like(scene)))[..., None]
    brightest = light.max(axis=2)
    light *= np.interp(brightest, *_gains()).astype(np.float32)[..., None]
    linear = np.clip((light @ _TO_709.T) * np.float32(1 / _WHITE), 0, 1)
    return np.asarray(_encoded()[np.rint(linear * 65535).astype(np.uint16)], np.uint8)


@lru_cache(maxsize=2)
def _table(transfer: int) -> NDArray[np.float32]:
    signal = np.arange(1 << _BITS) / ((1 << _BITS) - 1)
    if transfer == PQ:
        return _from_pq(signal).astype(np.float32)
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12).astype(np.float32)


@lru_cache(maxsize=1)
def _gains() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (cd/m², factor for it): the EETF."""
    top = float(_to_pq(np.array(_PEAK)))
    target = float(_to_pq(np.array(_WHITE))) / top
    knee = 1.5 * target - 0.5
    given = np.linspace(0, 1, 2048)[1:]
    t = np.clip((given - knee) / (1 - knee), 0, 1)
    spline = (
        (2 * t**3 - 3 * t**2 + 1) * knee
        + (t**3 - 2 * t**2 + t) * (1 - knee)
        + (-2 * t**3 + 3 * t**2) * target
    )
    shown = np.where(given < knee, given, spline)
    before, after = _from_pq(given * top), _from_pq(shown * top)
    beyond = np.array([10_000.0])  # brighter than the peak: as bright as the screen allows
    return np.concatenate([before, beyond]), np.concatenate([after / before, _WHITE / beyond])


@lru_cache(maxsize=1)
def _encoded() -> NDArray[np.uint8]:
    linear = np.arange(65536) / 65535
    values = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(255 * values), np.uint8)


_M1, _M2 = 2610 / 16384, 2523 / 4096 * 128
_C1, _C2, _C3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32


def _from_pq(signal: NDArray[np.float64]) -> NDArray[np.float64]:
    """Convert a signal in 0..1 to cd/m² (SMPTE ST 2084)."""
    power = signal ** (1 / _M2)
    return np.asarray(10_000 * (np.maximum(power - _C1, 0) / (_C2 - _C3 * power)) ** (1 / _M1))


def _to_pq(light: NDArray[np.float64]) -> NDArray[np.float64]:
    power = (light / 10_000) ** _M1
    return np.asarray(((_C1 + _C2 * power) / (1 + _C3 * power)) ** _M2)
