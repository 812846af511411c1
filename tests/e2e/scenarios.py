"""A user's actions in the window, as generators that yield while they wait.

Each takes the window, a dictionary for what it notes, and a folder for what it saves.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from salviewer.app.features.views.feature import ViewsFeature
from salviewer.app.window import Window

Steps = Generator[None, None, None]


def _until(condition: Callable[[], bool]) -> Steps:
    while not condition():
        yield


def _rest(seconds: float = 0.15) -> Steps:
    until = time.monotonic() + seconds
    yield from _until(lambda: time.monotonic() > until)


def _grab(window: Window, path: Path) -> None:
    """What the X server really shows."""
    assert window.screen().grabWindow(0).save(str(path))


def _rect(window: Window) -> list[float]:
    ratio = window.devicePixelRatioF()
    area = window.bench.stage.canvas.picture_rect()
    corner = window.bench.stage.canvas.mapToGlobal(QPoint(0, 0))
    left, top = corner.x() + area.x(), corner.y() + area.y()
    return [value * ratio for value in (left, top, area.width(), area.height())]


def look(window: Window, notes: dict[str, Any], out: Path) -> Steps:
    """See the heatmap, hide it with H, see the picture."""
    yield from _until(lambda: window.bench.stage.canvas.layer is not None)
    yield from _rest()
    notes["rect"] = _rect(window)
    notes["status"] = window.bench.status.engine.text()
    notes["facts"] = window.bench.status.facts.text()
    _grab(window, out / "heat.png")
    QTest.keyClick(window.bench.stage.canvas, Qt.Key.Key_H)
    yield from _rest()
    _grab(window, out / "bare.png")


def views(window: Window, notes: dict[str, Any], out: Path) -> Steps:
    """Each view by its key, the threshold by keys on the histogram, and the picture at actual size."""
    made: list[object] = []
    window.bench.shown.overlay_changed.connect(made.append)
    yield from _until(lambda: window.bench.stage.canvas.layer is not None)
    notes["rect"] = _rect(window)
    for name, key in (("heatmap", Qt.Key.Key_M), ("focus", Qt.Key.Key_G), ("contours", Qt.Key.Key_C)):
        made.clear()
        QTest.keyClick(window.bench.stage.canvas, key)
        yield from _until(lambda: bool(made))
        yield from _rest()
        _grab(window, out / f"{name}.png")
    made.clear()
    legend = window.feature(ViewsFeature).display.legend
    legend.setFocus()
    QTest.keyClick(legend, Qt.Key.Key_PageUp)
    yield from _until(lambda: bool(made))
    notes["lines"] = len(window.bench.stage.canvas.lines)
    notes["threshold"] = str(window.bench.settings.now.heat.threshold)
    notes["area"] = window.feature(ViewsFeature).display.threshold.value
    QTest.keyClick(window.bench.stage.canvas, Qt.Key.Key_P)
    yield from _rest()
    _grab(window, out / "picture.png")
    QTest.keyClick(window.bench.stage.canvas, Qt.Key.Key_1)
    yield from _rest(0.4)
    notes["actual"] = _rect(window)
    notes["ratio"] = window.devicePixelRatioF()
    notes["zoom"] = window.bench.status.zoom.text()
    _grab(window, out / "actual.png")


def save(window: Window, notes: dict[str, Any], out: Path) -> Steps:
    """Ctrl+S, a name, Enter; then the same name again, which must ask."""
    yield from _until(lambda: window.bench.stage.canvas.layer is not None)
    for turn in ("first", "again"):
        QTest.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        yield from _until(lambda: window.findChild(QFileDialog) is not None)
        dialog = window.findChild(QFileDialog)
        assert dialog is not None
        yield from _until(dialog.isVisible)
        field = dialog.findChild(QLineEdit, "fileNameEdit")
        assert field is not None
        field.setText(str(out / "overlay.png"))
        if turn == "first":
            QTest.keyClick(field, Qt.Key.Key_Return)
            yield from _until(lambda: "overlay.png" in window.bench.notices.text)
            notes["banner"] = window.bench.notices.text
            QTest.keyClick(window.bench.stage.canvas, Qt.Key.Key_Escape)
            yield from _until(lambda: window.findChild(QFileDialog) is None)
        else:
            notes["asks"] = not dialog.testOption(QFileDialog.Option.DontConfirmOverwrite)
            dialog.reject()
    yield from _rest()


def browse(window: Window, notes: dict[str, Any], out: Path) -> Steps:
    """Step through the list with the arrow keys and note what is on screen with which map."""
    seen: list[Any] = []
    for position in (1, 2, 3, 2, 1):
        if seen:
            key = Qt.Key.Key_Right if position > seen[-1][0] else Qt.Key.Key_Left
            QTest.keyClick(window.bench.stage.canvas, key)
        yield from _until(lambda position=position: window.bench.session.position == (position, 3))  # type: ignore[misc]
        yield from _until(lambda: window.bench.stage.canvas.layer is not None)
        loaded, saliency = window.bench.session.loaded, window.bench.session.saliency
        assert loaded is not None and saliency is not None
        seen.append((position, loaded.picture.full_size, saliency.source_size))
    notes["seen"] = seen


def complain(window: Window, notes: dict[str, Any], out: Path) -> Steps:
    """Wait for the message, then dismiss it by keyboard."""
    yield from _until(lambda: bool(window.bench.notices.text))
    notes["banner"] = window.bench.notices.text
    notes["visible"] = window.bench.notices.isVisible()
    notes["modal"] = QApplication.activeModalWidget() is not None
    QTest.keyClick(window, Qt.Key.Key_Escape)
    yield from _rest()
    notes["dismissed"] = not window.bench.notices.isVisible()
    notes["picture"] = window.bench.session.loaded is not None


def screenshot(window: Window, notes: dict[str, Any], out: Path) -> Steps:
    """A picture of the window alone, as for the README."""
    yield from _until(
        lambda: window.bench.stage.canvas.layer is not None and bool(window.bench.status.engine.text())
    )
    yield from _rest(0.5)
    window.grab().save(str(out / "window.png"))
