"""Questions of the training dialogs before they act. No box blocks the event loop."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QMessageBox, QPushButton, QWidget

from salviewer.app.translation import plural, tr
from salviewer.app.widgets.buttons import with_name
from salviewer.app.widgets.dialog import question
from salviewer.training.recipe import RANGES

LEAVE, STOP = "leave", "stop"


def ask_closing(parent: QWidget, names: list[str], then: Callable[[str], None]) -> None:
    """Ask what to do with running trainings at the end: call `then` with `LEAVE` or `STOP`, or not at all."""
    text = plural(
        "“{name}” is still training.", "{count} trainings are still training.", len(names), name=names[0]
    )
    detail = tr(
        "If you leave it running, it continues without the window and is found again at the next "
        "start. If you stop it, it ends after the current step and can be resumed from its "
        "checkpoint."
    )
    box = question(parent, "closingQuestion", text, detail)
    leave = box.addButton(tr("&Leave running"), QMessageBox.ButtonRole.AcceptRole)
    stop = box.addButton(tr("&Stop with checkpoint"), QMessageBox.ButtonRole.DestructiveRole)
    box.addButton(QMessageBox.StandardButton.Cancel)
    leave.setObjectName("leaveRunning")
    stop.setObjectName("stopAndClose")
    box.setDefaultButton(leave)
    answers: dict[QPushButton, str] = {leave: LEAVE, stop: STOP}

    def answered(pressed: QPushButton) -> None:
        if pressed in answers:
            then(answers[pressed])

    box.buttonClicked.connect(answered)
    box.open()


def ask_deleting(parent: QWidget, what: str, detail: str, then: Callable[[], None]) -> None:
    """Ask whether to delete something."""
    box = question(parent, "deletingQuestion", tr("Delete {what}?", what=what), detail)
    delete = box.addButton(tr("&Delete"), QMessageBox.ButtonRole.DestructiveRole)
    delete.setObjectName("reallyDelete")
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(cancel)
    box.buttonClicked.connect(lambda pressed: then() if pressed is delete else None)
    box.open()


def ask_epochs(parent: QWidget, done: int, then: Callable[[int], None]) -> None:
    """Ask how many epochs a run of ``done`` epochs should have in all; call ``then`` with the number."""
    most = int(RANGES["epochs"][1])
    dialog = with_name(QInputDialog(parent), "epochsQuestion")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(tr("More epochs"))
    dialog.setLabelText(
        tr(
            "The run has {done} epochs. How many should it have in all? The learning rate "
            "continues as if this number had been set at the start.",
            done=done,
        )
    )
    dialog.setInputMode(QInputDialog.InputMode.IntInput)
    dialog.setIntRange(min(done + 1, most), most)
    dialog.setIntValue(min(2 * done, most))
    dialog.intValueSelected.connect(then)
    dialog.open()
