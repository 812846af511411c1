"""Draw, select, move and reshape areas with the mouse on the picture, and nudge them by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent

from salviewer.app.features.areas.draft import Draft
from salviewer.app.features.areas.drags import Drag, Draw, Move, Reshape
from salviewer.app.features.areas.hit_testing import HitTest
from salviewer.app.translation import tr
from salviewer.core.area_shapes import Guides, Handle, Point, with_point, without_point
from salviewer.core.areas import Area, Polygon

if TYPE_CHECKING:
    from salviewer.app.state.areas import AreaStore
    from salviewer.app.viewer.canvas import Canvas

Mode = Literal["select", "rectangle", "ellipse", "polygon"]

_STARTS = 4.0  # logical pixels after which a press becomes a drag
_SNAP = 5.0  # logical pixels within which an edge snaps; not while Ctrl is held
_STEP, _LEAP = 1.0, 10.0  # logical pixels per arrow key, without and with Shift
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_TAKES_AWAY = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier


class AreaTool(QObject):
    """A `Tool` of the canvas. A newly drawn area is selected, and the mouse then moves areas again."""

    mode_changed = Signal(str)
    rename_wanted = Signal()  # of the area that is selected
    redraw = Signal()  # the tool's painting has changed

    def __init__(self, canvas: Canvas, areas: AreaStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._canvas, self._areas = canvas, areas
        self._mode: Mode = "select"
        self._drag: Drag | None = None
        self._begun = False  # whether the mouse has moved enough for a drag
        self._draft = Draft()
        self.active = True  # off while areas are not shown
        areas.turned.connect(self._drop)

    @property
    def mode(self) -> Mode:
        """The action of a press on the picture."""
        return self._mode

    def set_mode(self, mode: Mode) -> None:
        """Draw something, or select and move; a half-drawn polygon is dropped."""
        self._draft.clear()
        if mode != "select":
            self._areas.select(())
        if mode != self._mode:
            self._mode = mode
            self.mode_changed.emit(mode)
        self.redraw.emit()

    def handles(self) -> tuple[Handle, ...]:
        """Return the handles of the selected area; empty unless exactly one is selected."""
        selected = self._areas.selected
        free = len(selected) == 1 and not selected[0].locked
        return self._hit_test().grips(selected[0]) if free else ()

    @property
    def draft(self) -> tuple[Point, ...]:
        """The half-drawn polygon, as in `Draft.line`."""
        return self._draft.line

    # The mouse

    def under(self, at: QPointF) -> Area | None:
        """Return the area at a point, in fractions of the picture; None while areas are hidden."""
        return self._hit_test().area(self._areas.all, at) if self.active else None

    def press(self, at: QPointF, button: Qt.MouseButton, modifiers: Qt.KeyboardModifier) -> bool:
        """Begin to draw, reshape or move, or add a point to a polygon."""
        if button != Qt.MouseButton.LeftButton or not self.active:
            return False
        if self._mode == "polygon":
            self._put_point(at)
        elif self._mode != "select":
            self._begin(Draw(self._areas, at, self._mode))
        else:
            return self._take(at, modifiers)
        return True

    def drag(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Follow the mouse after it has clearly moved."""
        if self._drag is None:
            self.hover(at)
            return
        hits = self._hit_test()
        self._begun = self._begun or hits.apart(self._drag.start, at) >= _STARTS
        if self._begun:
            free = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
            others = [area for area in self._areas.all if area.id not in self._areas.selection]
            tolerance = hits.fractions(0 if free else _SNAP)
            self._drag.guides = Guides.of(others, tolerance)
            try:
                self._drag.to(at, hits.square if modifiers & _SHIFT else 0.0)
            except ValueError:  # it would cover nothing, so it stays as it was
                return

    def release(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Finish drawing, or select the area that was only pressed."""
        drag, self._drag = self._drag, None
        if drag is None:
            return
        if isinstance(drag, Draw) and self._begun:
            drawn = self._areas.selection
            self.set_mode("select")
            self._areas.select(drawn)
        elif drag.chosen and not self._begun:
            self._areas.select([drag.chosen])

    def double_click(self, at: QPointF) -> bool:
        """Close the drawn polygon, add a point to a side of the selected one, or rename an area."""
        if not self.active:
            return False
        if self._mode != "select":
            self._close()
            return True
        selected, hits = self._areas.selected, self._hit_test()
        if len(selected) == 1 and isinstance(selected[0], Polygon):
            if hits.grip(selected[0], at) is not None:
                return True
            side = hits.side(selected[0], at)
            if side is not None:
                self._areas.put([with_point(selected[0], side, (at.x(), at.y()))], tr("add a point"))
                return True
        hit = hits.area(self._areas.all, at)
        if hit is not None:
            self._areas.select([hit.id])
            self.rename_wanted.emit()
        return hit is not None

    def hover(self, at: QPointF | None) -> Qt.CursorShape | None:
        """Set the cursor by what a press would do."""
        if self._draft:
            self._draft.cursor = at
            self.redraw.emit()
        if at is None or not self.active:
            return None
        if self._mode != "select":
            return Qt.CursorShape.CrossCursor
        handle = self._grip(at)
        if handle is not None:
            return _cursor(handle)
        hit = self._hit_test().area(self._areas.all, at)
        if hit is None:
            return None
        chosen = hit.id in self._areas.selection
        return Qt.CursorShape.SizeAllCursor if chosen else Qt.CursorShape.PointingHandCursor

    # The keyboard

    def key(self, event: QKeyEvent) -> bool:
        """Finish or cancel the drawing, remove its last point, or move, delete or deselect areas."""
        key, modifiers = Qt.Key(event.key()), event.modifiers()
        if not self.active:
            return False
        if key == Qt.Key.Key_Escape:
            return self._cancel()
        if self._draft:
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._close()
                return True
            if key == Qt.Key.Key_Backspace:
                self._draft.pop()
                self.redraw.emit()
                return True
        if not self._areas.selection or self._drag is not None:
            return False
        if key == Qt.Key.Key_Backspace:
            self._areas.remove(self._areas.selection)
            return True
        if key in _ARROWS and not modifiers & ~(Qt.KeyboardModifier.KeypadModifier | _SHIFT):
            dx, dy = self._hit_test().fractions(_LEAP if modifiers & _SHIFT else _STEP)
            self._areas.move(_ARROWS[key][0] * dx, _ARROWS[key][1] * dy)
            return True
        return False

    def _cancel(self) -> bool:
        if self._drag is not None:
            drag, self._drag = self._drag, None
            drag.cancel()
        elif self._draft:
            self._draft.clear()
            self.redraw.emit()
        elif self._mode != "select":
            self.set_mode("select")
        elif self._areas.selection:
            self._areas.select(())
        else:
            return False
        return True

    def _drop(self) -> None:
        self._drag = None
        self._draft.clear()

    def _take(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> bool:
        areas = self._areas
        handle = self._grip(at)
        if handle is not None:
            (area,) = areas.selected
            if handle.vertex >= 0 and modifiers & _TAKES_AWAY:
                self._remove_point(area, handle.vertex)
            else:
                self._begin(Reshape(areas, at, area, handle))
            return True
        hit = self._hit_test().area(areas.all, at)
        if hit is None:
            if not modifiers & _SHIFT:
                areas.select(())
            return False
        chosen = ""
        if modifiers & _SHIFT:
            areas.select(areas.selection ^ {hit.id})
        elif hit.id in areas.selection:
            chosen = hit.id
        else:
            areas.select([hit.id])
        if hit.id in areas.selection:
            self._begin(Move(areas, at, chosen))
        return True

    def _begin(self, drag: Drag) -> None:
        self._drag, self._begun = drag, False

    def _remove_point(self, area: Area, vertex: int) -> None:
        if isinstance(area, Polygon):
            try:
                self._areas.put([without_point(area, vertex)], tr("delete a point"))
            except ValueError:  # it had three points, or the others lie on one line
                return

    def _put_point(self, at: QPointF) -> None:
        if self._draft.closes(at, self._hit_test()):
            self._close()
        else:
            self._draft.put(at)
            self.redraw.emit()

    def _close(self) -> None:
        area = self._draft.closed(self._areas.new_name(), self._areas.new_hue())
        if area is not None:
            self._areas.put([area], tr("draw a polygon"))
            self.set_mode("select")
            self._areas.select([area.id])

    def _grip(self, at: QPointF) -> Handle | None:
        selected = self._areas.selected
        free = len(selected) == 1 and not selected[0].locked
        return self._hit_test().grip(selected[0], at) if free else None

    def _hit_test(self) -> HitTest:
        return HitTest(self._canvas.picture_rect())


def _cursor(handle: Handle) -> Qt.CursorShape:
    if handle.vertex >= 0:
        return Qt.CursorShape.CrossCursor
    if not handle.across:
        return Qt.CursorShape.SizeVerCursor
    if not handle.down:
        return Qt.CursorShape.SizeHorCursor
    along = handle.across == handle.down
    return Qt.CursorShape.SizeFDiagCursor if along else Qt.CursorShape.SizeBDiagCursor
