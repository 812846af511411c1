"""The first page of the batch dialog: pictures, results and folders, and the work that they mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QWidget

from salviewer.app.features.batch import words
from salviewer.app.features.batch.request import BatchRequest, Survey, survey
from salviewer.app.shell.file_dialogs import ask_folder
from salviewer.app.shell.preset_row import PresetRow
from salviewer.app.state.batch_choices import INTO, BatchChoices
from salviewer.app.translation import mark, rows, tr
from salviewer.app.widgets.buttons import button, check_box, label, label_for, set_role, with_name
from salviewer.app.widgets.controls import Choice
from salviewer.app.widgets.export_form import ExportForm
from salviewer.app.widgets.layouts import STRETCH, in_column
from salviewer.app.workers.sentences import sentence
from salviewer.app.workers.timers import single_shot

if TYPE_CHECKING:
    from salviewer.app.workers.latest_only import LatestOnlyWorker, Outcome
    from salviewer.results.policies import Policy

_SOON = 150  # milliseconds after the last key before the disk is read
_POLICIES = (
    ("skip-done", mark("Skip what is done"), mark("Pictures whose results are up to date")),
    ("replace", mark("Replace them"), mark("Every picture is done; existing files are replaced")),
    ("keep", mark("Keep them and number the new ones"), mark("Every picture is done; nothing is replaced")),
)


class SetupPage(QWidget):
    """Shows the last choices; looks at the folders after every change, and writes nothing.

    Args:
        request: makes a batch from choices and the window's current state.
        worker: reads the disk.
    """

    changed = Signal()  # the survey, or the missing choice

    def __init__(
        self, request: Callable[[BatchChoices], BatchRequest], worker: LatestOnlyWorker, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._request, self._worker = request, worker
        self._ticket = 0
        self._choices = BatchChoices()
        self._before = ""  # the folder of pictures beside which results were to go
        self.survey: Survey | None = None
        self.source = _field(
            "batchSource", tr("Folder of pictures"), tr("All its pictures are done, in natural order")
        )
        self.into = _field("batchInto", tr("Folder for results"), tr("Created if missing"))
        self.source.textEdited.connect(self._follow)
        self.browse_source = button(
            "browseSource", tr("Choose…"), tr("Choose the folder of pictures"), self._browse_source
        )
        self.browse_into = button(
            "browseInto", tr("Choose…"), tr("Choose the folder for results"), self._browse_into
        )
        self.deep = check_box("batchDeep", tr("I&nclude subfolders"), tr("Results keep the folder structure"))
        self.deep.toggled.connect(lambda _: self._plan_soon())
        self.form = ExportForm()
        self.form.changed.connect(lambda _: self._plan_soon())
        self.presets = PresetRow(self.form, self._plan_soon)
        self.policy = Choice(tr("Existing files"))
        self.policy.setObjectName("batchPolicy")
        self.policy.setToolTip(tr("What to do with existing files"))
        self.policy.fill(rows(_POLICIES))
        self.policy.chosen.connect(lambda _: self._plan_soon())
        self.summed = QCheckBox(tr("S&ummary table"))
        self.summed.setObjectName("batchSummary")
        self.summed.setToolTip(
            tr("The outcome and the hottest spot of each picture, in the format of the tables")
        )
        self.summed.toggled.connect(lambda _: self._plan_soon())
        self.engine = label("", "muted", name="batchEngine")
        self.engine.setToolTip(tr("The window's model; choose it there"))
        self.said = label("", "muted", wrap=True, name="batchSaid")
        self.said.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        self.said.setAlignment(Qt.AlignmentFlag.AlignBottom)
        self._lay_out()
        self._soon = single_shot(self, _SOON, self.plan)
        for field in (self.source, self.into):
            field.textChanged.connect(lambda _: self._plan_soon())
        worker.finished.connect(self._landed)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(8)
        grid.setColumnMinimumWidth(0, 76)
        grid.setColumnStretch(1, 1)
        for row, (title, field, browse) in enumerate(
            (
                (tr("P&ictures in"), self.source, self.browse_source),
                (tr("&Results to"), self.into, self.browse_into),
            )
        ):
            grid.addWidget(label_for(field, title, "heading"), 2 * row, 0)
            grid.addWidget(field, 2 * row, 1)
            grid.addWidget(browse, 2 * row, 2)
        grid.addWidget(self.deep, 1, 1)
        rest = QGridLayout()
        rest.setHorizontalSpacing(14)
        rest.setVerticalSpacing(8)
        rest.setColumnMinimumWidth(0, 76)
        rest.setColumnStretch(2, 1)
        rest.addWidget(label_for(self.policy, tr("E&xisting"), "heading"), 0, 0)
        rest.addWidget(self.policy, 0, 1)
        rest.addWidget(self.summed, 0, 2)
        rest.addWidget(label(tr("Model"), "heading"), 1, 0)
        rest.addWidget(self.engine, 1, 1, 1, 2)
        in_column(grid, self.presets, self.form, rest, STRETCH, self.said, within=self, spacing=14, margins=0)

    @property
    def choices(self) -> BatchChoices:
        """Return the choices."""
        return replace(
            self._choices,
            files=replace(self.form.choices, folder=self.into.text().strip()),
            source=self.source.text().strip(),
            deep=self.deep.isChecked(),
            policy=cast("Policy", self.policy.currentData()),
            summed=self.summed.isChecked(),
        )

    def set_choices(self, choices: BatchChoices, source: str) -> None:
        """Show these choices for another folder of pictures, with a folder for results chosen likewise."""
        self._choices = choices
        self.form.set_choices(choices.files)
        self.policy.select(choices.policy)
        self.summed.setChecked(choices.summed)
        self.deep.setChecked(choices.deep)
        self.source.setText(source)
        self._before = source
        known = choices.files.folder if source == choices.source else ""
        self.into.setText(known or _beside(source))
        self.plan()

    def set_engine(self, what: str) -> None:
        """Show what the window predicts with."""
        self.engine.setText(what)

    def plan(self) -> None:
        """Look at the folders now."""
        self._soon.stop()
        self._ticket += 1
        fault = self.fault
        if fault:
            self._show(None, fault)
            return
        self._show(None, tr("Looking at the folders…"))
        request = self._request(self.choices)
        self._worker.submit(self._ticket, lambda: survey(request))

    @property
    def fault(self) -> str:
        """Return the missing choice, as far as it is known without reading the disk; "" for none."""
        choices = self.choices
        if not choices.source:
            return tr("Choose the folder with the pictures.")
        if not choices.files.folder:
            return tr("Choose a folder for the results.")
        if choices.empty:
            return tr("Choose what to write.")
        if Path(choices.source).expanduser() == Path(choices.files.folder).expanduser():
            return tr("Choose another folder for the results: here they would count as pictures next time.")
        return ""

    def _follow(self, source: str) -> None:
        """Suggest a folder for results beside the pictures, until the user chooses another."""
        if self.into.text() in ("", _beside(self._before)):
            self.into.setText(_beside(source))
        self._before = source

    def _browse_source(self) -> None:
        def chosen(folder: str) -> None:
            self.source.setText(folder)
            self._follow(folder)

        ask_folder(self, tr("The pictures"), chosen, self.source.text())

    def _browse_into(self) -> None:
        ask_folder(self, tr("Where the results go"), self.into.setText, self.into.text())

    def _plan_soon(self) -> None:
        self._show(None, self.said.text())
        self._soon.start()

    def _landed(self, outcome: Outcome) -> None:
        if outcome.ticket != self._ticket or self._soon.isActive():
            return
        if outcome.error is not None:
            self._show(None, sentence(outcome.error, tr("looking at the folders")), "trouble")
        else:
            self._show(outcome.value, words.found(outcome.value))

    def _show(self, found: Survey | None, said: str, role: str = "muted") -> None:
        self.survey = found
        set_role(self.said, role)
        self.said.setText(said)
        self.changed.emit()


def _field(name: str, title: str, tip: str) -> QLineEdit:
    return with_name(QLineEdit(), name, tip, accessible=title)


def _beside(source: str) -> str:
    return str(Path(source) / INTO) if source.strip() else ""
