"""The tool bar, with a menu behind `»` for tools that do not fit."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QMenu, QToolBar, QToolButton, QWidget

from salviewer.app.translation import tr
from salviewer.app.widgets.buttons import with_name
from salviewer.app.workers.timers import single_shot

_WIDE = 34  # logical pixels of that button


class ToolBar(QToolBar):
    """Shows as many tools as fit, from the left; the others are in the menu of `more`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Tools"), parent)
        self.setObjectName("tools")
        self.setMovable(False)
        self.setIconSize(QSize(20, 20))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        own = self.findChild(QToolButton, "qt_toolbar_ext_button")
        if own is not None:  # Qt's button has no room for its arrow beside the style sheet's padding
            own.setFixedSize(0, 0)
            own.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.more = with_name(QToolButton(self), "moreTools")
        self.more.setText("»")
        self.more.setAccessibleName(tr("More tools"))
        self.more.setToolTip(tr("More tools, for which the window is too narrow"))
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.menu = QMenu(self.more)
        self.menu.aboutToShow.connect(self._fill)
        self.more.setMenu(self.menu)
        self.more.hide()
        self._soon = single_shot(self, 0, self._fit)

    @property
    def left_out(self) -> list[QAction]:
        """Return the tools that do not fit now, in order."""
        tools = [action for action in self.actions() if action.isVisible() and not action.isSeparator()]
        edge = self.more.x() if self.more.isVisible() else self.width()
        result = []
        for action in tools:
            button = self.widgetForAction(action)
            if isinstance(button, QToolButton):
                gone = button.isHidden() or button.geometry().right() > edge
                result += [action] if gone else []
        return result

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Show more tools, or fewer."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Lay the tools out again when buttons change their width."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._soon.start()
        return super().event(event)

    def _fit(self) -> None:
        layout = self.layout()
        if layout is None:
            return
        margins = layout.contentsMargins()
        needed = self.sizeHint().width() - (margins.right() if self.more.isVisible() else 0)
        narrow = needed > self.width()
        if narrow != self.more.isVisible():
            margins.setRight(_WIDE if narrow else margins.left())
            layout.setContentsMargins(margins)
            self.more.setVisible(narrow)
        size = QSize(_WIDE - 6, self.more.sizeHint().height())
        self.more.resize(size)
        self.more.move(self.width() - size.width() - 4, (self.height() - size.height()) // 2)
        self.more.raise_()

    def _fill(self) -> None:
        self.menu.clear()
        self.menu.addActions(self.left_out)
