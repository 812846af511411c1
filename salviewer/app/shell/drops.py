"""Who takes what is dropped on the window: the targets in turn, the newest first."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QMimeData, QPointF


class DropTarget(Protocol):
    """Takes what is dropped on a part of the window, before it is opened as a picture."""

    def hold(self, at: QPointF) -> None:
        """Show what letting go at a point of the window would do."""

    def leave(self) -> None:
        """Show nothing any more."""

    def drop(self, mime: QMimeData, at: QPointF) -> bool:
        """Take what was dropped; return whether it was."""


class DropTargets:
    """The targets of one window, as one."""

    def __init__(self) -> None:
        self._targets: list[DropTarget] = []

    def add(self, target: DropTarget) -> None:
        """Ask `target` before those that are there."""
        self._targets.insert(0, target)

    def hold(self, at: QPointF) -> None:
        """Something is held over a point of the window."""
        for target in self._targets:
            target.hold(at)

    def leave(self) -> None:
        """It is held elsewhere."""
        for target in self._targets:
            target.leave()

    def drop(self, mime: QMimeData, at: QPointF) -> None:
        """Offer what was dropped to the targets in turn; the others let go of it."""
        taken = False
        for target in self._targets:
            if taken:
                target.leave()
            else:
                taken = target.drop(mime, at)
