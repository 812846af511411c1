"""What was opened last: remembered, and offered in a menu."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from salviewer.app.browsing import place_name, with_recent
from salviewer.app.preferences import Preferences
from salviewer.app.session import Session
from salviewer.app.work.loader import Opened

_FEW = 3
"""Files opened together that are each remembered; of more, the folders they lie in."""
_WIDEST = 420  # logical pixels of an entry's text


class Recent(QObject):
    """Keeps the list in the settings, and the entries above the first of `menu`."""

    changed = Signal()

    def __init__(self, menu: QMenu, preferences: Preferences, session: Session) -> None:
        super().__init__(menu)
        self._menu, self._preferences, self._session = menu, preferences, session
        self._before = menu.actions()[0]
        self._line = menu.insertSeparator(self._before)
        self._entries: list[QAction] = []
        menu.setToolTipsVisible(True)
        session.opened.connect(self._note)
        self.show()

    @property
    def paths(self) -> tuple[Path, ...]:
        """Newest first."""
        return tuple(map(Path, self._preferences.now.browsing.recent))

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
        before = self._preferences.now.browsing.recent
        self._preferences.change_browsing(recent=with_recent(before, worth, opened.missing))
        self.show()

    def _entry(self, number: int, path: Path) -> QAction:
        metrics = self._menu.fontMetrics()
        text = metrics.elidedText(place_name(path), Qt.TextElideMode.ElideMiddle, _WIDEST).replace("&", "&&")
        action = QAction(f"&{number}  {text}" if number < 10 else f"{number}  {text}", self._menu)
        action.setToolTip(str(path))
        action.triggered.connect(partial(self._session.open, [path]))
        return action
