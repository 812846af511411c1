"""The space bar on the picture: plays and pauses a video."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent


class SpaceTool:
    """A canvas `Tool` that takes one key and no mouse.

    Args:
        toggle: plays or pauses; False when there is nothing to play.
    """

    def __init__(self, toggle: Callable[[], bool]) -> None:
        self._toggle = toggle

    def press(self, at: QPointF, button: Qt.MouseButton, modifiers: Qt.KeyboardModifier) -> bool:
        """Leaves the mouse to others."""
        return False

    def drag(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Never, since no press is taken."""

    def release(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Never, since no press is taken."""

    def double_click(self, at: QPointF) -> bool:
        """Leaves the mouse to others."""
        return False

    def hover(self, at: QPointF | None) -> Qt.CursorShape | None:
        """The usual cursor."""
        return None

    def key(self, event: QKeyEvent) -> bool:
        """Space, unless it is only held."""
        if event.key() != Qt.Key.Key_Space or event.modifiers():
            return False
        return event.isAutoRepeat() or self._toggle()
