"""Fit windows to small screens: scrolling contents, and sizes within the screen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

FRAME = 40
"""Height of a window's frame, in logical pixels, to allow for."""

_LEAST = 120  # least visible height of a page, in logical pixels


class ScrollPage(QScrollArea):
    """A page as large as its content, which scrolls down if there is less space.

    Args:
        content: the page.
        least: the smallest width in logical pixels, below which the page scrolls sideways too. None for the
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
        """Return the content's size."""
        return self._content.sizeHint()

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the width of content and scroll bar, and a part of the content's height."""
        least = self._content.minimumSizeHint().expandedTo(self._content.minimumSize())
        bar = self.verticalScrollBar().sizeHint().width()
        wide = least.width() + bar if self._least is None else self._least
        return QSize(wide, min(least.height(), _LEAST))

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """Return the content's height for a width."""
        return max(self._content.heightForWidth(width), self._content.minimumSizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Adapt to another size of the content."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


def room(window: QWidget) -> QSize:
    """Return the largest size of a window on its screen, without frame, in logical pixels."""
    return window.screen().availableSize() - QSize(0, FRAME)


def fit_on_screen(window: QWidget, width: int, height: int, least: QSize | None = None) -> None:
    """Resize a window in logical pixels, at most to the size of its screen.

    Args:
        window: a top-level widget.
        width, height: the requested size.
        least: its smallest size; smaller on a small screen.
    """
    most = room(window)
    if least is not None:
        window.setMinimumSize(least.boundedTo(most))
    window.resize(QSize(width, height).boundedTo(most))
