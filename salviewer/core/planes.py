"""Lay the heatmap over a frame as codecs hold it: luma and two colours, without a way through RGB.

Blending is linear and the conversion between RGB and planes is affine, so that both orders give the same
picture but for rounding, and for colours that RGB cannot hold. Where the heatmap is clear, a frame keeps its
exact values.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from salviewer.core.lookup_tables import steps
from salviewer.core.postprocess import PostprocessSettings, cut_field
from salviewer.core.render import OverlayStyle, colour_table, layer_size
from salviewer.core.saliency_map import SaliencyMap
from salviewer.first_use import cv2

_RED, _BLUE = 0.2126, 0.0722  # shares of luma, BT.709
_LUMA, _COLOUR = 219, 224  # ranges of the values, from 16 on and around 128


@dataclass(frozen=True, slots=True, eq=False)
class Planes:
    """A frame in 4:2:0, BT.709, limited range (16 to 235 and 16 to 240).

    Attributes:
        luma: uint8, (H, W), of even sides.
        blue, red: uint8, (H / 2, W / 2), the differences to luma, 128 for grey.
    """

    luma: NDArray[np.uint8]
    blue: NDArray[np.uint8]
    red: NDArray[np.uint8]

    @property
    def shape(self) -> tuple[int, ...]:
        """(H, W) of the frame, with which an array of its pixels begins too."""
        return self.luma.shape


def overlay_planes(
    planes: Planes, saliency: SaliencyMap, settings: PostprocessSettings, style: OverlayStyle
) -> Planes:
    """Return a frame with its heatmap, as `render.render` does for pixels: a new frame.

    Args:
        planes: the frame. Not changed.
        saliency: the prediction for it.
        settings, style: numbers and colours.
    """
    field, level = cut_field(saliency, settings)
    size = layer_size(saliency.density.shape, saliency.source_size)
    words = np.take(_inks(style, level), steps(field, size), mode="clip")
    ink = [np.asarray(plane, np.uint8) for plane in cv2.split(words.view(np.uint8).reshape(*words.shape, 4))]
    height, width = planes.luma.shape
    light, shine = (_scaled(ink[at], width, height) for at in (0, 3))
    blue, red, dim = (_scaled(ink[at], width // 2, height // 2) for at in (1, 2, 3))
    return Planes(
        _blended(planes.luma, light, shine),
        _blended(planes.blue, blue, dim),
        _blended(planes.red, red, dim),
    )


def _inks(style: OverlayStyle, level: float) -> NDArray[np.uint32]:
    """Return the table from field in `STEPS` to ink in three planes and what shines through, in one word."""
    rgba = colour_table(style, level).view(np.uint8).reshape(-1, 4) / 255
    red, green, blue, alpha = rgba.T
    luma = _RED * red + (1 - _RED - _BLUE) * green + _BLUE * blue
    inks = np.empty((len(rgba), 4))
    inks[:, 0] = alpha * (16 + _LUMA * luma)
    inks[:, 1] = alpha * (128 + _COLOUR * (blue - luma) / (2 * (1 - _BLUE)))
    inks[:, 2] = alpha * (128 + _COLOUR * (red - luma) / (2 * (1 - _RED)))
    inks[:, 3] = 255 * (1 - alpha)
    return np.rint(inks).astype(np.uint8).view(np.uint32)[:, 0]


def _scaled(plane: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    rows, columns = plane.shape
    if (columns, rows) == (width, height):
        return plane
    how = cv2.INTER_AREA if height <= rows and width <= columns else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(plane, (width, height), interpolation=how), np.uint8)


def _blended(under: NDArray[np.uint8], ink: NDArray[np.uint8], shine: NDArray[np.uint8]) -> NDArray[np.uint8]:
    dimmed = cv2.multiply(under, shine, scale=1 / 255)
    return np.asarray(cv2.add(dimmed, ink, dst=dimmed), np.uint8)
