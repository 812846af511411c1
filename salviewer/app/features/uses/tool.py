"""Drag the crop's frame with the mouse, and correct the cut-out by clicks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent

from salviewer.core.applications.cutouts import Click

if TYPE_CHECKING:
    from salviewer.app.features.uses.controller import UseController

_OTHERWISE = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_LEAP = 10  # pixels of the picture per key with Shift


class UseTool:
    """A `Tool` of the canvas: active while the page of uses is in front and there is something to change.

    Attributes:
        active: whether it takes the mouse.
    """

    def __init__(self, controller: UseController) -> None:
        self._controller = controller
        self.active = False
        self._grip: tuple[QPointF, int, int] | None = None  # where the drag began, and the frame's place then

    def press(self, at: QPointF, button: Qt.MouseButton, modifiers: Qt.KeyboardModifier) -> bool:
        """Take the frame, or say whether a place belongs to the thing."""
        controller = self._controller
        if not self.active or button != Qt.MouseButton.LeftButton:
            return False
        on_picture = 0 <= at.x() <= 1 and 0 <= at.y() <= 1
        if controller.choices.kind == "cutout" and on_picture:
            controller.click(Click(at.x(), at.y(), not modifiers & _OTHERWISE))
            return True
        crop = controller.crop
        if crop is None or not self._on_frame(at):
            return False
        self._grip = at, crop.left, crop.top
        return True

    def drag(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Move the frame."""
        crop = self._controller.crop
        if self._grip is None or crop is None:
            return
        start, left, top = self._grip
        wide, high = crop.picture
        moved = (at.x() - start.x()) * wide, (at.y() - start.y()) * high
        self._controller.drag_crop(left + round(moved[0]), top + round(moved[1]))

    def release(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Leave the frame where it is."""
        self._grip = None

    def double_click(self, at: QPointF) -> bool:
        """Put the frame back where it keeps most."""
        if self.active and self._controller.crop is not None and self._on_frame(at):
            self._controller.find_best()
            return True
        return self.active and self._controller.choices.kind == "cutout"

    def hover(self, at: QPointF | None) -> Qt.CursorShape | None:
        """Show what a press would do."""
        if at is None or not self.active:
            return None
        if self._controller.choices.kind == "cutout":
            return Qt.CursorShape.CrossCursor
        return Qt.CursorShape.SizeAllCursor if self._on_frame(at) else None

    def key(self, event: QKeyEvent) -> bool:
        """Nudge the frame with Alt and an arrow; with Shift too, by ten pixels."""
        step, crop = _ARROWS.get(Qt.Key(event.key())), self._controller.crop
        if not self.active or step is None or crop is None:
            return False
        if not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            return False
        far = _LEAP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        self._controller.drag_crop(crop.left + far * step[0], crop.top + far * step[1])
        return True

    def _on_frame(self, at: QPointF) -> bool:
        crop = self._controller.crop
        if crop is None:
            return False
        x, y, width, height = crop.fractions
        return x <= at.x() <= x + width and y <= at.y() <= y + height
