"""What may lie over the picture beside its heatmap, and what may take the mouse before the picture moves."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QPainter

from salviewer.app.state.viewport import View


class Ornament(Protocol):
    """Something painted over picture and heatmap: areas, hotspots, fixations."""

    def paint(self, painter: QPainter, view: View, ratio: float) -> None:
        """Paint in device pixels, `ratio` of which are one logical pixel; `view` says where the picture lies.

        The painter's state is saved before and restored after.
        """


class Tool(Protocol):
    """What the mouse and the keyboard do on the picture, in fractions of its width and height.

    Each method answers whether it took the event; what no tool takes moves the picture, as without tools.
    Fractions may lie outside 0..1, where the cursor is beside the picture.
    """

    def press(self, at: QPointF, button: Qt.MouseButton, modifiers: Qt.KeyboardModifier) -> bool:
        """A button went down; taken, `drag` and `release` follow."""

    def drag(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """The mouse moved while the button is held."""

    def release(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """The button went up."""

    def double_click(self, at: QPointF) -> bool:
        """A second press in quick succession."""

    def hover(self, at: QPointF | None) -> Qt.CursorShape | None:
        """The mouse moved with no button held, None when it left; the cursor to show, None for the usual."""

    def key(self, event: QKeyEvent) -> bool:
        """A key went down while the picture has the keyboard."""
