"""The panel beside the picture: pages of controls behind tabs."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QStackedWidget, QTabBar, QWidget

from salviewer.app.translation import tr
from salviewer.app.widgets.buttons import with_name
from salviewer.app.widgets.layouts import in_column

WIDTH = 292
"""Width of the narrowest page, and least width of the panel, which the user can widen."""


class _Page(QScrollArea):
    """A page, which scrolls in a low window."""

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the content's width as it is now; Qt keeps the first it saw."""
        hint = super().sizeHint()
        content = self.widget()
        return (
            hint
            if content is None
            else QSize(content.sizeHint().width() + 2 * self.frameWidth(), hint.height())
        )


class Panel(QFrame):
    """Holds the pages that features add; a page is known by its id, never by the text of its tab."""

    page_changed = Signal(str)  # the id of the page in front

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setMinimumWidth(WIDTH)
        self.tabs = with_name(QTabBar(), "pages", accessible=tr("Pages of controls"))
        self.tabs.setExpanding(True)
        self.tabs.setDrawBase(False)
        self._ids: list[str] = []
        self._fitted = False
        self._pages = QStackedWidget()
        self.tabs.currentChanged.connect(self._turn)
        in_column(self.tabs, (self._pages, 1), within=self, spacing=0, margins=0)

    def add_page(self, title: str, body: QWidget, id: str = "") -> None:
        """Add a page behind a tab, which scrolls in a low window. Without `id`, the title is its id."""
        scroll = _Page()
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._pages.addWidget(scroll)
        body.installEventFilter(self)
        self._ids.append(id or title)
        self.tabs.addTab(title)
        self.tabs.setVisible(self.tabs.count() > 1)

    def fit(self) -> None:
        """Be as wide as the widest page and all tabs require, from now on: all have their looks."""
        self._fitted = True
        for widget in (self, *self.findChildren(QWidget)):
            widget.ensurePolished()
            widget.updateGeometry()
        for layout in self.findChildren(QLayout):
            layout.invalidate()
        hidden = [place for place in range(self.tabs.count()) if not self.tabs.isTabVisible(place)]
        for place in hidden:
            self.tabs.setTabVisible(place, True)
        self._widen()
        for place in hidden:
            self.tabs.setTabVisible(place, False)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Fit, unless that was done."""
        if not self._fitted:
            self.fit()
        super().showEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Adapt all pages to the width of one, so that changing pages moves nothing."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._widen()
        return super().eventFilter(watched, event)

    def _widen(self) -> None:
        """Fit the width to the widest page and its scroll bar, and to all tabs."""
        if not self._fitted:
            return
        border = self.width() - self.contentsRect().width()
        widest = max(WIDTH, self.tabs.sizeHint().width() + border)
        for place in range(self._pages.count()):
            scroll = self._pages.widget(place)
            body = scroll.widget() if isinstance(scroll, QScrollArea) else None
            if body is None or not isinstance(scroll, QScrollArea):
                continue
            least = max(body.minimumSizeHint().width(), body.minimumWidth())
            widest = max(widest, least + scroll.verticalScrollBar().sizeHint().width() + 1)
        if widest > self.minimumWidth():
            self.setMinimumWidth(widest)

    def show_page(self, id: str) -> None:
        """Bring a page to the front."""
        self.tabs.setCurrentIndex(self._ids.index(id))

    def set_page_visible(self, id: str, visible: bool) -> None:
        """Show or hide a page's tab; if the hidden page was in front, show the first page."""
        place = self._ids.index(id)
        if not visible and self.tabs.currentIndex() == place:
            self.tabs.setCurrentIndex(0)
        self.tabs.setTabVisible(place, visible)
        self._widen()

    @property
    def front(self) -> str:
        """The id of the page in front; "" while there is none."""
        index = self.tabs.currentIndex()
        return self._ids[index] if 0 <= index < len(self._ids) else ""

    def is_front(self, id: str) -> bool:
        """Return whether the user sees this page now."""
        return self.isVisible() and self.front == id

    def _turn(self, index: int) -> None:
        self._pages.setCurrentIndex(index)
        self.page_changed.emit(self.front)
