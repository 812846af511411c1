"""A segmented control: a few labelled choices side by side, exactly one of which is on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QSizePolicy, QWidget

from salviewer.app.widgets.layouts import in_row

Segment = tuple[str, str, str]
"""Its data, its text, its tooltip."""


class Segments(QWidget):
    """Says what was chosen by its data.

    Args:
        name: for assistive technology.
        rows: the segments from left to right.
    """

    chosen = Signal(str)

    def __init__(self, name: str, rows: Sequence[Segment], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setProperty("role", "segments")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._buttons: dict[str, QPushButton] = {}
        row = in_row(within=self, spacing=0, margins=0)
        for place, (data, text, tip) in enumerate(rows):
            made = QPushButton(text)
            made.setCheckable(True)
            made.setObjectName(f"segment_{data}")
            made.setToolTip(tip)
            made.setProperty(
                "segment", "first" if not place else "last" if place == len(rows) - 1 else "middle"
            )
            made.setAutoDefault(False)
            made.clicked.connect(lambda _=False, data=data: self.chosen.emit(data))
            self._group.addButton(made)
            self._buttons[data] = made
            row.addWidget(made)

    def select(self, data: str) -> None:
        """Show what is on, without reporting it; nothing is on for data that no segment has."""
        with QSignalBlocker(self._group):
            if data in self._buttons:
                self._buttons[data].setChecked(True)
                return
            self._group.setExclusive(False)
            for made in self._buttons.values():
                made.setChecked(False)
            self._group.setExclusive(True)

    def button(self, data: str) -> QPushButton:
        """Return the button of a segment."""
        return self._buttons[data]
