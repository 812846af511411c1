"""Suggestions to accept or to drop, one by one or all: a list with check marks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from salviewer.app.translation import tr
from salviewer.app.widgets.buttons import button, label, with_name
from salviewer.app.widgets.layouts import STRETCH, in_column, in_row

_PLACE = Qt.ItemDataRole.UserRole


class SuggestionList(QWidget):
    """A list of suggestions: checked ones are accepted together; impossible ones are only named.

    Args:
        heading: what the suggestions are.
    """

    accepted = Signal(object)  # tuple of int: places of the checked rows
    dropped = Signal()
    pointed = Signal(int)  # the place of the current row; -1 for none

    def __init__(self, heading: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("suggestions")
        self.list = with_name(QListWidget(), "suggestionList", accessible=tr("Suggested areas"))
        self.list.setSpacing(2)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # tips have whole texts
        self.list.setMinimumHeight(90)
        self.list.setMaximumHeight(190)
        self.list.currentRowChanged.connect(self.pointed)
        self.heading = label(heading, "muted", wrap=True)
        tip = tr("Put the checked areas on the picture")
        accept = button("acceptSuggestions", tr("&Accept"), tip, self._accept, primary=True)
        drop = button("dropSuggestions", tr("&Drop all"), tr("Forget the suggestions"), self.dropped.emit)
        in_column(self.heading, self.list, in_row(accept, drop, STRETCH), within=self, spacing=6, margins=0)
        self.hide()

    def set_rows(self, rows: Sequence[tuple[str, bool | None]]) -> None:
        """List texts, and whether each is checked, None for what cannot be; nothing hides the list."""
        self.list.clear()
        for place, (text, checked) in enumerate(rows):
            item = QListWidgetItem(text)
            item.setData(_PLACE, place)
            item.setToolTip(text)
            if checked is not None:
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                item.setCheckState(Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked)
            else:
                item.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.list.addItem(item)
        self.setVisible(bool(rows))

    def set_text(self, place: int, text: str) -> None:
        """Change the text of a row; whether it is checked stays."""
        item = self.list.item(place)
        if item is not None:
            item.setText(text)
            item.setToolTip(text)

    def _accept(self) -> None:
        items = [self.list.item(row) for row in range(self.list.count())]
        self.accepted.emit(
            tuple(
                int(item.data(_PLACE))
                for item in items
                if item.flags() & Qt.ItemFlag.ItemIsUserCheckable
                and item.checkState() == Qt.CheckState.Checked
            )
        )
