"""A second picture, or the same one bare, beside the canvas's own or over a part of it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from salviewer.app.state.viewport import View
from salviewer.app.viewer.ornament import Ornament
from salviewer.app.workers.lines import Lines
from salviewer.app.workers.pyramid import Pyramid


@dataclass(frozen=True, slots=True, eq=False)
class Pane:
    """Content beside a canvas's own picture, layer and lines; if empty, the bare picture.

    Attributes:
        pyramid: its picture; None for the canvas's own.
        layer, lines: over the picture.
        ornaments: over those.
    """

    pyramid: Pyramid | None = None
    layer: QImage | None = None
    lines: tuple[Lines, ...] = ()
    ornaments: tuple[Ornament, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Cover:
    """A pane over a part of the canvas.

    Attributes:
        pane: what is painted there.
        begin, end: in fractions of the width of the canvas's own picture. `begin` 0 extends to the left edge
            of the window, `end` 1 to the right one; at least one of the two does.
    """

    pane: Pane
    begin: float = 0.0
    end: float = 1.0

    def parts(self, view: View) -> tuple[QRectF, QRectF]:
        """Return (covered, free) parts of the window, in whole device pixels; either may be empty."""
        wide, high = view.window
        left = 0.0 if self.begin <= 0 else _within(view, self.begin)
        right = wide if self.end >= 1 else _within(view, self.end)
        free = QRectF(0, 0, left, high) if self.begin > 0 else QRectF(right, 0, wide - right, high)
        return QRectF(left, 0, right - left, high), free


def _within(view: View, place: float) -> float:
    at, _ = view.to_window(place * view.picture[0], 0)
    return min(max(float(round(at)), 0.0), view.window[0])
