"""A part of a page behind a heading: folded until somebody asks for it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QWidget

from salviewer.app.translation import tr
from salviewer.app.widgets.buttons import with_name
from salviewer.app.widgets.layouts import in_column


class Folded(QWidget):
    """Shows its content below the heading while that is pressed."""

    def __init__(self, title: str, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = with_name(QToolButton(), "fold")
        self.heading.setText(title)
        self.heading.setCheckable(True)
        self.heading.setToolTip(tr("Show or hide this part"))
        self.heading.setArrowType(Qt.ArrowType.RightArrow)
        self.heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.heading.toggled.connect(self._unfold)
        self.content = content
        content.hide()
        in_column(self.heading, content, within=self, spacing=8, margins=0)

    def _unfold(self, shown: bool) -> None:
        self.heading.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)
        self.content.setVisible(shown)
