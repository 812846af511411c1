"""Convert colour encodings that are given by numbers, not by an ICC profile, to sRGB.

References: PNG, third edition (W3C 2025); ITU-T H.273 for code points; ITU-R BT.2100-3 for PQ and HLG.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Chromaticities = tuple[float, float, float, float, float, float, float, float]
"""x and y of white, red, green and blue (CIE 1931), in that order."""

BT709: Chromaticities = (0.3127, 0.3290, 0.640, 0.330, 0.300, 0.600, 0.150, 0.060)
"""The chromaticities of BT.709 and sRGB."""

_D65 = (0.3127, 0.3290)
_PRIMARIES: dict[int, Chromaticities] = {
    1: BT709,
    5: (*_D65, 0.640, 0.330, 0.290, 0.600, 0.150, 0.060),
    6: (*_D65, 0.630, 0.340, 0.310, 0.595, 0.155, 0.070),
    9: (*_D65, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046),
    11: (0.314, 0.351, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060),
    12: (*_D65, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060),
}
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
_WHITE = 203.0  # cd/m2 of paper white in HDR (ITU-R BT.2408), which becomes sRGB's white
_PEAK = 1000.0  # cd/m2 of the brightest HLG signal on its nominal display
_KNEE = 0.8  # share of sRGB's white, in linear light, above which HDR highlights are compressed
_LUMA_2020 = np.array([0.2627, 0.6780, 0.0593], np.float32)

_Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Encoding:
    """The encoding of colours in pixel values.

    Attributes:
        primaries: chromaticities of its red, green, blue and white.
        gamma: the exponent from numbers in 0..1 to linear light; used when `transfer` is 0.
        transfer: code point of H.273 for another curve: 1, 6, 14, 15 (BT.709), 4, 5 (gamma 2.2 and 2.8),
            8 (linear), 13 (sRGB), 16 (PQ) or 18 (HLG).
    """

    primaries: Chromaticities = BT709
    gamma: float = 1.0
    transfer: int = 0

    @property
    def hdr(self) -> bool:
        """Whether it can represent light brighter than white."""
        return self.transfer in (16, 18)


SRGB = Encoding(transfer=13)
"""The encoding of sRGB."""


def encoding_of_code_points(primaries: int, transfer: int) -> Encoding | None:
    """Return the encoding of H.273's code points, None if they are not supported."""
    if primaries not in _PRIMARIES or (transfer not in _CURVES and transfer not in (16, 18)):
        return None
    return Encoding(_PRIMARIES[primaries], transfer=transfer)


def is_srgb(encoding: Encoding) -> bool:
    """Return whether the encoding is sRGB, apart from rounding."""
    near = np.allclose(encoding.primaries, BT709, atol=0.002)
    return near and (encoding.transfer == 13 or (encoding.transfer == 0 and abs(encoding.gamma - 2.2) < 0.02))


class EncodedToSrgb:
    """Converts flattened images of one encoding to sRGB; `deep`: of 16 bits a channel.

    Light above white (PQ, HLG) is compressed into the range of sRGB, whose white is 203 cd/m2. With m the
    largest of a pixel's linear channels, m <= 0.8 stays, and above it m becomes 0.8 + 0.2 t / (1 + t) with
    t = (m - 0.8) / 0.2; the ratio of the channels is kept. Colours outside sRGB are clipped by channel.
    """

    def __init__(self, encoding: Encoding, deep: bool = False) -> None:
        self._encoding = encoding
        self._matrix = _to_srgb_primaries(encoding.primaries)
        self.note = "high dynamic range, mapped to the range of sRGB" if encoding.hdr else ""
        self._linear = _linear_light(encoding, 1 << 16 if deep else 1 << 8)

    def __call__(self, image: Image.Image) -> Image.Image:
        """Return the image in mode RGB, sRGB. Modes other than L and RGB are converted to RGB first."""
        return self.convert(np.asarray(image if image.mode == "RGB" else image.convert("RGB")))

    def convert(self, rgb: NDArray[np.uint8] | NDArray[np.uint16]) -> Image.Image:
        """Return an image in mode RGB, sRGB.

        Args:
            rgb: (H, W, 3), uint16 for a deep converter, else uint8.
        """
        light = self._linear[rgb]
        if self._encoding.transfer == 18:  # HLG: convert the light of the scene to that of the display
            luminance = np.maximum(light @ _LUMA_2020, 1e-6)[..., None]
            light = light * luminance ** np.float32(0.2) * np.float32(_PEAK / _WHITE)
        light = np.maximum(light @ self._matrix.T, 0)
        if self._encoding.hdr:
            light = _compressed(light)
        return Image.fromarray((_srgb_curve(np.minimum(light, 1)) * 255 + 0.5).astype(np.uint8))


def _to_srgb_primaries(primaries: Chromaticities) -> _Floats:
    """Return (3, 3), linear light to linear light; white stays white."""
    own, srgb = _to_xyz(primaries), _to_xyz(BT709)
    cones, wanted = _BRADFORD @ own.sum(axis=1), _BRADFORD @ srgb.sum(axis=1)
    adapted = np.linalg.inv(_BRADFORD) @ np.diag(wanted / cones) @ _BRADFORD
    matrix: _Floats = (np.linalg.inv(srgb) @ adapted @ own).astype(np.float32)
    return matrix


def _to_xyz(primaries: Chromaticities) -> NDArray[np.float64]:
    white, *colours = (
        np.array([x / y, 1, (1 - x - y) / y]) for x, y in np.reshape(primaries, (4, 2)).tolist()
    )
    columns = np.stack(colours, axis=1)
    scaled: NDArray[np.float64] = columns * np.linalg.solve(columns, white)
    return scaled


def _linear_light(encoding: Encoding, count: int) -> _Floats:
    """Return the linear light of each of the values; 1 is white (PQ), the peak (HLG), or full (others)."""
    steps = np.arange(count, dtype=np.float64) / (count - 1)
    if encoding.transfer == 0:
        light = steps**encoding.gamma
    elif encoding.transfer == 16:
        powered = steps ** (1 / 78.84375)
        light = (np.maximum(powered - 0.8359375, 0) / (18.8515625 - 18.6875 * powered)) ** (
            1 / 0.1593017578125
        )
        light = light * 10000 / _WHITE
    elif encoding.transfer == 18:
        a, b, c = 0.17883277, 0.28466892, 0.55991073
        light = np.where(steps <= 0.5, steps**2 / 3, (np.exp((steps - c) / a) + b) / 12)
    else:
        light = _CURVES[encoding.transfer](steps)
    return light.astype(np.float32)


def _compressed(light: _Floats) -> _Floats:
    brightest = light.max(axis=-1, keepdims=True)
    over = np.maximum(brightest - _KNEE, 0) / (1 - _KNEE)
    target = np.where(brightest <= _KNEE, brightest, _KNEE + (1 - _KNEE) * over / (1 + over))
    scaled: _Floats = light * (target / np.maximum(brightest, 1e-6)).astype(np.float32)
    return scaled


def _srgb_curve(light: _Floats) -> _Floats:
    curved: _Floats = np.where(
        light <= 0.0031308, 12.92 * light, 1.055 * np.maximum(light, 1e-6) ** (1 / 2.4) - 0.055
    ).astype(np.float32)
    return curved


def _bt709(steps: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(steps < 0.081, steps / 4.5, ((steps + 0.099) / 1.099) ** (1 / 0.45))


def _srgb(steps: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(steps <= 0.04045, steps / 12.92, ((steps + 0.055) / 1.055) ** 2.4)


_CURVES: dict[int, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    **dict.fromkeys((1, 6, 14, 15), _bt709),
    4: lambda steps: steps**2.2,
    5: lambda steps: steps**2.8,
    8: lambda steps: steps,
    13: _srgb,
}
