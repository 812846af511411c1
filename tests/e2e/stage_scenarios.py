"""A user's work with two pictures, as in `scenarios`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit

from salviewer.app.features.compare.feature import CompareFeature
from salviewer.app.window import Window
from tests.e2e.scenarios import Steps, _grab, _rect, _rest, _until


def _other_rect(window: Window) -> list[float]:
    ratio, other = window.devicePixelRatioF(), window.bench.stage.other
    area, corner = other.picture_rect(), other.mapToGlobal(QPoint(0, 0))
    return [
        value * ratio for value in (corner.x() + area.x(), corner.y() + area.y(), area.width(), area.height())
    ]


def two_views(window: Window, notes: dict[str, Any], out: Path) -> Steps:
    """The heatmap beside the bare picture, then behind a divider that the mouse moves."""
    canvas, divider = window.bench.stage.canvas, window.bench.stage.divider
    yield from _until(lambda: canvas.layer is not None)
    QTest.keyClick(canvas, Qt.Key.Key_M)
    QTest.keyClick(canvas, Qt.Key.Key_S)
    yield from _until(lambda: window.bench.stage.other.isVisible())
    QTest.keyClick(canvas, Qt.Key.Key_Plus)
    yield from _rest(0.4)
    notes["left"], notes["right"] = _other_rect(window), _rect(window)
    _grab(window, out / "side.png")
    QTest.keyClick(canvas, Qt.Key.Key_F)
    QTest.keyClick(canvas, Qt.Key.Key_W)
    yield from _until(divider.isVisible)
    yield from _rest(0.4)
    area = canvas.picture_rect()
    middle = QPoint(divider.width() // 2, 60)
    way = QPoint(round(area.left() + 0.3 * area.width() - divider.line()), 0)
    QTest.mousePress(divider, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(divider, middle + way)
    QTest.mouseRelease(divider, Qt.MouseButton.LeftButton, pos=middle)
    yield from _rest(0.4)
    notes["rect"] = _rect(window)
    _grab(window, out / "swipe.png")


def compare(window: Window, notes: dict[str, Any], out: Path) -> Steps:
    """Two designs side by side, their difference, the numbers, the saved comparison, and back."""
    canvas, page = window.bench.stage.canvas, window.feature(CompareFeature).page
    yield from _until(lambda: canvas.layer is not None)
    QTest.keyClick(canvas, Qt.Key.Key_B)
    yield from _until(lambda: window.findChild(QFileDialog) is not None)
    yield from _choose(window, str(out.parent / "b.png"))
    yield from _until(lambda: window.feature(CompareFeature).contrast is not None)
    yield from _rest(0.4)
    notes["numbers"] = [row[1] for row in page.numbers.table.rows]
    QTest.keyClick(canvas, Qt.Key.Key_D)
    yield from _rest(0.5)
    notes["rect"] = _rect(window)
    _grab(window, out / "difference.png")
    window.bench.commands["save_comparison"].trigger()
    yield from _until(lambda: window.findChild(QFileDialog) is not None)
    yield from _choose(window, str(out / "saved.png"))
    yield from _until(lambda: "saved.png" in window.bench.notices.text)
    window.bench.commands["stop_comparing"].trigger()
    yield from _rest(0.4)
    notes["after"] = [window.bench.stage.arrangement, window.bench.settings.now.heat.normalise]


def _choose(window: Window, name: str) -> Steps:
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    yield from _until(dialog.isVisible)
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    assert field is not None
    field.setText(name)
    QTest.keyClick(field, Qt.Key.Key_Return)
    yield from _until(lambda: window.findChild(QFileDialog) is None)
