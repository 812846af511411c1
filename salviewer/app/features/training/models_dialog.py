"""Train > Models: use, export, import and delete the user's own models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from salviewer.app.translation import fill, tr
from salviewer.app.widgets.buttons import button, label, with_name
from salviewer.app.widgets.dialog import Dialog
from salviewer.app.widgets.layouts import STRETCH, add_items, in_column, in_row
from salviewer.app.widgets.scrolling import fit_on_screen
from salviewer.models.catalog import ModelEntry, damaged_models

if TYPE_CHECKING:
    from salviewer.app.features.training.services import TrainingServices


class ModelsDialog(Dialog):
    """A list of models, and facts about the selected one."""

    def __init__(self, services: TrainingServices, parent: QWidget) -> None:
        super().__init__("modelsDialog", tr("Models of your own"), parent)
        fit_on_screen(self, 680, 420)
        self._services = services
        self.list = with_name(QListWidget(), "ownModels", accessible=tr("Models of your own"))
        self.list.currentRowChanged.connect(lambda _: self._show())
        self.about = label("", wrap=True, name="modelAbout")
        self.about.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.about.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.use = button("useOwn", tr("&Use"), tr("Predict with it"), self._use)
        self.export = button("exportOwn", tr("&Export…"), tr("Write it as one file"), self._export)
        self.delete = button("deleteOwn", tr("&Delete…"), tr("Remove it from this computer"), self._delete)
        take = button(
            "importModel", tr("&Import…"), tr("Add a model from a file"), services.import_wanted.emit
        )
        close = button("closeModels", tr("Close"), "", self.close, primary=True)
        row = in_row(take, self.use, self.export, self.delete, STRETCH, close)
        across = in_row((self.list, 2), (self.about, 3), spacing=18)
        column = in_column((across, 1), within=self, spacing=14, margins=(22, 18, 22, 16))
        self.damaged = label("", wrap=True, name="damagedModels", role="trouble")
        add_items(column, self.damaged, row)
        services.models.catalogue.changed.connect(lambda _: self._fill())
        self._fill()

    def _fill(self) -> None:
        chosen = self.list.currentItem().text() if self.list.currentItem() else ""
        self.list.clear()
        for entry in self._services.models.own:
            item = QListWidgetItem(entry.title)
            item.setToolTip(str(entry.folder))
            self.list.addItem(item)
            if entry.title == chosen:
                self.list.setCurrentItem(item)
        damaged = "\n".join(str(error) for error in damaged_models())
        self.damaged.setText(damaged)
        self.damaged.setVisible(bool(damaged))
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)
        self._show()

    def _use(self) -> None:
        self._services.use_wanted.emit(self._entry().name)

    def _export(self) -> None:
        self._services.export_wanted.emit(self._entry().folder, "")

    def _delete(self) -> None:
        self._services.delete_wanted.emit(self._entry())

    def _entry(self) -> ModelEntry:
        return self._services.models.own[self.list.currentRow()]

    def _show(self) -> None:
        there = self.list.currentRow() >= 0
        for made in (self.use, self.export, self.delete):
            made.setEnabled(there)
        self.about.setText(_about(self._entry()) if there else tr("No model of your own yet."))


def _about(entry: ModelEntry) -> str:
    card = entry.card
    data = card.data
    curves = {name: card.curves.get(name) or [] for name in ("NSS", "CC", "KL")}
    last = ", ".join(
        fill("{name} {value:.3f}", name=name, value=values[-1])
        for name, values in curves.items()
        if values and isinstance(values[-1], int | float)
    )
    lines = [
        card.notes,
        tr(
            "Network: {architecture}, recipe {name}, {epochs:g} epochs",
            architecture=card.architecture,
            name=card.recipe.get("name", "?"),
            epochs=card.epochs,
        ),
        tr(
            "Learned from: {fitted} pictures of {root}",
            fitted=data.get("fitted", "?"),
            root=data.get("root", "?"),
        ),
        tr("Started from: {started_from}", started_from=card.started_from),
        tr("Trained on: {trained_on}", trained_on=card.trained_on),
        tr("After the last epoch: {last}", last=last) if last else "",
        tr("On the command line: --model {name}", name=entry.name),
    ]
    return "\n\n".join(line for line in lines if line)
