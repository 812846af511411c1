"""Contours: lines around the smallest areas that hold a quarter, half and three quarters of attention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from salviewer.core.iso_lines import iso_lines, mass_level
from salviewer.core.lookup_tables import STEPS, bright_colours
from salviewer.core.postprocess import PostprocessSettings, cut_field, smooth
from salviewer.core.render import OverlayStyle
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.text_drawing import DARK, Colour, label_size, put_label, put_lines
from salviewer.first_use import cv2

CONTOUR_SHARES: tuple[float, ...] = (0.25, 0.5, 0.75)

_WIDTH = 0.0028  # of a line, in fractions of the picture's mean side
_LETTERS = 0.0145  # height of a label's digits, in the same fractions
_FINER = 2  # factor by which the map is refined first, so that lines are round
_WHITE: Colour = (255, 255, 255)


@dataclass(frozen=True, slots=True, eq=False)
class Contour:
    """The outline of the smallest area that holds a share of attention.

    Attributes:
        share: 0..1.
        lines: arrays (n, 2) of (x, y) in fractions of the picture's width and height, from `iso_lines`;
            several if the area has parts.
        colour: sRGB; the smaller the share, the hotter.
    """

    share: float
    lines: tuple[NDArray[np.float64], ...]
    colour: Colour


def contours(
    saliency: SaliencyMap,
    settings: PostprocessSettings,
    style: OverlayStyle,
    shares: Sequence[float] = CONTOUR_SHARES,
) -> tuple[Contour, ...]:
    """Find the contours of a map, smoothed by `settings`, the largest share first. Ignores the threshold.

    Raises:
        ValueError: a share is outside 0..1.
    """
    density = smooth(saliency.density, settings.sigma, saliency.source_size)
    fine = _finer(density)
    colours = bright_colours(style.colormap)

    def colour(share: float) -> Colour:
        red, green, blue = np.rint(colours[round((1 - 0.8 * share) * (STEPS - 1))] * 255).astype(int).tolist()
        return red, green, blue

    return tuple(
        Contour(share, tuple(iso_lines(fine, mass_level(density, share))), colour(share))
        for share in sorted(shares, reverse=True)
    )


def threshold_lines(saliency: SaliencyMap, settings: PostprocessSettings) -> list[NDArray[np.float64]]:
    """Find the border of what the threshold shows, as `iso_lines`; empty if all or nothing is shown."""
    field, level = cut_field(saliency, settings)
    return iso_lines(_finer(field), level) if 0 < level <= 1 else []


def draw_contours(
    pixels: NDArray[np.uint8],
    saliency: SaliencyMap,
    settings: PostprocessSettings,
    style: OverlayStyle,
    shares: Sequence[float] = CONTOUR_SHARES,
) -> NDArray[np.uint8]:
    """Draw the picture with its contours and their shares; a threshold's border is a thin white line.

    Lines are opaque with a dark rim, and keep their width relative to the picture.

    Args:
        pixels: uint8, (H, W, 3), sRGB.

    Returns:
        uint8, (H, W, 3), a new array.
    """
    result = np.array(pixels, np.uint8, order="C")
    height, width = result.shape[:2]
    side = float(np.sqrt(width * height))
    line, rim = _line_and_rim(side)
    _put_border(result, saliency, settings)
    found = contours(saliency, settings, style, shares)
    paths = [[points * (width, height) for points in contour.lines] for contour in found]
    for path in paths:
        put_lines(result, path, DARK, line + 2 * rim)
    for contour, path in zip(found, paths, strict=True):
        put_lines(result, path, contour.colour, line)
    _label(result, found, paths, max(7.0, _LETTERS * side))
    return result


def draw_threshold(
    pixels: NDArray[np.uint8], saliency: SaliencyMap, settings: PostprocessSettings
) -> NDArray[np.uint8]:
    """Draw the border of the visible part as a thin white line; return (H, W, 3)."""
    result = np.array(pixels, np.uint8, order="C")
    _put_border(result, saliency, settings)
    return result


def _line_and_rim(side: float) -> tuple[int, int]:
    return max(1, round(_WIDTH * side)), max(1, round(0.5 * _WIDTH * side))


def _put_border(pixels: NDArray[np.uint8], saliency: SaliencyMap, settings: PostprocessSettings) -> None:
    height, width = pixels.shape[:2]
    line, rim = _line_and_rim(float(np.sqrt(width * height)))
    border = [points * (width, height) for points in threshold_lines(saliency, settings)]
    put_lines(pixels, border, DARK, max(1, line // 2) + 2 * max(1, rim // 2))
    put_lines(pixels, border, _WHITE, max(1, line // 2))


def _label(
    pixels: NDArray[np.uint8],
    found: tuple[Contour, ...],
    paths: list[list[NDArray[np.float64]]],
    letters: float,
) -> None:
    """Place each share on its longest line, where other lines and labels leave most room, if there is any."""
    height, width = pixels.shape[:2]
    labels: list[NDArray[np.float64]] = []
    for number, (contour, path) in enumerate(zip(found, paths, strict=True)):
        text = f"{100 * contour.share:g}%"
        wide, tall = label_size(text, letters)
        margin = np.array([wide, tall]) / 2
        spots = max(path, key=len, default=np.empty((0, 2)))
        spots = spots[((spots >= margin) & (spots <= np.array([width, height]) - margin)).all(axis=1)]
        for other in labels:
            spots = spots[(np.abs(spots - other) >= 2 * margin).any(axis=1)]
        spots = spots[:: max(1, len(spots) // 200)]
        if not len(spots):
            continue
        others = [points[::4] for i, lines in enumerate(paths) if i != number for points in lines] + labels
        near = np.concatenate([*others, np.full((1, 2), 1e9)])
        room = np.hypot(*(spots[:, None] - near).transpose(2, 0, 1)).min(axis=1)
        place = spots[int(np.argmax(np.minimum(room, 2 * wide)))]
        put_label(pixels, text, (float(place[0]), float(place[1])), letters, contour.colour)
        labels.append(place[None])


def _finer(field: NDArray[np.float32]) -> NDArray[np.float32]:
    rows, columns = field.shape
    size = (_FINER * columns, _FINER * rows)
    return np.asarray(cv2.resize(field, size, interpolation=cv2.INTER_CUBIC), np.float32)
