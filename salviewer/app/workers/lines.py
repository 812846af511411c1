"""Lines over a picture as paths: the outline of the threshold and the contours of attention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainterPath, QPolygonF

from salviewer.core.contours import Contour, threshold_lines
from salviewer.core.postprocess import PostprocessSettings
from salviewer.core.saliency_map import SaliencyMap

_THIN, _THICK = 1.4, 2.2  # logical pixels
_SIDES = (
    (0, 1.0),
    (1, 1.0),
    (0, -1.0),
    (1, -1.0),
)  # places of labels: axis and direction for one contour after another


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Lines of one kind.

    Attributes:
        path: in fractions of the picture's width and height.
        colour, width: of the line inside its dark rim; logical pixels.
        label: text on the line; "" for none.
        anchor: place of the text, in fractions of the picture.
    """

    path: QPainterPath
    colour: QColor
    width: float
    label: str = ""
    anchor: tuple[float, float] = (0.0, 0.0)


def threshold_outline(saliency: SaliencyMap, settings: PostprocessSettings) -> tuple[Lines, ...]:
    """Return the border of the visible part under the threshold; empty if nothing is hidden."""
    lines = threshold_lines(saliency, settings)
    return (Lines(_path(lines), QColor("white"), _THIN),) if lines else ()


def attention_contours(contours: Sequence[Contour]) -> tuple[Lines, ...]:
    """Return contours as lines, each with its share, on different sides to keep labels apart."""
    found = []
    for contour, (axis, way) in zip(contours, _SIDES, strict=False):
        longest = max(contour.lines, key=len, default=np.full((1, 2), 0.5))
        x, y = longest[int(np.argmax(way * longest[:, axis]))]
        label = f"{100 * contour.share:g} %" if contour.lines else ""
        found.append(
            Lines(_path(contour.lines), QColor(*contour.colour), _THICK, label, (float(x), float(y)))
        )
    return tuple(found)


def _path(lines: Sequence[NDArray[np.float64]]) -> QPainterPath:
    path = QPainterPath()
    for points in lines:
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in points.tolist()]))
    return path
