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
from salviewer.media.saving import save_bytes
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
        self.beside = with_name(
            Choice(tr("A second model")),
            "besideModel",
            tr("Scored on the same pictures, with the difference"),
        )
        self.beside.fill([("", tr("None"), ""), *entries])
        self.part = with_name(Choice(tr("Part of the data")), "scoredPart", tr("Where the data have parts"))
        parts = (("test", tr("Test")), ("val", tr("Validation")), ("train", tr("Training")))
        self.part.fill([(value, title, "") for value, title in parts])
        self.maps = self._line("scoredMaps", tr("Folder of maps, named like the pictures"))
        self.maps_row = self._with_browse(
            self.maps, "browseMaps", tr("B&rowse…"), tr("Choose the folder of maps")
        )
        self.data = self._line(
            "scoredData", tr("Folders of pictures and where people looked, between them ;")
        )
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
        self.spread = check_box(
            "scoreIntervals",
            tr("&Intervals"),
            tr("Shows the 95 % intervals of the means, by the bootstrap over pictures"),
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
        self.each = button(
            "savePictures",
            tr("Each pict&ure…"),
            tr("Write the scores of each picture as CSV"),
            self._ask_each,
        )
        self._pictures = b""
        self.note = label("", "muted", wrap=True, name="scoreNote")
        self.table = with_name(ScoreTable(), "dataScores", accessible=tr("Scores on the data"))
        self._build()
        self.model.currentIndexChanged.connect(lambda _: self._arrange())
        self.spread.toggled.connect(self.table.set_intervals)
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
        form.addRow(tr("&Beside"), self.beside)
        form.addRow(tr("Ma&ps"), self.maps_row)
        tip = tr("Choose a folder of data; further ones are added")
        add = button(
            "browseScored", tr("Br&owse…"), tip, lambda: ask_folder(self, tip, self._add, self._last())
        )
        holder = QWidget()
        in_row((self.data, 1), add, self.part, within=holder, margins=0)
        form.addRow(tr("&Data"), holder)
        boxes = (self.original, self.whole, self.skip, self.one, self.old, self.spread)
        choices = in_row(*boxes, STRETCH)
        row = in_row(self.begin, self.end, self.copy, self.save, self.each, (self.note, 1))
        in_column(form, choices, row, (self.table, 1), within=self, spacing=12, margins=(22, 18, 22, 16))

    def _folders(self) -> tuple[Path, ...]:
        """The data sets; a single folder may have a semicolon in its name."""
        text = self.data.text().strip()
        parts = [text] if Path(text).expanduser().exists() else text.split(";")
        return tuple(Path(part.strip()).expanduser() for part in parts if part.strip())

    def _last(self) -> str:
        found = self._folders()
        return str(found[-1]) if found else ""

    def _add(self, folder: str) -> None:
        known = [str(each) for each in self._folders()]
        self.data.setText("; ".join(dict.fromkeys([*known, folder])))

    @property
    def _of_maps(self) -> bool:
        return bool(self.model.currentData() == _MAPS)

    def _arrange(self) -> None:
        busy = self._work.busy
        self.form.setRowVisible(self.maps_row, self._of_maps)
        self.begin.setVisible(not busy)
        self.begin.setEnabled(
            bool(self.data.text().strip(" ;")) and (not self._of_maps or bool(self.maps.text().strip()))
        )
        self.end.setVisible(busy)
        for each in (self.copy, self.save):
            each.setVisible(bool(self.table.lines))
        self.each.setVisible(bool(self._pictures))

    def _begin(self) -> None:
        request = ScoringRequest(
            self._folders(),
            None if self._of_maps else Path(str(self.model.currentData())),
            Path(self.maps.text().strip()).expanduser() if self._of_maps else None,
            self.model.currentText() if not self._of_maps else tr("The maps"),
            Path(beside) if (beside := str(self.beside.currentData() or "")) else None,
            self.beside.currentText(),
            str(self.part.currentData()),
            self.original.isChecked(),
            self.whole.isChecked(),
            self.skip.isChecked(),
            self.old.isChecked(),
            self.one.isChecked(),
        )
        self.table.show_lines(())
        self._pictures = b""
        self._arrange()
        set_role(self.note, "muted")
        self.note.setText(tr("Reading the folder…"))
        self._work.begin(lambda tell, stop: score_data(request, tell, stop))

    def _show(self, scoring: Scoring) -> None:
        set_role(self.note, "muted")
        self.note.setText(scoring.now)
        self._pictures = scoring.each
        self.table.show_lines(scoring.lines)
        self._arrange()

    def _complain(self, sentence: str) -> None:
        set_role(self.note, "trouble")
        self.note.setText(sentence)
        self._arrange()

    def _copy(self) -> None:
        self.table.copy()

    def _ask_each(self) -> None:
        pictures = self._pictures

        def save(path: str) -> None:
            self._services.tasks.do(
                tr("saving the scores"), lambda: save_bytes(path, pictures), None, self._complain, self
            )

        suggestion = f"{Path(self._last()).name or 'data'} pictures.csv"
        ask_new_file(self, tr("Save the scores of each picture"), tr("CSV (*.csv)"), suggestion, save)

    def _ask_file(self) -> None:
        table = self.table.as_table()

        def save(path: str) -> None:
            self._services.tasks.do(
                tr("saving the scores"), lambda: save_table(path, table), None, self._complain, self
            )

        suggestion = f"{Path(self._last()).name or 'data'} scores.csv"
        ask_new_file(self, tr("Save the scores"), tr(KINDS), suggestion, save)
