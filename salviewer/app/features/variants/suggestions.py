"""Where areas were found on other variants: a list to accept or to drop, one by one or all."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from salviewer.app.features.variants.compared import Suggestion
from salviewer.app.translation import tr
from salviewer.app.widgets.buttons import button, label

_PLACE = Qt.ItemDataRole.UserRole


class SuggestionList(QWidget):
    """Checked suggestions are accepted together; what was not found is only named."""

    accepted = Signal(object)  # tuple of Suggestion
    dropped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("suggestions")
        self._all: tuple[Suggestion, ...] = ()
        self.list = QListWidget()
        self.list.setObjectName("suggestionList")
        self.list.setAccessibleName(tr("Suggested areas"))
        self.list.setMaximumHeight(150)
        self.heading = label(
            tr("Found again, dashed in the pictures. Accept what is right; drag the rest where it belongs."),
            "muted", wrap=True,
        )  # fmt: skip
        accept = button("acceptSuggestions", tr("&Accept"), tr("Put the checked areas on their pictures"),
                        self._accept, primary=True)  # fmt: skip
        drop = button("dropSuggestions", tr("&Drop all"), tr("Put none of them anywhere"), self.dropped.emit)
        row = QHBoxLayout()
        row.addWidget(accept)
        row.addWidget(drop)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.heading)
        column.addWidget(self.list)
        column.addLayout(row)
        self.hide()

    def set_suggestions(self, suggestions: tuple[Suggestion, ...]) -> None:
        """List these; nothing hides the list."""
        self._all = suggestions
        self.list.clear()
        for place, one in enumerate(suggestions):
            item = QListWidgetItem(_text(one))
            item.setData(_PLACE, place)
            if one.found is None:
                item.setFlags(Qt.ItemFlag.ItemIsEnabled)
            else:
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                item.setCheckState(Qt.CheckState.Checked)
            self.list.addItem(item)
        self.setVisible(bool(suggestions))

    def _accept(self) -> None:
        items = [self.list.item(row) for row in range(self.list.count())]
        chosen = [
            self._all[item.data(_PLACE)] for item in items if item.checkState() == Qt.CheckState.Checked
        ]
        self.accepted.emit(tuple(one for one in chosen if one.found is not None))


def _text(one: Suggestion) -> str:
    if one.found is None:
        return tr("{variant}  {area}: not found; draw it there, or leave the dash",
                  variant=one.variant, area=one.area.name)  # fmt: skip
    likeness = 100 * one.found.likeness
    if one.found.moved:
        return tr("{variant}  {area}: found elsewhere, {likeness:.0f} % alike",
                  variant=one.variant, area=one.area.name, likeness=likeness)  # fmt: skip
    return tr("{variant}  {area}: at the same place, {likeness:.0f} % alike",
              variant=one.variant, area=one.area.name, likeness=likeness)  # fmt: skip
