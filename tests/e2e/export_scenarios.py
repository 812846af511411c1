"""From a dropped picture to exported files, as a first-time user does it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from salviewer.app.features.export.dialog import ExportDialog
from salviewer.app.window import Window
from tests.e2e.scenarios import Steps, _rest, _until


def _drop(window: Window, path: Path) -> None:
    what = QMimeData()
    what.setUrls([QUrl.fromLocalFile(str(path))])
    place = QPointF(window.width() / 2, window.height() / 2)
    how = (Qt.DropAction.CopyAction, what, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    entering = QDragEnterEvent(place.toPoint(), *how)
    QApplication.sendEvent(window, entering)
    assert entering.isAccepted()
    QApplication.sendEvent(window, QDropEvent(place, *how))


def export(window: Window, notes: dict[str, Any], out: Path) -> Steps:
    """Drop a picture, press the button that says Export, tick a report, press Export."""
    _drop(window, out.parent / "photo.png")
    yield from _until(lambda: window.bench.stage.canvas.layer is not None)
    (button,) = (
        found
        for found in window.findChildren(QToolButton)
        if found.isVisible() and found.text().startswith("Export")
    )
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    (dialog,) = window.findChildren(ExportDialog)
    yield from _until(lambda: dialog.planned is not None)
    yield from _rest()
    notes["suggested"] = dialog.folder.text()
    QTest.keyClick(dialog.folder, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(dialog.folder, str(out / "results"))
    QTest.mouseClick(
        dialog.form.reports["pdf"], Qt.MouseButton.LeftButton, pos=dialog.form.reports["pdf"].rect().center()
    )
    QTest.keyClick(dialog.form.maps["npy"], Qt.Key.Key_Space)
    yield from _until(lambda: dialog.planned is not None and len(dialog.planned.job.files) == 3)
    dialog.grab().save(str(out / "dialog.png"))
    notes["names"] = dialog.names.toPlainText().splitlines()
    QTest.keyClick(dialog.stem, Qt.Key.Key_Return)
    yield from _until(lambda: bool(window.bench.notices.text))
    notes["said"] = window.bench.notices.text
