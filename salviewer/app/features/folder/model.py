"""The pictures of the list as an item model for Qt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from salviewer.app.features.folder.thumbs import Thumbnails
from salviewer.app.translation import tr
from salviewer.media.openers.pages import known_page_name
from salviewer.media.picture_list import Listing

THUMB = int(Qt.ItemDataRole.UserRole)
"""Role of the `Thumb`; None while there is none."""

SHOWN = THUMB + 1
"""Role of a flag: whether the picture is on screen."""

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class Pictures(QAbstractListModel):
    """The filtered pictures. Ten thousand cost nothing until they become visible."""

    def __init__(self, thumbs: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbs = thumbs
        self._listing = Listing()
        self._shown: Path | None = None
        thumbs.made.connect(self.redraw)

    def set_listing(self, listing: Listing) -> None:
        """Show other pictures."""
        if listing.walked != self._listing.walked:
            self.beginResetModel()
            self._listing = listing
            self.endResetModel()
        else:
            self._listing = listing

    def set_shown(self, path: Path | None) -> None:
        """Mark the picture that is on screen."""
        before, self._shown = self._shown, path
        self.redraw(before)
        self.redraw(path)

    def path(self, row: int) -> Path:
        """Return the picture in a row."""
        return self._listing.walked[row]

    def row(self, path: Path | None) -> int:
        """Return the row of a picture; -1 if it is not listed."""
        return -1 if path is None else self._listing.index.get(path, -1)

    def redraw(self, path: Path | None) -> None:
        """Announce that a picture's data have changed."""
        row = self.row(path)
        if row >= 0:
            self.dataChanged.emit(self.index(row), self.index(row))

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802
        """Return the number of pictures."""
        return 0 if parent.isValid() else len(self._listing.walked)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return name, tooltip, text for a screen reader, thumbnail or mark."""
        if not index.isValid():
            return None
        path = self.path(index.row())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return path.name
            case Qt.ItemDataRole.ToolTipRole:
                thumb = self._thumbs.get(path)
                if thumb is not None and thumb.error:
                    return thumb.error
                name = known_page_name(path)
                return f"{name}\n{path}" if name else str(path)
            case Qt.ItemDataRole.AccessibleTextRole:
                thumb = self._thumbs.get(path)
                remarks = [path.name, known_page_name(path), tr("on screen") if path == self._shown else ""]
                remarks.append(tr("cannot be opened") if thumb is not None and thumb.error else "")
                return ", ".join(remark for remark in remarks if remark)
            case int() if role == THUMB:
                return self._thumbs.get(path)
            case int() if role == SHOWN:
                return path == self._shown
        return None
