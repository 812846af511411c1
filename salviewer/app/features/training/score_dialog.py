"""The dialog that scores any model, or a folder of maps, on any data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QFormLayout,
    QLineEdit,
    QWidget,
)

from salviewer.app.features.training.score_table import KINDS, ScoreTable
from salviewer.app.features.training.scoring import Scoring, ScoringRequest, score_data
from salviewer.app.shell.file_dialogs import ask_folder, ask_new_file
from salviewer.app.translation import tr
from salviewer.app.widgets.buttons import button, check_box, label, set_role, with_name
from salviewer.app.widgets.controls import Choice
from salviewer.app.widgets.dialog import Dialog
from salviewer.app.widgets.layouts import STRETCH, in_column, in_row
from salviewer.app.widgets.scrolling import fit_on_screen
from salviewer.media.tables import save_table

if TYPE_CHECKING:
    from salviewer.app.features.training.services import TrainingServices

_MAPS = "maps"


class ScoreDialog(Dialog):
    """Asks for a model and data, scores in a process of its own, and shows the table."""

    def __init__(self, services: TrainingServices, parent: QWidget) -> None:
        super().__init__("scoreDialog", tr("Score a model"), parent)
        self._services, self._work = services, services.scoring_data
        self.model = Choice(tr("What is scored"))
        self.model.setObjectName("scoredModel")
        self.model.setToolTip(tr("A model, or maps that any other program made of the pictures"))
        entries = [(str(entry.folder), entry.title, "") for entry in services.models.all]
        self.model.fill([*entries, (_MAPS, tr("A folder of maps"), "")])
        self.maps = self._line("scoredMaps", tr("Folder of maps, named like the pictures"))
        self.maps_row = self._with_browse(
            self.maps, "browseMaps", tr("B&rowse…"), tr("Choose the folder of maps")
        )
        self.data = self._line("scoredData", tr("A folder of pictures and where people looked at them"))
        self.original = check_box(
            "originalGrid",
            tr("At the pictures' o&wn pixels"),
            tr("As most published tables; otherwise at 240 × 320 cells"),
        )
        self.whole = check_box(
            "shuffledAll",
            tr("&Against the whole set"),
            tr("sAUC compares with fixations on all other pictures, not the category's"),
        )
        self.skip = check_box(
            "skipFirst",
            tr("Without &first fixations"),
            tr("Leaves out each viewer's first fixation; the data must say who looked"),
        )
        self.one = check_box(
            "oneViewer", tr("O&ne viewer"), tr("Adds a row: one viewer's fixations predict all others'")
        )
        self.old = check_box(
            "oldMetrics", tr("O&ld metrics"), tr("Adds AUC-Borji and EMD, for comparison with old tables")
        )
        self.begin = button(
            "beginScoring", tr("&Score"), tr("Predict the pictures and compare"), self._begin, primary=True
        )
        self.end = button("endScoring", tr("S&top"), tr("Stop scoring"), self._work.cancel)
        self.copy = button(
            "copyData", tr("&Copy"), tr("Put the table on the clipboard, for a spreadsheet"), self._copy
        )
        self.save = button(
            "saveData", tr("Sa&ve…"), tr("Write the table as CSV, TSV or JSON"), self._ask_file
        )
        self.note = label("", "muted", wrap=True, name="scoreNote")
        self.table = with_name(ScoreTable(), "dataScores", accessible=tr("Scores on the data"))
        self._build()
        self.model.currentIndexChanged.connect(lambda _: self._arrange())
        for line in (self.maps, self.data):
            line.textChanged.connect(lambda _: self._arrange())
        self._work.progressed.connect(self._show)
        self._work.done.connect(self._show)
        self._work.failed.connect(self._complain)
        self._work.busy_changed.connect(lambda _: self._arrange())
        self.finished.connect(lambda _: self._work.cancel())
        self._arrange()
        fit_on_screen(self, 860, 480)

    def _line(self, name: str, title: str) -> QLineEdit:
        line = with_name(QLineEdit(), name, accessible=title)
        line.setPlaceholderText(title)
        return line

    def _with_browse(self, line: QLineEdit, name: str, text: str, tip: str) -> QWidget:
        holder = QWidget()
        browse = button(name, text, tip, lambda: ask_folder(self, tip, line.setText, line.text()))
        in_row((line, 1), browse, within=holder, margins=0)
        return holder

    def _build(self) -> None:
        self.form = form = QFormLayout()
        form.setSpacing(8)
        form.addRow(tr("&Model"), self.model)
        form.addRow(tr("Ma&ps"), self.maps_row)
        data = self._with_browse(
            self.data, "browseScored", tr("Br&owse…"), tr("Choose the folder of the data")
        )
        form.addRow(tr("&Data"), data)
        choices = in_row(self.original, self.whole, self.skip, self.one, self.old, STRETCH)
        row = in_row(self.begin, self.end, self.copy, self.save, (self.note, 1))
        in_column(form, choices, row, (self.table, 1), within=self, spacing=12, margins=(22, 18, 22, 16))

    @property
    def _of_maps(self) -> bool:
        return bool(self.model.currentData() == _MAPS)

    def _arrange(self) -> None:
        busy = self._work.busy
        self.form.setRowVisible(self.maps_row, self._of_maps)
        self.begin.setVisible(not busy)
        self.begin.setEnabled(
            bool(self.data.text().strip()) and (not self._of_maps or bool(self.maps.text().strip()))
        )
        self.end.setVisible(busy)
        for each in (self.copy, self.save):
            each.setVisible(bool(self.table.lines))

    def _begin(self) -> None:
        request = ScoringRequest(
            Path(self.data.text().strip()).expanduser(),
            None if self._of_maps else Path(str(self.model.currentData())),
            Path(self.maps.text().strip()).expanduser() if self._of_maps else None,
            self.model.currentText() if not self._of_maps else tr("The maps"),
            self.original.isChecked(),
            self.whole.isChecked(),
            self.skip.isChecked(),
            self.old.isChecked(),
            self.one.isChecked(),
        )
        self.table.show_lines(())
        self._arrange()
        set_role(self.note, "muted")
        self.note.setText(tr("Reading the folder…"))
        self._work.begin(lambda tell, stop: score_data(request, tell, stop))

    def _show(self, scoring: Scoring) -> None:
        set_role(self.note, "muted")
        self.note.setText(scoring.now)
        self.table.show_lines(scoring.lines)
        self._arrange()

    def _complain(self, sentence: str) -> None:
        set_role(self.note, "trouble")
        self.note.setText(sentence)
        self._arrange()

    def _copy(self) -> None:
        self.table.copy()

    def _ask_file(self) -> None:
        table = self.table.as_table()

        def save(path: str) -> None:
            self._services.tasks.do(
                tr("saving the scores"), lambda: save_table(path, table), None, self._complain, self
            )

        suggestion = f"{Path(self.data.text().strip()).name or 'data'} scores.csv"
        ask_new_file(self, tr("Save the scores"), tr(KINDS), suggestion, save)
