"""A user's batch for all pictures of a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox

from salviewer.app.features.batch.dialog import BatchDialog
from salviewer.app.features.batch.feature import BatchFeature
from salviewer.app.window import Window
from tests.e2e.scenarios import Steps, _rest, _until
from tests.e2e.training_scenarios import click, shown


def open_dialog(window: Window) -> Steps:
    """Ctrl+B, until the folders were looked at."""
    yield from _until(lambda: window.bench.session.saliency is not None)
    window.activateWindow()  # there is no window manager to do it
    yield from _until(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    yield from _until(lambda: shown(BatchDialog) is not None)
    dialog = window.feature(BatchFeature).dialog
    yield from _until(lambda: dialog.setup.survey is not None)


def run(window: Window, notes: dict[str, Any], out: Path) -> Steps:
    """A folder with a broken picture, from the key to the summary; and opened once more."""
    yield from open_dialog(window)
    dialog = window.feature(BatchFeature).dialog
    notes["said"] = dialog.setup.said.text()
    box = dialog.setup.form.hotspots
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Space)
    yield from _until(lambda: dialog.start.isEnabled() and "hotspots" in dialog.setup.said.text())
    yield from _rest()
    dialog.grab().save(str(out / "ask.png"))
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    yield from _until(lambda: not dialog.asking and window.feature(BatchFeature).working.request is None)
    notes["title"] = dialog.progress.title.text()
    table = dialog.progress.failures
    notes["failures"] = [table.item(row, 0).text() for row in range(table.rowCount())]
    notes["reasons"] = [table.item(row, 1).text() for row in range(table.rowCount())]
    yield from _rest()
    dialog.grab().save(str(out / "end.png"))
    notes["reveals"] = dialog.reveal.isVisible() and dialog.reveal.isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    yield from _until(lambda: not dialog.isVisible())
    yield from open_dialog(window)
    notes["again"] = dialog.setup.said.text()


def cancel_and_go_on(window: Window, notes: dict[str, Any], out: Path) -> Steps:
    """Cancel a batch under way, look at another picture meanwhile, go on, and close while it runs."""
    yield from open_dialog(window)
    dialog = window.feature(BatchFeature).dialog
    click(dialog, "startBatch")
    yield from _until(lambda: dialog.progress.bar.value() >= 2)
    window.bench.session.turn(1)
    yield from _until(
        lambda: window.bench.session.position[0] == 2 and window.bench.session.saliency is not None
    )
    notes["ran beside"] = window.feature(BatchFeature).working.request is not None
    click(dialog, "stopBatch")
    yield from _until(lambda: window.feature(BatchFeature).working.request is None)
    notes["stopped"] = dialog.progress.title.text()
    notes["done"] = window.feature(BatchFeature)._progress.done
    click(dialog, "anotherBatch")
    yield from _until(lambda: dialog.setup.survey is not None)
    notes["skipped"] = dialog.setup.survey.skipped if dialog.setup.survey else None
    click(dialog, "startBatch")
    yield from _until(lambda: dialog.progress.bar.value() > notes["done"] + 1)
    window.close()
    yield from _until(lambda: window.findChild(QMessageBox, "batchQuestion") is not None)
    question = window.findChild(QMessageBox, "batchQuestion")
    assert question is not None
    notes["asked"] = question.text()
    click(question, "stopBatchAndClose")


def finish(window: Window, notes: dict[str, Any], out: Path) -> Steps:
    """Another day: what is left is done."""
    yield from open_dialog(window)
    dialog = window.feature(BatchFeature).dialog
    notes["skipped"] = dialog.setup.survey.skipped if dialog.setup.survey else None
    click(dialog, "startBatch")
    yield from _until(lambda: not dialog.asking and window.feature(BatchFeature).working.request is None)
    notes["title"] = dialog.progress.title.text()
