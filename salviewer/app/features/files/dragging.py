"""Drag what is shown out of the window: into mail, a slide, a folder."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QDrag, QKeyEvent, QPixmap

from salviewer.app.viewer.canvas import Canvas
from salviewer.app.workers.drag_out import DragOut, Parcel

_PREVIEW = QSize(180, 180)  # logical pixels


class DragTool:
    """Takes a press with Ctrl, and starts a drag once the file is written and the mouse has moved.

    Args:
        canvas: where it is pressed.
        files: writes the file.
        prepare: asks `files` for what is shown; returns False if there is nothing.
    """

    def __init__(self, canvas: Canvas, files: DragOut, prepare: Callable[[], bool]) -> None:
        self._canvas, self._files, self._prepare = canvas, files, prepare
        self._parcel: Parcel | None = None
        self._held = self._moved = False
        files.ready.connect(self._take)

    def press(self, at: QPointF, button: Qt.MouseButton, modifiers: Qt.KeyboardModifier) -> bool:
        """Begin with Ctrl and the left button, on the picture."""
        inside = 0 <= at.x() <= 1 and 0 <= at.y() <= 1
        if (
            button != Qt.MouseButton.LeftButton
            or modifiers != Qt.KeyboardModifier.ControlModifier
            or not inside
        ):
            return False
        self._parcel, self._moved = None, False
        self._held = self._prepare()
        return self._held

    def drag(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Start, or wait for the file."""
        self._moved = True
        self._start()

    def release(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """End before it started."""
        self._held = False
        self._files.forget()

    def double_click(self, at: QPointF) -> bool:
        """Do nothing."""
        return False

    def hover(self, at: QPointF | None) -> Qt.CursorShape | None:
        """Do nothing."""
        return None

    def key(self, event: QKeyEvent) -> bool:
        """Do nothing."""
        return False

    def _take(self, parcel: Parcel) -> None:
        self._parcel = parcel
        self._start()

    def _start(self) -> None:
        parcel = self._parcel
        if parcel is None or not self._held or not self._moved:
            return
        self._held, self._parcel = False, None
        self._canvas.let_go()  # the system takes the mouse, and no release follows
        drag = QDrag(self._canvas)
        drag.setMimeData(parcel.mime())
        image = parcel.image.scaled(
            _PREVIEW, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        drag.setPixmap(QPixmap.fromImage(image))
        drag.exec(Qt.DropAction.CopyAction)
