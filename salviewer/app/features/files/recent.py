"""What was opened last: remembered, and offered in a menu."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction

from salviewer.app.features.files.menu import RECENT_MENU, FileMenu
from salviewer.app.state.browsing import place_name, with_recent
from salviewer.app.workers.loader import Opened

if TYPE_CHECKING:
    from salviewer.app.window import Window

_FEW = 3
"""Files opened together that are each remembered; of more, the folders they lie in."""
_WIDEST = 420  # logical pixels of an entry's text


class Recent(QObject):
    """Keeps the list in the settings, and the entries above the first of `menu`."""

    changed = Signal()

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window, self._preferences = window, window.preferences
        self._menu = menu = window.catalogue.submenus[RECENT_MENU]
        self._line = menu.insertSeparator(menu.actions()[0])
        self._entries: list[QAction] = []
        menu.setToolTipsVisible(True)
        window.session.opened.connect(self._note)
        window.documents.opened.connect(lambda opened: self._remember((opened.path,)))
        window.documents.saved.connect(lambda saved: self._remember((saved.path,)))
        self.show()

    @property
    def paths(self) -> tuple[Path, ...]:
        """Newest first."""
        return tuple(map(Path, self._preferences.now.browsing.recent))

    def open(self, path: Path) -> None:
        """Open one of them: a picture, a folder or a project."""
        self._window.menu(FileMenu).open_paths([str(path)])

    def clear(self) -> None:
        """Forget them."""
        self._preferences.change_browsing(recent=())
        self.show()

    def show(self) -> None:
        """Offer what the settings say."""
        for action in self._entries:
            self._menu.removeAction(action)
            action.deleteLater()
        self._entries = [self._entry(number, path) for number, path in enumerate(self.paths, 1)]
        self._menu.insertActions(self._line, self._entries)
        self._menu.menuAction().setEnabled(bool(self._entries))
        self.changed.emit()

    def _note(self, opened: Opened) -> None:
        worth: tuple[Path, ...] = ()
        if opened.loaded is not None and opened.listing is not None:
            worth = opened.asked if len(opened.asked) <= _FEW else opened.listing.folders
        self._remember(() if self._window.projects.path is not None else worth, opened.missing)

    def _remember(self, opened: Iterable[Path], missing: Iterable[Path] = ()) -> None:
        before = self._preferences.now.browsing.recent
        self._preferences.change_browsing(recent=with_recent(before, opened, missing))
        self.show()

    def _entry(self, number: int, path: Path) -> QAction:
        metrics = self._menu.fontMetrics()
        text = metrics.elidedText(place_name(path), Qt.TextElideMode.ElideMiddle, _WIDEST).replace("&", "&&")
        action = QAction(f"&{number}  {text}" if number < 10 else f"{number}  {text}", self._menu)
        action.setToolTip(str(path))
        action.triggered.connect(partial(self.open, path))
        return action
