"""The question before the window closes on a running batch. It does not block the event loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMessageBox, QWidget

from salviewer.app.features.batch import words
from salviewer.app.translation import tr
from salviewer.app.widgets.dialog import question

if TYPE_CHECKING:
    from salviewer.app.features.batch.progress_presenter import BatchProgress


def ask_stopping(parent: QWidget, progress: BatchProgress, stop: Callable[[], None]) -> None:
    """Ask whether to stop the batch and close; `stop` is called if so."""
    text = tr("A batch is running.")
    if progress.pictures:
        text = tr("A batch is running: {pictures}.", pictures=words.count(progress))
    detail = tr(
        "If you stop it, finished pictures stay, and a batch on the same folders continues from there."
    )
    box = question(parent, "batchQuestion", text, detail)
    leave = box.addButton(tr("&Stop and close"), QMessageBox.ButtonRole.DestructiveRole)
    leave.setObjectName("stopBatchAndClose")
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    box.buttonClicked.connect(lambda pressed: stop() if pressed is leave else None)
    box.open()
