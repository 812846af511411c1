"""Recent files: kept in the settings, offered in a menu and on the first page."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from salviewer.app.state.browsing import place_name, with_recent
from salviewer.app.state.settings import ViewerSettings
from salviewer.app.workbench import Workbench
from salviewer.app.workers.loader import Opened

_FEW = 3
"""Most files opened together that are listed one by one; of more, their folders are listed."""
_WIDEST = 420  # logical pixels of an entry's text


class Recent(QObject):
    """Keeps the list in the settings, and its entries at the top of the submenu."""

    def __init__(self, bench: Workbench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench, self._settings = bench, bench.settings
        self._menu: QMenu | None = None
        self._line: QAction | None = None
        self._entries: list[QAction] = []
        bench.session.opened.connect(self._note)
        bench.files.documents.opened.connect(lambda opened: self._keep((opened.path,)))
        bench.files.documents.saved.connect(lambda saved: self._keep((saved.path,)))
        bench.settings.follow(self._apply)

    @property
    def paths(self) -> tuple[Path, ...]:
        """Recent paths, newest first."""
        return tuple(map(Path, self._settings.now.browsing.recent))

    def fill(self, menu: QMenu) -> None:
        """Add the entries at the top of `menu`."""
        self._menu = menu
        self._line = menu.insertSeparator(menu.actions()[0])
        menu.setToolTipsVisible(True)
        self._show()

    def open(self, path: Path) -> None:
        """Open an entry: a picture, a folder or a project."""
        self._bench.session.request([path])

    def clear(self) -> None:
        """Empty the list."""
        self._settings.change_browsing(recent=())

    def _apply(self, before: ViewerSettings | None, now: ViewerSettings) -> None:
        if before is None or before.browsing.recent != now.browsing.recent:
            self._show()

    def _show(self) -> None:
        self._bench.layout.first_page.set_recent(self.paths)
        menu = self._menu
        if menu is None or self._line is None:
            return
        for action in self._entries:
            menu.removeAction(action)
            action.deleteLater()
        self._entries = [self._entry(menu, number, path) for number, path in enumerate(self.paths, 1)]
        menu.insertActions(self._line, self._entries)
        menu.menuAction().setEnabled(bool(self._entries))

    def _note(self, opened: Opened) -> None:
        worth: tuple[Path, ...] = ()
        if opened.loaded is not None and opened.listing is not None:
            worth = opened.asked if len(opened.asked) <= _FEW else opened.listing.folders
        self._keep(() if self._bench.project.path is not None else worth, opened.missing)

    def _keep(self, opened: Iterable[Path], missing: Iterable[Path] = ()) -> None:
        before = self._settings.now.browsing.recent
        self._settings.change_browsing(recent=with_recent(before, opened, missing))

    def _entry(self, menu: QMenu, number: int, path: Path) -> QAction:
        metrics = menu.fontMetrics()
        text = metrics.elidedText(place_name(path), Qt.TextElideMode.ElideMiddle, _WIDEST).replace("&", "&&")
        action = QAction(f"&{number}  {text}" if number < 10 else f"{number}  {text}", menu)
        action.setToolTip(str(path))
        action.triggered.connect(partial(self.open, path))
        return action
