"""The dialog that names a trained model for the catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from salviewer.app.translation import mark, tr
from salviewer.app.widgets.buttons import button, label, with_name
from salviewer.app.widgets.controls import Choice
from salviewer.app.widgets.dialog import Dialog
from salviewer.app.widgets.layouts import STRETCH, in_column, in_row
from salviewer.training.runs import look

if TYPE_CHECKING:
    from salviewer.app.features.training.services import TrainingServices


_WEIGHTS = {"model": mark("The last"), "best": mark("The best epoch's")}


class KeepDialog(Dialog):
    """Asks for name, weights and notes; then the model is in the catalogue and in use."""

    def __init__(self, services: TrainingServices, root: Path, parent: QWidget) -> None:
        super().__init__("keepDialog", tr("Use this model"), parent, 460)
        self._services, self._root = services, root
        self.name = QLineEdit(root.name)
        self.name.setObjectName("modelName")
        self.name.setAccessibleName(tr("Name of the model"))
        self.name.setToolTip(tr("Its name in the list of models"))
        self.weights = Choice(tr("Weights"))
        self.weights.setObjectName("keptWeights")
        self.weights.setToolTip(
            tr("The weights at the end of the run, or after the epoch with the lowest loss")
        )
        self.weights.fill([(str(folder), tr(_WEIGHTS[folder.name]), "") for folder in look(root).models])
        self.notes = with_name(
            QPlainTextEdit(), "modelNotes", tr("Kept with the model"), accessible=tr("Notes")
        )
        self.notes.setTabChangesFocus(True)
        self.notes.setMaximumHeight(90)
        self.trouble = label("", "trouble", wrap=True, name="keepFault")
        self.trouble.hide()
        self.use = button(
            "useModel", tr("&Use it"), tr("Add it to the catalogue, predict with it"), self._use, primary=True
        )
        self.name.textChanged.connect(lambda text: self.use.setEnabled(bool(text.strip())))
        cancel = button("cancelKeep", tr("Cancel"), tr("Keep it in the run's folder only"), self.close)
        form = QFormLayout()
        form.setSpacing(8)
        form.addRow(tr("&Name"), self.name)
        form.addRow(tr("&Weights"), self.weights)
        form.addRow(tr("N&otes"), self.notes)
        row = in_row(STRETCH, cancel, self.use)
        in_column(form, self.trouble, row, within=self, spacing=12, margins=(22, 18, 22, 16))

    def _use(self) -> None:
        self.use.setEnabled(False)
        self._services.models.keep(
            Path(str(self.weights.currentData())),
            self.name.text(),
            self.notes.toPlainText(),
            self._kept,
            self._complain,
            self,
        )

    def _kept(self, name: str) -> None:
        self._services.use_wanted.emit(name)
        self.close()

    def _complain(self, sentence: str) -> None:
        self.trouble.setText(sentence)
        self.trouble.show()
        self.use.setEnabled(True)
