"""Windows that fit small screens: contents that scroll, and sizes that the screen has room for."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

FRAME = 40
"""Logical pixels of a screen's height that a window's own frame may take."""

_LEAST = 120  # logical pixels of a page's height that are always in view


class ScrollPage(QScrollArea):
    """A page as large as its content asks, which scrolls up and down where there is less room.

    Args:
        content: the page.
        least: the smallest width in logical pixels; the page then scrolls sideways, too. None for the
            content's own.
    """

    def __init__(self, content: QWidget, least: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content, self._least = content, least
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        if least is None:
            self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self.setWidget(content)
        content.setAutoFillBackground(False)  # QScrollArea.setWidget sets it
        content.installEventFilter(self)
        policy = self.sizePolicy()
        policy.setHeightForWidth(content.sizePolicy().hasHeightForWidth() or content.hasHeightForWidth())
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:  # noqa: N802
        """As the content's."""
        return self._content.sizeHint()

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """The content's width and the scroll bar's, and a little of its height."""
        least = self._content.minimumSizeHint().expandedTo(self._content.minimumSize())
        bar = self.verticalScrollBar().sizeHint().width()
        wide = least.width() + bar if self._least is None else self._least
        return QSize(wide, min(least.height(), _LEAST))

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """The content's."""
        return max(self._content.heightForWidth(width), self._content.minimumSizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """The content asks for another size."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


def room(window: QWidget) -> QSize:
    """What the window's screen has for it inside its frame, in logical pixels."""
    return window.screen().availableSize() - QSize(0, FRAME)


def fit_on_screen(window: QWidget, width: int, height: int, least: QSize | None = None) -> None:
    """Give a window this size in logical pixels, or as much of it as its screen has.

    Args:
        window: a top-level widget.
        width, height: the size wanted.
        least: its smallest size; smaller where the screen is.
    """
    most = room(window)
    if least is not None:
        window.setMinimumSize(least.boundedTo(most))
    window.resize(QSize(width, height).boundedTo(most))
