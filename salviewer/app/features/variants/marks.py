"""Areas of a variant on its picture: outlines with names and numbers, and dragging them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen, QPolygonF, QTransform

from salviewer.app.state.viewport import View
from salviewer.app.viewer.lettering import draw_plate, set_lettering
from salviewer.core.area_drawing import area_colour
from salviewer.core.area_labels import place_labels
from salviewer.core.area_shapes import box, kept_inside, moved
from salviewer.core.areas import Area
from salviewer.core.text_drawing import DARK, SHADOW

BETWEEN = "  "
"""Between name and number of a label."""

_LINE = 1.4
_NARROW = 60  # logical pixels that a label may have in any case
_INK = QColor(*DARK)


class AreaMarks:
    """Areas of one variant with names and shares, painted in fractions of its picture.

    Attributes:
        areas: as they are.
        shares: labels by the areas' names, name and number; the name where there is none. Where a label is
            wider than its area, only the number is painted.
        suggested: where areas may be; dashed.
    """

    def __init__(self) -> None:
        self.areas: Sequence[Area] = ()
        self.shares: dict[str, str] = {}
        self.suggested: Sequence[Area] = ()

    def paint(self, painter: QPainter, view: View, ratio: float) -> None:
        """Paint as `Ornament` says."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width, height = view.picture
        place = QTransform(width * view.scale, 0, 0, height * view.scale, view.left, view.top)
        areas = (*self.areas, *self.suggested)
        for number, area in enumerate(areas):
            shape = place.map(QPolygonF([QPointF(x, y) for x, y in area.outline().tolist()]))
            dashed = number >= len(self.areas)
            style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for factor, cover in SHADOW:
                painter.setPen(QPen(QColor(*DARK, cover), factor * _LINE * ratio))
                painter.drawPolygon(shape)
            painter.setPen(QPen(QColor(*area_colour(area, number)), _LINE * ratio, style))
            painter.drawPolygon(shape)
        self._paint_labels(painter, areas, view, ratio)

    def _paint_labels(self, painter: QPainter, areas: Sequence[Area], view: View, ratio: float) -> None:
        set_lettering(painter, 11 * ratio)
        metrics = painter.fontMetrics()
        high = metrics.height() + 2 * ratio
        outlines = [area.outline() * view.picture * view.scale + (view.left, view.top) for area in areas]
        texts = []
        for number, area in enumerate(areas):
            text = self.shares.get(area.name, area.name) if number < len(self.areas) else area.name
            wide = float(np.ptp(outlines[number][:, 0]))
            if metrics.horizontalAdvance(text) > max(wide, _NARROW * ratio):
                text = text.rpartition(BETWEEN)[2]  # the number alone: a long name would hide the picture
                if metrics.horizontalAdvance(text) > max(wide, _NARROW * ratio):
                    text = text.partition(": ")[2] or text  # what a button says, not that it is one
                text = metrics.elidedText(
                    text, Qt.TextElideMode.ElideRight, round(max(wide, _NARROW * ratio))
                )
            texts.append(text)
        sizes = [(metrics.horizontalAdvance(text) + 8 * ratio if text else 0.0, high) for text in texts]
        centres = place_labels(outlines, sizes, _LINE * ratio, view.window)
        for number, (text, size, centre) in enumerate(zip(texts, sizes, centres, strict=True)):
            if centre is None:
                continue
            fill = QColor(*area_colour(areas[number], number))
            draw_plate(painter, text, centre, size, fill, _INK, ratio)


class AreaDrag:
    """Moves an area or a suggestion with the mouse, as `ornament.Tool` says.

    Args:
        marks: what can be dragged; changed during a drag.
        update: paints the marks again.
        dropped: called with the area where it was let go, and whether it is a suggestion.
    """

    def __init__(
        self, marks: AreaMarks, update: Callable[[], object], dropped: Callable[[Area, bool], object]
    ) -> None:
        self._marks, self._update, self._dropped = marks, update, dropped
        self._held: Area | None = None  # as it was when the button went down
        self._from = QPointF()
        self.allowed = True

    def press(self, at: QPointF, button: Qt.MouseButton, modifiers: Qt.KeyboardModifier) -> bool:
        """Take hold of the smallest area there."""
        self._held = self._under(at) if button == Qt.MouseButton.LeftButton else None
        self._from = at
        return self._held is not None

    def drag(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Move it, as far as the picture goes."""
        if self._held is not None:
            self._put(self._at(self._held, at))

    def release(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Let go, and report where unless it has not moved."""
        held, self._held = self._held, None
        if held is not None and at != self._from:
            there = self._at(held, at)
            self._put(there)
            self._dropped(there, any(one.id == held.id for one in self._marks.suggested))

    def double_click(self, at: QPointF) -> bool:
        """Leave it to the canvas."""
        return False

    def hover(self, at: QPointF | None) -> Qt.CursorShape | None:
        """Show that an area can be moved."""
        return Qt.CursorShape.SizeAllCursor if at is not None and self._under(at) is not None else None

    def key(self, event: QKeyEvent) -> bool:
        """Use no keys."""
        return False

    def _under(self, at: QPointF) -> Area | None:
        free = [area for area in self._marks.areas if not area.locked] if self.allowed else []
        hit = [area for area in (*self._marks.suggested, *free) if _holds(area, at)]
        return min(hit, key=_size, default=None)

    def _at(self, held: Area, at: QPointF) -> Area:
        return moved(held, *kept_inside([held], at.x() - self._from.x(), at.y() - self._from.y()))

    def _put(self, area: Area) -> None:
        for name in ("areas", "suggested"):
            there = tuple(area if one.id == area.id else one for one in getattr(self._marks, name))
            setattr(self._marks, name, there)
        self._update()


def _holds(area: Area, at: QPointF) -> bool:
    outline = QPolygonF([QPointF(x, y) for x, y in area.outline().tolist()])
    return outline.containsPoint(at, Qt.FillRule.OddEvenFill)


def _size(area: Area) -> float:
    left, top, right, bottom = box(area)
    return (right - left) * (bottom - top)
