"""Draw a scanpath into a picture: numbered discs in their order, larger for longer fixations."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from salviewer.core.text_drawing import DARK, Colour, put_label, put_lines

_RADIUS = 0.012  # of a fixation of 250 ms, in fractions of the picture's mean side
_WIDTH = 0.0025
_LETTERS = 0.016
_TYPICAL = 0.25  # seconds
_COLOURS: tuple[Colour, ...] = (
    *((255, 255, 255), (255, 200, 60), (110, 220, 255), (255, 140, 190)),
    *((150, 240, 150), (200, 170, 255)),
)


def draw_scanpath(
    pixels: NDArray[np.uint8],
    path: NDArray[np.float64],
    durations: NDArray[np.float64] | None = None,
    *,
    colour: int = 0,
    numbers: bool = True,
) -> NDArray[np.uint8]:
    """Draw a path over a picture.

    Args:
        pixels: uint8 (H, W, 3); not changed.
        path: (n, 2) of (row, column) in 0..1.
        durations: (n,) in seconds; discs' areas go with them.
        colour: one of six, counted from 0; more begin again.
        numbers: whether to write the place in the order beside each disc.

    Returns:
        uint8 (H, W, 3), a new array.
    """
    drawn = np.array(pixels, np.uint8, order="C")
    height, width = drawn.shape[:2]
    side = float(np.sqrt(width * height))
    line, rim = max(1, round(_WIDTH * side)), max(1, round(0.5 * _WIDTH * side))
    shown = _COLOURS[colour % len(_COLOURS)]
    places = np.asarray(path, np.float64)[:, ::-1] * (width, height)
    times = durations if durations is not None else np.full(len(places), _TYPICAL)
    radii = _RADIUS * side * np.sqrt(np.clip(times, 0.05, 2.0) / _TYPICAL)
    angle = np.linspace(0, 2 * np.pi, 49)
    circle = np.stack([np.cos(angle), np.sin(angle)], 1)
    lines = [place + radius * circle for place, radius in zip(places, radii, strict=True)]
    if len(places) > 1:
        lines.append(places)
    put_lines(drawn, lines, DARK, line + 2 * rim)
    put_lines(drawn, lines, shown, line)
    if numbers:
        letters = max(7.0, _LETTERS * side)
        for number in range(len(places), 0, -1):
            x, y = (float(value) for value in places[number - 1])
            put_label(drawn, str(number), (x, y), letters, shown)
    return drawn
