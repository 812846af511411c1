"""One cue of the fusion: on or off, its weight, and showing it alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QPushButton

from salviewer.app.translation import fill, mark, tr
from salviewer.app.widgets.buttons import with_name
from salviewer.app.widgets.controls import Slider

if TYPE_CHECKING:
    from salviewer.core.fusion import Cue

_TITLES: dict[Cue, tuple[str, str]] = {
    "network": (mark("&Network"), mark("What the network predicts for each frame")),
    "motion": (mark("M&otion"), mark("What moves on its own, without the camera's motion")),
    "regions": (
        mark("Ob&jects"),
        mark("Regions that stand out, each filled evenly with the attention it has"),
    ),
}


class CueRow(QCheckBox):
    """A check box that owns the widgets of its row."""

    changed = Signal()  # on, off, or another weight
    alone_changed = Signal(bool)

    def __init__(self, cue: Cue) -> None:
        title, tip = map(tr, _TITLES[cue])
        super().__init__(title)
        self.cue = cue
        name = title.replace("&", "")
        self.setObjectName(f"{cue}On")
        self.setToolTip(tip)
        self.weight = with_name(Slider(Qt.Orientation.Horizontal), f"{cue}Weight")
        self.weight.setRange(0, 100)
        self.weight.setPageStep(10)
        self.weight.setAccessibleName(tr("Weight of {name}", name=name.lower()))
        self.weight.setToolTip(tr("Its weight compared with the others"))
        self.number = QLabel()
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.number.setMinimumWidth(34)
        self.alone = QPushButton(tr("Alone"))
        self.alone.setObjectName(f"{cue}Alone")
        self.alone.setAccessibleName(tr("Show {name} alone", name=name.lower()))
        self.alone.setProperty("quiet", True)
        self.alone.setCheckable(True)
        self.alone.setToolTip(tr("Show this cue alone, whatever the weights"))
        self.toggled.connect(self.changed)
        self.weight.valueChanged.connect(self._weigh)
        self.alone.toggled.connect(self.alone_changed)

    def place(self, grid: QGridLayout, row: int) -> None:
        """Place the widgets in a grid."""
        for column, widget in enumerate((self, self.weight, self.number, self.alone)):
            grid.addWidget(widget, row, column)

    def set_state(self, on: bool, weight: float) -> None:
        """Show it without reporting it."""
        with QSignalBlocker(self), QSignalBlocker(self.weight):
            self.setChecked(on)
            self.weight.setValue(round(100 * weight))
        self.weight.setEnabled(on)
        self.number.setText(fill("{weight:.2f}", weight=weight))

    def set_alone(self, alone: bool) -> None:
        """Show whether it is the only one, without reporting it."""
        with QSignalBlocker(self.alone):
            self.alone.setChecked(alone)

    def _weigh(self) -> None:
        self.number.setText(fill("{weight:.2f}", weight=self.weight.value() / 100))
        self.changed.emit()
