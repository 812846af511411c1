"""A user's work with areas and projects, as in `scenarios`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox

from salviewer.app.features.areas.feature import AreasFeature
from salviewer.app.window import Window
from tests.e2e.scenarios import Steps, _grab, _rect, _rest, _until

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def _at(window: Window, u: float, v: float) -> QPoint:
    rect = window.bench.stage.canvas.picture_rect()
    return QPoint(round(rect.x() + u * rect.width()), round(rect.y() + v * rect.height()))


def _drag(window: Window, start: tuple[float, float], end: tuple[float, float]) -> Steps:
    canvas = window.bench.stage.canvas
    QTest.mousePress(canvas, LEFT, NONE, _at(window, *start))
    for part in (0.3, 0.7, 1.0):
        to = _at(window, *(a + part * (b - a) for a, b in zip(start, end, strict=True)))
        places = QPointF(to), QPointF(canvas.mapToGlobal(to))
        QApplication.sendEvent(canvas, QMouseEvent(QEvent.Type.MouseMove, *places, LEFT, LEFT, NONE))
        yield
    QTest.mouseRelease(canvas, LEFT, NONE, _at(window, *end))


def _numbers(window: Window) -> list[list[str]]:
    model = window.feature(AreasFeature).table.model()
    rows, columns = range(model.rowCount()), range(model.columnCount())
    return [[str(model.index(row, column).data()) for column in columns] for row in rows]


def draw(window: Window, notes: dict[str, Any], out: Path) -> Steps:
    """Draw three areas, rename one, delete one and undo that, copy the table, save a project, change it."""
    canvas, areas = window.bench.stage.canvas, window.bench.areas
    table = window.feature(AreasFeature).table
    yield from _until(lambda: canvas.layer is not None)
    QTest.keyClick(canvas, Qt.Key.Key_R)
    yield from _rest()  # the page beside the picture makes room for itself
    yield from _drag(window, (0.32, 0.02), (0.58, 0.42))
    QTest.keyClick(canvas, Qt.Key.Key_E)
    yield from _drag(window, (0.05, 0.6), (0.35, 0.95))
    QTest.keyClick(canvas, Qt.Key.Key_L)
    for corner in ((0.6, 0.6), (0.9, 0.55), (0.95, 0.9)):
        QTest.mouseClick(canvas, LEFT, NONE, _at(window, *corner))
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    QTest.mouseClick(canvas, LEFT, NONE, _at(window, 0.45, 0.2))
    QTest.keyClick(canvas, Qt.Key.Key_F2)
    yield from _until(lambda: table.findChild(QLineEdit) is not None)
    editor = table.findChild(QLineEdit)
    assert editor is not None
    QTest.keyClicks(editor, "Face")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    yield from _until(lambda: areas.all[0].name == "Face")
    QTest.mouseClick(canvas, LEFT, NONE, _at(window, 0.2, 0.78))
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    notes["deleted"] = [row[0] for row in _numbers(window)]
    QTest.keyClick(canvas, Qt.Key.Key_Z, CONTROL)
    yield from _until(lambda: all(window.bench.shown.score(area) is not None for area in areas.all))
    notes["table"] = _numbers(window)
    areas.select(())
    QTest.keyClick(table, Qt.Key.Key_C, CONTROL)
    notes["copied"] = QGuiApplication.clipboard().text()
    yield from _rest()
    notes["rect"] = _rect(window)
    _grab(window, out / "areas.png")
    QTest.keyClick(canvas, Qt.Key.Key_S, CONTROL | SHIFT)
    yield from _until(lambda: window.findChild(QFileDialog) is not None)
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    yield from _until(dialog.isVisible)
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    assert field is not None
    field.setText(str(out / "face.salviewer.json"))
    QTest.keyClick(field, Qt.Key.Key_Return)
    yield from _until(lambda: window.bench.project.path is not None)
    notes["title"] = [window.windowTitle(), window.isWindowModified()]
    areas.select([areas.all[1].id])
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    notes["modified"] = window.isWindowModified()
    window.close()
    yield from _until(lambda: window.findChild(QMessageBox, "unsaved") is not None)
    question = window.findChild(QMessageBox, "unsaved")
    assert question is not None
    yield from _until(question.isVisible)
    notes["asked"] = question.text()
    question.button(QMessageBox.StandardButton.Discard).click()


def opened(window: Window, notes: dict[str, Any], out: Path) -> Steps:
    """What is there after a project was named on the command line."""
    yield from _until(lambda: window.bench.stage.canvas.layer is not None and bool(window.bench.areas.all))
    shown, areas = window.bench.shown, window.bench.areas
    yield from _until(lambda: all(shown.score(area) is not None for area in areas.all))
    notes["table"] = _numbers(window)
    notes["title"] = [window.windowTitle(), window.isWindowModified()]
