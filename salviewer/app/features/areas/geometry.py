"""Exact numbers of the selected area: place and size, in pixels of the picture or in per cent of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QGridLayout, QWidget

from salviewer.app.translation import tr
from salviewer.app.widgets.buttons import label, with_name
from salviewer.app.widgets.segments import Segments

if TYPE_CHECKING:
    from salviewer.core.area_shapes import Box

_SMALLEST = 1e-4  # of the picture: a side


class Geometry(QWidget):
    """Four numbers; a change of any is reported as a new box in fractions of the picture."""

    changed = Signal(object)  # Box

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("areaGeometry")
        self._size = (1, 1)
        self._box: Box = (0.0, 0.0, 1.0, 1.0)
        self._unit = "px"
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(4)
        self.numbers: list[QDoubleSpinBox] = []
        texts = (
            (tr("Left"), tr("Distance of the left side from the picture's left border")),
            (tr("Top"), tr("Distance of the upper side from the picture's upper border")),
            (tr("Width"), tr("Width of the area")),
            (tr("Height"), tr("Height of the area")),
        )
        for place, (text, tip) in enumerate(texts):
            number = with_name(
                QDoubleSpinBox(), f"area{('Left', 'Top', 'Width', 'Height')[place]}", tip, accessible=text
            )
            number.setKeyboardTracking(False)
            number.setAlignment(Qt.AlignmentFlag.AlignRight)
            number.lineEdit().setTextMargins(4, 0, 5, 0)
            number.setFixedWidth(60)
            number.valueChanged.connect(self._report)
            grid.addWidget(label(text, "muted"), 0, place)
            grid.addWidget(number, 1, place)
            self.numbers.append(number)
        self.unit = Segments(
            tr("Unit"),
            [
                ("px", tr("px"), tr("In pixels of the picture")),
                ("percent", "%", tr("In per cent of the picture's width and height")),
            ],
        )
        self.unit.setObjectName("areaUnit")
        self.unit.select("px")
        self.unit.chosen.connect(self._set_unit)
        grid.addWidget(self.unit, 2, 0, 1, 4)
        grid.setColumnStretch(4, 1)
        self.hide()

    def set_box(self, box: Box | None, size: tuple[int, int]) -> None:
        """Show a box in fractions of a picture of `size` pixels; None hides the numbers."""
        self.setVisible(box is not None)
        if box is not None:
            self._box, self._size = box, size
            self._show()

    def _set_unit(self, unit: str) -> None:
        self._unit = unit
        self._show()

    def _scales(self) -> tuple[float, float, float, float]:
        wide, high = self._size if self._unit == "px" else (100, 100)
        return wide, high, wide, high

    def _show(self) -> None:
        left, top, right, bottom = self._box
        values = (left, top, right - left, bottom - top)
        pixels = self._unit == "px"
        for number, value, scale in zip(self.numbers, values, self._scales(), strict=True):
            with QSignalBlocker(number):
                number.setDecimals(0 if pixels else 2)
                number.setRange(0, scale)
                number.setValue(value * scale)

    def _report(self) -> None:
        """Report the box; numbers that were not changed keep their full precision."""
        left, top, right, bottom = self._box
        before = (left, top, right - left, bottom - top)
        values = []
        for number, value, scale in zip(self.numbers, before, self._scales(), strict=True):
            shown = round(value * scale, number.decimals())
            values.append(value if number.value() == shown else number.value() / scale)
        x, y, wide, high = values
        wide, high = min(max(wide, _SMALLEST), 1.0), min(max(high, _SMALLEST), 1.0)
        x, y = min(x, 1 - wide), min(y, 1 - high)
        self.changed.emit((x, y, x + wide, y + high))
