"""Interfaces of what is painted over the picture and its heatmap, and of tools that take the mouse."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QPainter

from salviewer.app.state.viewport import View


class Ornament(Protocol):
    """Something painted over picture and heatmap: areas, hotspots, fixations."""

    def paint(self, painter: QPainter, view: View, ratio: float) -> None:
        """Paint in device pixels, with `ratio` of them per logical pixel; `view` has the picture's place.

        The painter's state is saved before and restored after.
        """


class Tool(Protocol):
    """Mouse and keyboard actions on the picture, in fractions of its width and height.

    Each method returns whether it took the event; events that no tool takes move the picture. Fractions may
    be outside 0..1 if the cursor is beside the picture.
    """

    def press(self, at: QPointF, button: Qt.MouseButton, modifiers: Qt.KeyboardModifier) -> bool:
        """Handle a pressed button; if taken, `drag` and `release` follow."""

    def drag(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Handle a move with the button held."""

    def release(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Handle the released button."""

    def double_click(self, at: QPointF) -> bool:
        """Handle a second press in quick succession."""

    def hover(self, at: QPointF | None) -> Qt.CursorShape | None:
        """Handle a move without a button, None for leaving; return a cursor, or None for the usual one."""

    def key(self, event: QKeyEvent) -> bool:
        """Handle a pressed key while the picture has the keyboard."""
