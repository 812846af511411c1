"""The window: layout, drag and drop, and closing; `composition` builds its content."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from salviewer.app.menu_bar import draw_menus, draw_toolbar
from salviewer.app.shell import incoming
from salviewer.app.shell.first_page import FirstPage
from salviewer.app.shell.incoming import DropTarget, DropTargets
from salviewer.app.shell.window_place import restore_place, save_place
from salviewer.app.widgets.buttons import with_name
from salviewer.app.widgets.layouts import in_column, side_by_side
from salviewer.app.widgets.scrolling import ScrollPage, fit_on_screen

if TYPE_CHECKING:
    from salviewer.app.workbench import Feature, Workbench

Kind = TypeVar("Kind")

CLOSING = 4.0
"""Seconds for which closing waits for running work."""


class Window(QMainWindow):
    """The frame for a workbench and its features: `Layout`, and the three parts side by side."""

    bench: Workbench

    def __init__(self, first_page: FirstPage) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setWindowTitle("salviewer")
        self.setAcceptDrops(True)
        self.first_page = first_page
        self.features: Sequence[Feature] = ()
        self.stopped = False  # whether every thread had ended by the time the window closed
        self._drops = DropTargets()
        self._pages = QStackedWidget()
        self._pages.addWidget(ScrollPage(first_page, least=200))
        body = QWidget()
        self._column = in_column(within=body, spacing=0, margins=0)
        self._across = with_name(side_by_side((body, 1)), "across")
        self.setCentralWidget(self._across)

    def hold(self, bench: Workbench) -> None:
        """Add the workbench's widgets."""
        self.bench = bench
        self._column.addWidget(self._pages, 1)
        self._pages.addWidget(bench.stage)
        self._across.addWidget(bench.panel)
        bench.notices.lie_over(self._pages)
        self.setStatusBar(bench.status)
        bench.session.picture_changed.connect(self._show_stage)

    def lay_out(self, features: Sequence[Feature]) -> None:
        """Build menus and tool bar from all features' commands, and restore the window's place."""
        self.features = features
        self.bench.theme.apply_sheet()  # last: it dresses again all that is put into another widget
        self.bench.panel.fit()
        draw_menus(self, self.bench.commands)
        draw_toolbar(self, self.bench.commands)
        fit_on_screen(self, 1180, 860)
        restore_place(self, self._across, self.bench.settings.file.folder)
        fit_on_screen(self, self.width(), self.height())  # the screen may be smaller than last time

    def feature(self, kind: type[Kind]) -> Kind:
        """Return the feature of a class."""
        return next(feature for feature in self.features if isinstance(feature, kind))

    def add_beside(self, widget: QWidget) -> None:
        """Put a widget to the left of the picture."""
        self._across.insertWidget(0, widget)

    def add_below(self, widget: QWidget) -> None:
        """Put a widget below the picture."""
        self._column.addWidget(widget)

    def widen_panel(self, width: int, share: float) -> None:
        """Widen the panel to `width` logical pixels, unless the picture would get less than its share.

        Args:
            width: of the panel, in logical pixels.
            share: of the window's width that everything beside the picture may take.
        """
        *others, body, panel = self._across.sizes()
        if sum(others) + width <= share * sum((*others, body, panel)):
            self._across.setSizes([*others, body + panel - width, width])

    def add_drop_target(self, target: DropTarget) -> None:
        """Offer drops to `target` before they are opened."""
        self._drops.add(target)

    def focus_picture(self) -> None:
        """Focus the picture, or the first button if there is none."""
        (self.first_page.open if self.bench.session.loaded is None else self.bench.stage.canvas).setFocus()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Accept pictures and files, but not what is dragged out of this window."""
        if event.source() is not self.bench.stage.canvas and incoming.acceptable(event.mimeData()):
            self.first_page.set_hovered(True)
            self.dragMoveEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802
        """Show what a drop here would do."""
        event.acceptProposedAction()
        self._drops.hold(event.position())

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802
        """Hide the hint."""
        self.first_page.set_hovered(False)
        self._drops.leave()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Offer the drop to the targets in turn."""
        self.first_page.set_hovered(False)
        event.acceptProposedAction()
        self._drops.drop(event.mimeData(), event.position())
        self.activateWindow()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Dismiss the message with Escape, then focus the picture."""
        if event.key() == Qt.Key.Key_Escape:
            self.bench.notices.dismiss()
            self.focus_picture()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Ask the features, save the settings, then give running work a limited time to end."""
        if not all(feature.may_close() for feature in self.features):
            event.ignore()
            return
        for feature in self.features:
            feature.close()
        save_place(self, self._across, self.bench.settings.file.folder)
        self.bench.settings.write()
        self.hide()
        self.bench.files.writer.cancel()
        self.bench.workers.close()
        self.stopped = self.bench.workers.join(CLOSING)
        event.accept()

    def _show_stage(self) -> None:
        self._pages.setCurrentWidget(self.bench.stage)
        self.focus_picture()
