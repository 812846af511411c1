"""The base of the dialogs, and questions in a box. None blocks the event loop."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QMessageBox, QWidget


class Dialog(QDialog):
    """A dialog that is deleted when it is closed.

    Args:
        name: its object name.
        title: in its title bar.
        width: the smallest, in logical pixels; 0 for what the content needs.
    """

    def __init__(self, name: str, title: str, parent: QWidget | None, width: int = 0) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if width:
            self.setMinimumWidth(width)


def question(parent: QWidget, name: str, text: str, detail: str = "", title: str = "") -> QMessageBox:
    """Make a box with a question; add its buttons next, then open it.

    Args:
        name: its object name.
        text: the question, in plain text.
        detail: explains it.
        title: in its title bar.
    """
    box = QMessageBox(parent)
    box.setObjectName(name)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setIcon(QMessageBox.Icon.Question)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(title)
    box.setText(text)
    box.setInformativeText(detail)
    return box


def to_front(window: QWidget) -> None:
    """Show a window in front of the others, with the keyboard."""
    window.show()
    window.raise_()
    window.activateWindow()
