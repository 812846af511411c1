"""Move the painted picture by mouse, touchpad and keyboard."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QPinchGesture, QWidget

from salviewer.app.state.viewport import View
from salviewer.app.translation import tr
from salviewer.app.viewer.ornament import Tool
from salviewer.app.viewer.painted import PaintedPicture

STEP = 1.25
"""Factor of one zoom step."""
TO_THE_END = 1_000_000_000
"""Steps of `Canvas.turn` that exceed any list."""
_WHEEL = 1.0018  # zoom factor per eighth of a degree


class Canvas(PaintedPicture):
    """The picture that the user works with."""

    turn = Signal(int)  # steps to another picture, negative for back; a list stops at its ends
    pointed = Signal()  # `place` has changed
    menu_wanted = Signal(object, object)  # QPointF in fractions of the picture, or None; QPoint of the screen

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self.setAccessibleName(tr("Picture with its heatmap"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.grabGesture(Qt.GestureType.PinchGesture)
        self.setMouseTracking(True)
        self._tools: list[Tool] = []
        self._taken_by: Tool | None = None  # the tool with the current drag
        self._dragged_from: QPointF | None = None
        self._cursor: QPointF | None = None
        self._place: tuple[float, float] | None = None

    @property
    def place(self) -> tuple[float, float] | None:
        """The place under the cursor, in fractions of the picture's width and height; None outside it."""
        return self._place

    def point(self, place: tuple[float, float] | None) -> None:
        """Set the place from the cursor on another canvas with the same picture."""
        if place != self._place:
            self._place = place
            self.pointed.emit()

    def add_tool(self, tool: Tool) -> None:
        """Give a tool the mouse and keys before the picture, and before tools added earlier."""
        self._tools.insert(0, tool)

    def fraction(self, position: QPointF) -> QPointF | None:
        """Convert a point of the widget to fractions of the picture; None without a picture."""
        if self._view is None:
            return None
        x, y = self._view.to_picture(*self._device(position))
        return QPointF(x / self._view.picture[0], y / self._view.picture[1])

    def set_view(self, view: View | None) -> None:
        """Set the view, and update the place under the cursor."""
        super().set_view(view)
        self._point()

    def _point(self) -> None:
        place = None
        at = None if self._cursor is None else self.fraction(self._cursor)
        if at is not None:
            place = (at.x(), at.y()) if 0 <= at.x() < 1 and 0 <= at.y() < 1 else None
        self.point(place)

    def event(self, event: QEvent) -> bool:
        """Zoom by pinching."""
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self.zoom(1.0 + event.value(), event.position())
                return True
        elif event.type() == QEvent.Type.Gesture:
            pinch = event.gesture(Qt.GestureType.PinchGesture)  # type: ignore[attr-defined]
            if isinstance(pinch, QPinchGesture):
                self.zoom(pinch.scaleFactor(), QPointF(self.mapFromGlobal(pinch.centerPoint().toPoint())))
                return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Zoom to the cursor with a wheel; pan with two fingers on a touchpad, and zoom with Ctrl."""
        turned = event.angleDelta()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        fingers = event.phase() != Qt.ScrollPhase.NoScrollPhase
        if control or not (fingers or shift or turned.x()):
            self.zoom(_WHEEL ** max(min(turned.y(), 600), -600), event.position())
        else:
            moved = event.pixelDelta() if not event.pixelDelta().isNull() else turned / 2
            dx, dy = (moved.y(), 0) if shift and not moved.x() else (moved.x(), moved.y())
            self.pan(dx, dy)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Pass a press to a tool, or begin to drag the picture."""
        at = self.fraction(event.position())
        if at is None or self._taken_by is not None:
            return
        for tool in self._tools:
            if tool.press(at, event.button(), event.modifiers()):
                self._taken_by = tool
                return
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._dragged_from = event.position()
            self.peek(False)
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Continue a tool's action or a drag, or report the place."""
        self._cursor = event.position()
        at = self.fraction(event.position())
        if self._taken_by is not None and at is not None:
            self._taken_by.drag(at, event.modifiers())
            self._point()
        elif self._dragged_from is not None:
            moved = event.position() - self._dragged_from
            self._dragged_from = event.position()
            self.pan(moved.x(), moved.y())
        else:
            self._hover(at)
            self._point()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Report that the cursor has left."""
        self._cursor = None
        self._hover(None)
        self._point()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """End a tool's action or a drag."""
        at, tool = self.fraction(event.position()), self._taken_by
        self._dragged_from = self._taken_by = None
        if tool is not None and at is not None:
            tool.release(at, event.modifiers())
        self._hover(at)

    def let_go(self) -> None:
        """End a tool's action without a release: the system has taken the mouse for a drag."""
        self._dragged_from = self._taken_by = None

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Request the menu: at the mouse, or by keyboard for the selection."""
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        at = self.fraction(QPointF(event.pos())) if by_mouse else None
        if self._taken_by is None:
            self.menu_wanted.emit(at, event.globalPos())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Pass to a tool, or switch between the whole picture and actual size at the cursor."""
        at = self.fraction(event.position())
        if at is None or event.button() != Qt.MouseButton.LeftButton or self._view is None:
            return
        if any(tool.double_click(at) for tool in self._tools):
            return
        if self._view.fitted and not math.isclose(self._view.scale, 1.0):
            self.set_view(self._view.actual(*self._device(event.position())))
        else:
            self.fit()

    def _hover(self, at: QPointF | None) -> None:
        shapes = [tool.hover(at) for tool in self._tools]
        shape = next((shape for shape in shapes if shape is not None), None)
        if shape is None:
            self.unsetCursor()
        else:
            self.setCursor(shape)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Show the bare picture while Space is held; go to other pictures with arrows, Home and End."""
        steps = {
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_PageDown: 1,
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageUp: -1,
            Qt.Key.Key_Home: -TO_THE_END,
            Qt.Key.Key_End: TO_THE_END,
        }
        key = Qt.Key(event.key())
        if any(tool.key(event) for tool in self._tools):
            return
        if key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self.peek(True)
        elif key in steps and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.turn.emit(steps[key])
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Show the layer again."""
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self.peek(False)
        else:
            super().keyReleaseEvent(event)
