"""Controls of the panel: a slider with its number, and a choice of colormaps."""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from PySide6.QtCore import QRectF, QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QImage, QPainter, QPainterPath, QPaintEvent, QPixmap, QWheelEvent
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QGridLayout, QSlider, QWidget

from salviewer.app.translation import tr
from salviewer.app.widgets.buttons import label_for
from salviewer.first_use import cmap

_STEPS = 1000
_SWATCH = QSize(64, 12)
_PATIENCE = 30  # milliseconds between two looks whether the colormaps are read


class Amount(QWidget):
    """A named number with a slider. Reports every change of either at once.

    Args:
        name: label, with an ampersand before its access key.
        top: the largest value.
        suffix: the unit, shown after the number.
        decimals: number of decimals.
        bend: 1 for an even slider; 2 gives small values more space.
        aside: a widget between name and number.
        low: the smallest value; above 0, the slider is logarithmic.
    """

    changed = Signal(float)

    def __init__(
        self,
        name: str,
        top: float,
        suffix: str,
        decimals: int = 0,
        bend: float = 1.0,
        aside: QWidget | None = None,
        low: float = 0.0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        plain = name.replace("&", "")
        self._low, self._top, self._bend = low, top, bend
        self.number = QDoubleSpinBox()
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.number.setAccessibleName(plain)
        self.number.lineEdit().setTextMargins(4, 0, 5, 0)
        self.number.setFixedWidth(74)
        self.slider = Slider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _STEPS)
        self.slider.setPageStep(_STEPS // 10)
        self.slider.setSingleStep(_STEPS // 100)
        self.slider.setAccessibleName(plain)
        self.slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(2)
        grid.addWidget(label_for(self.number, name), 0, 0)
        grid.setColumnStretch(1, 1)
        if aside is not None:
            grid.addWidget(aside, 0, 1, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(self.number, 0, 2)
        grid.addWidget(self.slider, 1, 0, 1, 3)
        self.set_range(top, suffix, decimals, bend)
        self.number.valueChanged.connect(self._typed)
        self.slider.valueChanged.connect(self._slid)

    def set_range(self, top: float, suffix: str, decimals: int, bend: float = 1.0) -> None:
        """Set another range and unit; set a value next."""
        with QSignalBlocker(self.number), QSignalBlocker(self.slider):
            self._top, self._bend = top, bend
            self.number.setDecimals(decimals)
            self.number.setRange(self._low, top)
            self.number.setSingleStep(top / 100 if decimals else 1.0)
            self.number.setSuffix(suffix)

    @property
    def value(self) -> float:
        """The number."""
        return self.number.value()

    def set_value(self, value: float) -> None:
        """Show a value without reporting it."""
        with QSignalBlocker(self.number), QSignalBlocker(self.slider):
            self.number.setValue(value)
            self.slider.setValue(self._to_slider(value))

    def _typed(self, value: float) -> None:
        with QSignalBlocker(self.slider):
            self.slider.setValue(self._to_slider(value))
        self.changed.emit(value)

    def _slid(self, place: int) -> None:
        with QSignalBlocker(self.number):
            self.number.setValue(self._from_slider(place))
        self.changed.emit(self.number.value())

    def _from_slider(self, place: int) -> float:
        way = place / _STEPS
        if self._low > 0:
            return float(self._low * (self._top / self._low) ** way)
        return float(self._top * way**self._bend)

    def _to_slider(self, value: float) -> int:
        if self._low > 0:
            return round(math.log(value / self._low) / math.log(self._top / self._low) * _STEPS)
        return round(float((value / self._top) ** (1 / self._bend)) * _STEPS)


class Slider(QSlider):
    """A slider that leaves the wheel to the panel's scrolling, so that scrolling changes nothing."""

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Pass it on."""
        event.ignore()


class Choice(QComboBox):
    """A drop-down that leaves the wheel to the panel, and reports the data of the chosen item."""

    chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.activated.connect(lambda index: self.chosen.emit(str(self.itemData(index))))

    def fill(self, rows: Sequence[tuple[str, str, str]]) -> None:
        """Replace the items by (data, text, tooltip); keep the selection."""
        with QSignalBlocker(self):
            selected = self.currentData()
            self.clear()
            for data, text, tip in rows:
                self.addItem(text, data)
                self.setItemData(self.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
            self.select(str(selected))

    def select(self, data: str) -> None:
        """Show an item without reporting it; add it if it is missing."""
        with QSignalBlocker(self):
            index = self.findData(data)
            if index < 0 and data != "None":
                self.addItem(Path(data).name or data, data)
                index = self.count() - 1
                self.setItemData(index, data, Qt.ItemDataRole.ToolTipRole)
            self.setCurrentIndex(max(index, 0))

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Pass it on."""
        event.ignore()


class ColormapChoice(Choice):
    """Colormaps by name and swatch."""

    def __init__(self, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(tr("Colormap"), parent)
        self.setIconSize(_SWATCH)
        empty = QPixmap(_SWATCH)
        empty.fill(Qt.GlobalColor.transparent)
        for name in names:
            self.addItem(QIcon(empty), name, name)
        self._without = set(range(self.count()))
        self._waiting = False

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Have the current colormap's swatch drawn soon after this is on screen."""
        if self.currentIndex() in self._without and not self._waiting:
            self._waiting = True
            QTimer.singleShot(_PATIENCE, self, self._draw_when_read)
        super().paintEvent(event)

    def _draw_when_read(self) -> None:
        """Draw the current swatch: to read the colormaps takes longer than the window may wait."""
        if reading_colormaps().is_alive():
            QTimer.singleShot(_PATIENCE, self, self._draw_when_read)
            return
        self._waiting = False
        self._draw(self.currentIndex())

    def showPopup(self) -> None:  # noqa: N802
        """Draw the swatches of the list first."""
        for index in range(self.count()):
            self._draw(index)
        super().showPopup()

    def _draw(self, index: int) -> None:
        """Draw a swatch when it is first seen: reading the colormaps would hold up the window."""
        if index in self._without:
            self._without.remove(index)
            self.setItemIcon(index, QIcon(_swatch(self.itemData(index))))


@cache
def reading_colormaps() -> threading.Thread:
    """Import their library and read its catalogue in a thread, once, and return that thread."""
    thread = threading.Thread(target=lambda: cmap.Colormap("gray"), name="read colormaps", daemon=True)
    thread.start()
    return thread


def _swatch(name: str) -> QPixmap:
    ratio = 3
    lut = np.asarray(cmap.Colormap(name).lut(_SWATCH.width() * ratio)[:, :3] * 255, dtype=np.uint8)
    row = np.ascontiguousarray(lut[None])
    image = QImage(row.data, row.shape[1], 1, row.strides[0], QImage.Format.Format_RGB888)
    result = QPixmap(_SWATCH * ratio)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    outline = QPainterPath()
    outline.addRoundedRect(QRectF(result.rect()), 3 * ratio, 3 * ratio)
    painter.setClipPath(outline)
    painter.drawImage(QRectF(result.rect()), image)
    painter.end()
    result.setDevicePixelRatio(ratio)
    return result
