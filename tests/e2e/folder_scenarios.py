"""A user's work with a folder of pictures, as in `scenarios`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit

from salviewer.app.features.folder.feature import FolderFeature
from salviewer.app.features.folder.model import THUMB
from salviewer.app.window import Window
from tests.e2e.scenarios import Steps, _grab, _rest, _until

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def walk(window: Window, notes: dict[str, Any], out: Path) -> Steps:
    """Open the folder `out`/pictures, filter, click a thumbnail, go on, copy, clear the filter."""
    session, folder = window.bench.session, window.feature(FolderFeature).panel
    notes["first"] = not folder.isVisible()
    QTest.keyClick(window, Qt.Key.Key_O, CONTROL | SHIFT)
    yield from _until(lambda: window.findChild(QFileDialog) is not None)
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    yield from _until(dialog.isVisible)
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    assert field is not None
    field.setText(str(out / "pictures"))
    QTest.keyClick(field, Qt.Key.Key_Return)
    yield from _until(lambda: window.bench.stage.canvas.layer is not None and folder.isVisible())
    notes["listed"] = [path.name for path in session.listing.walked]
    QTest.keyClick(window.bench.stage.canvas, Qt.Key.Key_F, CONTROL)
    yield from _until(folder.filter.hasFocus)
    QTest.keyClicks(folder.filter, "CAT")
    notes["count"] = folder.count.text()
    notes["filtered"] = [path.name for path in session.listing.walked]
    yield from _until(lambda: all(folder.pictures.index(row).data(THUMB) for row in range(2)))
    yield from _rest(0.4)
    _grab(window, out / "filtered.png")
    area = folder.grid.visualRect(folder.pictures.index(0))
    QTest.mouseClick(folder.grid.viewport(), Qt.MouseButton.LeftButton, pos=area.center())
    yield from _until(lambda: session.position == (1, 2))
    notes["clicked"] = window.bench.status.name.text()
    QTest.keyClick(window.bench.stage.canvas, Qt.Key.Key_Right)
    yield from _until(lambda: session.position == (2, 2) and window.bench.stage.canvas.layer is not None)
    notes["next"] = window.bench.status.name.text()
    yield from _until(lambda: session.saliency is not None)
    QTest.keyClick(window.bench.stage.canvas, Qt.Key.Key_C, CONTROL)
    yield from _until(lambda: "Copied" in window.bench.notices.text)
    notes["banner"] = window.bench.notices.text
    assert QGuiApplication.clipboard().image().save(str(out / "copied.png"))
    QTest.keyClick(window.bench.stage.canvas, Qt.Key.Key_F, CONTROL)
    yield from _until(folder.filter.hasFocus)
    QTest.keyClick(folder.filter, Qt.Key.Key_Escape)
    yield from _until(lambda: session.position[1] == len(notes["listed"]))
    notes["after"] = session.position
