"""Draw the loss curve of a run."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from salviewer.media.saving import save_picture

_INK, _PAPER, _GRID = (40, 44, 52), (255, 255, 255), (226, 229, 233)
_LINES = {"train_loss": (37, 99, 235), "test_loss": (220, 88, 42)}


def draw_curves(curves: Mapping[str, Sequence[Any]], path: Path, title: str) -> None:
    """Save the loss curve of a run, from ``best.curves``.

    Raises:
        ExportError: the file cannot be written.
    """
    epochs = [float(value) for value in curves["epoch"]]
    values = [float(value) for key in _LINES for value in curves[key]]
    low, high = min(values), max(values)
    margin = 0.06 * (high - low) or 0.5
    low, high = low - margin, high + margin
    sheet = Image.new("RGB", (900, 560), _PAPER)
    pen = ImageDraw.Draw(sheet)
    left, top, right, bottom = 90, 60, 870, 490
    small, large = ImageFont.load_default(15), ImageFont.load_default(20)

    def place(epoch: float, value: float) -> tuple[float, float]:
        span = max(epochs[-1] - epochs[0], 1)
        across = left + (right - left) * ((epoch - epochs[0]) / span if len(epochs) > 1 else 0.5)
        return across, bottom - (bottom - top) * (value - low) / (high - low)

    pen.text((left, 24), title, _INK, large)
    for tick in ticks(low, high):
        y = place(epochs[0], tick)[1]
        pen.line([(left, y), (right, y)], _GRID)
        pen.text((left - 10, y), f"{tick:g}", _INK, small, anchor="rm")
    for epoch in epochs[:: max(1, len(epochs) // 12)]:
        pen.text((place(epoch, low)[0], bottom + 16), f"{epoch:g}", _INK, small, anchor="mm")
    pen.text(((left + right) / 2, bottom + 44), "epoch", _INK, small, anchor="mm")
    for number, (key, colour) in enumerate(_LINES.items()):
        points = [place(epoch, float(value)) for epoch, value in zip(epochs, curves[key], strict=True)]
        if len(points) > 1:
            pen.line(points, colour, 3, joint="curve")
        for x, y in points:
            pen.ellipse((x - 4, y - 4, x + 4, y + 4), colour)
        pen.text((right - 220 + 120 * number, 28), key.replace("_", " "), colour, small)
    save_picture(path, np.asarray(sheet))


def ticks(low: float, high: float) -> list[float]:
    """Return about six round values between two others."""
    rough = (high - low) / 6
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(unit * factor for factor in (1, 2, 5, 10) if unit * factor >= rough)
    first = math.ceil(low / step)
    return [round(step * (first + number), 10) for number in range(int((high - low) / step) + 1)
            if step * (first + number) <= high]  # fmt: skip
