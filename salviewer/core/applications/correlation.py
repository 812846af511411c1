"""A filter that is trained on a thing from frame to frame, and where in a frame it answers most."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from salviewer.core.following import Box
from salviewer.first_use import cv2

SURE = 8.0
"""Peak to sidelobe ratio from which an answer is taken for the thing."""

_CELLS = 64  # a side of the window, after scaling
_AROUND = 2.4  # times the box: the window
_WIDE = 0.1  # of the box: standard deviation of the wanted answer
_SPARSE = 0.01  # regularisation, of the mean energy
_NOTHING = 1e-6  # energy of a plain window: it gets an answer of nought
_LEARNS = 0.04  # share of a new frame in the filter
_SCALES = (0.96, 1.0, 1.04)
_RATHER = 0.98  # of the answer at another scale counts
_DIRECTIONS = 6
_PLAIN = 4.0  # grey values: weaker edges count less

Complex = NDArray[np.complex64]


class CorrelationFilter:
    """A discriminative correlation filter with a linear kernel over colours and edges.

    It is trained to answer with a bump at the thing's centre, on what is inside the ellipse of its box.
    (Bolme, Beveridge, Draper, Lui, Visual object tracking using adaptive correlation filters, 2010; several
    channels and scales: Danelljan, Häger, Shahbaz Khan, Felsberg, Accurate scale estimation for robust visual
    tracking, 2014.)

    Args:
        pixels: uint8 (h, w, 3) sRGB, reduced; the frames that follow have the same size.
        box: where the thing is.
    """

    def __init__(self, pixels: NDArray[np.uint8], box: Box) -> None:
        steps = np.arange(_CELLS) - _CELLS // 2
        wide = _WIDE * _CELLS / _AROUND
        bump = np.exp(-(steps[:, None] ** 2 + steps[None] ** 2) / (2 * wide**2))
        self._wanted = np.fft.rfft2(np.fft.ifftshift(bump)).astype(np.complex64)
        taper = np.hanning(_CELLS + 2)[1:-1]
        self._taper = (taper[:, None] * taper[None]).astype(np.float32)
        away = np.hypot(steps[:, None], steps[None]) / (_CELLS / _AROUND / 2)
        self._inside = np.clip((1.15 - away) / 0.3, 0, 1).astype(np.float32)
        self._above, self._below = self._terms(pixels, box)

    def learn(self, pixels: NDArray[np.uint8], box: Box) -> None:
        """Train it a little on a later frame in which the thing is there."""
        above, below = self._terms(pixels, box)
        self._above = (1 - _LEARNS) * self._above + _LEARNS * above
        self._below = (1 - _LEARNS) * self._below + _LEARNS * below

    def find(self, pixels: NDArray[np.uint8], expected: Box) -> tuple[Box, float]:
        """Look for the thing around a place.

        Returns:
            the box that it answers to most, and how much higher that answer is than those around it, in their
            standard deviations.
        """
        best: tuple[float, Box, float] | None = None
        for scale in _SCALES:
            around = _scaled(expected, scale)
            turned = self._transformed(pixels, around, self._taper)
            below = self._below + _SPARSE * self._below.mean() + _NOTHING
            answer = np.fft.irfft2((self._above * turned).sum(axis=0) / below, s=(_CELLS, _CELLS))
            answer = np.fft.fftshift(answer)
            row, column = (int(i) for i in np.unravel_index(int(answer.argmax()), answer.shape))
            top = float(answer[row, column]) * (1.0 if scale == 1 else _RATHER)
            if best is None or top > best[0]:
                dx = (column + _parabola(answer[row], column) - _CELLS // 2) / _CELLS * _AROUND
                dy = (row + _parabola(answer[:, column], row) - _CELLS // 2) / _CELLS * _AROUND
                moved = _moved(around, dx * (around.right - around.left), dy * (around.bottom - around.top))
                best = top, moved, _ratio(answer, row, column)
        assert best is not None
        return best[1], best[2]

    def _terms(self, pixels: NDArray[np.uint8], box: Box) -> tuple[Complex, NDArray[np.float32]]:
        """Return the filter's numerator (channels, rows, columns) and denominator (rows, columns)."""
        turned = self._transformed(pixels, box, self._inside)
        return self._wanted * turned.conj(), (np.abs(turned) ** 2).sum(axis=0)

    def _transformed(self, pixels: NDArray[np.uint8], box: Box, taper: NDArray[np.float32]) -> Complex:
        """Return the Fourier transforms of the window's channels."""
        return np.fft.rfft2(_channels(_window(pixels, box)) * taper).astype(np.complex64)


def _window(pixels: NDArray[np.uint8], box: Box) -> NDArray[np.float32]:
    """Cut the box and its surroundings out, scaled to `_CELLS`: float32 (rows, columns, 3)."""
    high, wide = pixels.shape[:2]
    x, y = box.centre
    across = _AROUND * (box.right - box.left) * wide / _CELLS  # pixels a cell
    down = _AROUND * (box.bottom - box.top) * high / _CELLS
    middle = _CELLS // 2
    warp = np.array(
        [[across, 0, x * wide - 0.5 - across * middle], [0, down, y * high - 0.5 - down * middle]]
    )
    cut = cv2.warpAffine(
        pixels, warp, (_CELLS, _CELLS), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip
    return np.asarray(cut, np.float32)


def _channels(window: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return lightness, colours, and edges by direction: (channels, rows, columns)."""
    lab = cv2.cvtColor(window / 255, cv2.COLOR_RGB2LAB)
    grey = np.asarray(lab[..., 0], np.float32)
    dx, dy = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    length = np.hypot(dx, dy)
    strength = length / (length + 4 * _PLAIN)
    angle = np.arctan2(dy, dx) % np.pi / np.pi * _DIRECTIONS
    layers = [(grey - grey.mean()) / 100, *((lab[..., i] - lab[..., i].mean()) / 60 for i in (1, 2))]
    for direction in range(_DIRECTIONS):
        away = np.abs(angle - direction)
        near = np.clip(1 - np.minimum(away, _DIRECTIONS - away), 0, None)
        layer = strength * near
        layers.append(cv2.blur(layer, (3, 3)) - layer.mean())
    return np.stack(layers).astype(np.float32)


def _ratio(answer: NDArray[np.float64], row: int, column: int) -> float:
    """Return the peak to sidelobe ratio: the peak over the rest's mean, in its standard deviations."""
    rest = np.ones(answer.shape, bool)
    near = _CELLS // 12
    rest[max(0, row - near) : row + near + 1, max(0, column - near) : column + near + 1] = False
    others = answer[rest]
    return float((answer[row, column] - others.mean()) / max(float(others.std()), 1e-9))


def _parabola(line: NDArray[np.float64], at: int) -> float:
    """Return the top of a parabola through a line's highest value and its neighbours, -0.5..0.5."""
    if not 0 < at < len(line) - 1:
        return 0.0
    before, best, after = (float(value) for value in line[at - 1 : at + 2])
    bend = before - 2 * best + after
    return float(np.clip((before - after) / (2 * bend), -0.5, 0.5)) if bend < -1e-12 else 0.0


def _scaled(box: Box, scale: float) -> Box:
    x, y = box.centre
    half_x, half_y = scale * (box.right - box.left) / 2, scale * (box.bottom - box.top) / 2
    return Box(x - half_x, y - half_y, x + half_x, y + half_y)


def _moved(box: Box, dx: float, dy: float) -> Box:
    return Box(box.left + dx, box.top + dy, box.right + dx, box.bottom + dy)
