"""Objectness: how much a part of a picture looks like a separate thing of unknown kind."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from salviewer.first_use import cv2

_WIDTH = 240  # columns of the picture that is looked at
_BINS = (6, 8, 8)  # of lightness and two colours
_RING = 0.5  # of the box's sides: its surroundings reach so far on each side
_RIM = 0.12  # of the box's sides: where its border is looked for

Box = tuple[float, float, float, float]


class Objectness:
    """Colour and edge contrast of boxes in one picture.

    Two of the cues of Alexe, Deselaers, Ferrari, Measuring the objectness of image windows (PAMI 2012): the
    distance between the colours in the box and in the ring around it, and the density of edges along its
    border.

    Args:
        pixels: uint8 (H, W, 3) sRGB.
    """

    def __init__(self, pixels: NDArray[np.uint8]) -> None:
        height, width = pixels.shape[:2]
        wide = max(8, min(_WIDTH, width))
        high = max(8, min(round(height * wide / width), 8 * wide))
        small = np.asarray(cv2.resize(pixels, (wide, high), interpolation=cv2.INTER_AREA), np.uint8)
        lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB).astype(np.intp)
        cells = [lab[..., i] * count // 256 for i, count in enumerate(_BINS)]
        self._colours = (cells[0] * _BINS[1] + cells[1]) * _BINS[2] + cells[2]
        grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), (0, 0), 1.0)
        self._edges = cv2.integral((cv2.Canny(grey, 40, 100) > 0).astype(np.uint8)).astype(np.float64)

    def of(self, box: Box) -> float:
        """Return the objectness of a box (left, top, right, bottom in fractions): 0..1."""
        colour, edge = self.colour_contrast(box), self.edge_density(box)
        return float(np.sqrt(colour * edge)) / 2 + (colour + edge) / 4

    def colour_contrast(self, box: Box) -> float:
        """Return the distance (Hellinger's, 0..1) between the colours inside and around."""
        width, height = box[2] - box[0], box[3] - box[1]
        ring = (
            box[0] - _RING * width,
            box[1] - _RING * height,
            box[2] + _RING * width,
            box[3] + _RING * height,
        )
        inside, both = self._histogram(box), self._histogram(ring)
        around = both - inside
        if around.sum() <= 0 or inside.sum() <= 0:
            return 0.0
        alike = np.sqrt(inside / inside.sum() * (around / around.sum())).sum()
        return float(np.sqrt(max(0.0, 1 - alike)))

    def edge_density(self, box: Box) -> float:
        """Return how much of the border has an edge of the picture, 0..1."""
        dx, dy = _RIM * (box[2] - box[0]), _RIM * (box[3] - box[1])
        outer = (box[0] - dx, box[1] - dy, box[2] + dx, box[3] + dy)
        inner = (box[0] + dx, box[1] + dy, box[2] - dx, box[3] - dy)
        high, wide = self._colours.shape
        border = 2 * ((box[2] - box[0]) * wide + (box[3] - box[1]) * high)  # in pixels, as a thin line
        return float(min(1.0, (self._edges_in(outer) - self._edges_in(inner)) / max(border, 1.0)))

    def _histogram(self, box: Box) -> NDArray[np.float64]:
        rows, columns = self._cells(box)
        return np.bincount(self._colours[rows, columns].ravel(), minlength=int(np.prod(_BINS))).astype(
            np.float64
        )

    def _edges_in(self, box: Box) -> float:
        rows, columns = self._cells(box)
        table = self._edges
        found = (
            table[rows.stop, columns.stop]
            - table[rows.start, columns.stop]
            - table[rows.stop, columns.start]
            + table[rows.start, columns.start]
        )
        return float(found)

    def _cells(self, box: Box) -> tuple[slice, slice]:
        high, wide = self._colours.shape
        left, right = (int(np.clip(round(side * wide), 0, wide)) for side in (box[0], box[2]))
        top, bottom = (int(np.clip(round(side * high), 0, high)) for side in (box[1], box[3]))
        return slice(top, max(top, bottom)), slice(left, max(left, right))
