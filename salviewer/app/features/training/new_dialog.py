"""Train > New: choose data and recipe, then start."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from salviewer.app.features.training.data_page import DataPage
from salviewer.app.features.training.recipe_page import RecipePage
from salviewer.app.translation import tr
from salviewer.app.widgets.buttons import button, label
from salviewer.app.widgets.dialog import Dialog
from salviewer.app.widgets.layouts import Stretch, in_column, in_row
from salviewer.app.widgets.scrolling import fit_on_screen

if TYPE_CHECKING:
    from salviewer.app.features.training.services import TrainingServices


class NewDialog(Dialog):
    """Two pages; not modal. The entries stay until a run is started or the dialog is cancelled."""

    def __init__(self, services: TrainingServices, parent: QWidget) -> None:
        super().__init__("newTrainingDialog", tr("New training – salviewer"), parent)
        fit_on_screen(self, 940, 720, QSize(720, 520))
        self._services = services
        self.data = DataPage(services)
        self.recipe = RecipePage(services)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.data)
        self.pages.addWidget(self.recipe)
        self.heading = label("", "title", name="newHeading")
        self.trouble = label("", "trouble", wrap=True, name="startFault")
        self.trouble.hide()
        self.back = button("back", tr("&Back"), tr("To the data"), lambda: self._turn(0))
        self.next = button("forward", tr("&Next"), tr("To the recipe"), lambda: self._turn(1), primary=True)
        self.start = button(
            "startTraining", tr("&Train"), tr("Start training in the background"), self._start
        )
        self.start.setProperty("primary", True)
        self.close_button = button("closeNew", tr("Close"), tr("Train nothing"), self.close)
        row = in_row(
            (self.trouble, 1), Stretch(0), self.close_button, self.back, self.next, self.start, spacing=8
        )
        in_column(self.heading, (self.pages, 1), row, within=self, spacing=14, margins=(24, 20, 24, 18))
        self.data.changed.connect(self._arrange)
        self.recipe.changed.connect(self._arrange)
        self._turn(0)

    def _turn(self, page: int) -> None:
        if page and self.data.survey is not None and self.pages.currentIndex() == 0:
            self.recipe.set_survey(self.data.survey)
        self.pages.setCurrentIndex(page)
        self.heading.setText(tr("How to train") if page else tr("What to learn from"))
        self.trouble.hide()
        self._arrange()
        (self.start if page else self.data.folder).setFocus()

    def _arrange(self) -> None:
        second = self.pages.currentIndex() == 1
        self.back.setVisible(second)
        self.start.setVisible(second)
        self.next.setVisible(not second)
        self.next.setEnabled(self.data.survey is not None)
        self.start.setEnabled(second and not self.recipe.fault)

    def _start(self) -> None:
        plan = self.recipe.plan()
        self._services.estimating.cancel()
        if plan.resume is not None:
            self._services.runs.go_on(plan.resume, self._begun, self._complain, self)
            return
        self.start.setEnabled(False)
        self._services.runs.start(plan.order, plan.recipe, plan.draw, self._begun, self._complain, self)

    def _begun(self, root: Path) -> None:
        self._services.run_wanted.emit(root)
        self.close()

    def _complain(self, sentence: str) -> None:
        self.trouble.setText(sentence)
        self.trouble.show()
        self._arrange()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Cancel the dialog's work."""
        self._services.surveying.cancel()
        self._services.estimating.cancel()
        super().closeEvent(event)
