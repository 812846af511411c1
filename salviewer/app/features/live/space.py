"""Play and pause a video with the space bar on the picture."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent


class SpaceTool:
    """A canvas `Tool` that handles one key and no mouse.

    Args:
        toggle: plays or pauses; returns False if there is nothing to play.
    """

    def __init__(self, toggle: Callable[[], bool]) -> None:
        self._toggle = toggle

    def press(self, at: QPointF, button: Qt.MouseButton, modifiers: Qt.KeyboardModifier) -> bool:
        """Leave the mouse to others."""
        return False

    def drag(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Do nothing: no press is taken."""

    def release(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Do nothing: no press is taken."""

    def double_click(self, at: QPointF) -> bool:
        """Leave the mouse to others."""
        return False

    def hover(self, at: QPointF | None) -> Qt.CursorShape | None:
        """Keep the usual cursor."""
        return None

    def key(self, event: QKeyEvent) -> bool:
        """Handle Space, unless it is an automatic repetition."""
        if event.key() != Qt.Key.Key_Space or event.modifiers():
            return False
        return event.isAutoRepeat() or self._toggle()
