"""The first page of a new training: the data and their content."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QWidget,
)

from salviewer.app.features.training.columns_dialog import ColumnsDialog, unclear_tables
from salviewer.app.features.training.tasks import Tell
from salviewer.app.features.training.triplets import Triplets, coloured, image_of, scrolled
from salviewer.app.shell.file_dialogs import ask_folder
from salviewer.app.translation import fill, mark, plural, tr
from salviewer.app.widgets.buttons import button, label, label_for, set_role, with_name
from salviewer.app.widgets.layouts import STRETCH, in_column, in_row
from salviewer.media.data.tables import Preview, preview
from salviewer.texts import said
from salviewer.training.survey import LAYOUTS, Survey, survey

if TYPE_CHECKING:
    from salviewer.app.features.training.services import TrainingServices

_ASK = mark(
    "A published data set (CAT2000, MIT1003, SALICON, OSIE and others), also zipped; folders of pictures and"
    " maps; pictures with a table of fixations (CSV or TSV); or photographs for learning without labels."
)

_ROLES = {
    "pictures": mark("pictures"),
    "maps": mark("maps"),
    "fixations": mark("fixations"),
    "frames": mark("frames"),
}


class DataPage(QWidget):
    """Surveys a folder in a thread; emits `changed` when the survey comes or goes."""

    changed = Signal()

    def __init__(self, services: TrainingServices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.survey: Survey | None = None
        self._services = services
        self._work = work = services.surveying
        self._unclear: list[Path] = []
        self.folder = with_name(QLineEdit(), "dataFolder", accessible=tr("Folder of the data"))
        self.folder.setPlaceholderText(tr("A folder of pictures and where people looked at them"))
        self.folder.returnPressed.connect(self.look)
        self.folder.editingFinished.connect(self._look_at_another)
        self.folder.textEdited.connect(self._forget)
        self._looked_at = ""
        self.browse = button("browseData", tr("&Browse…"), tr("Choose the folder of the data"), self._browse)
        self.cancel = button("cancelSurvey", tr("&Cancel"), tr("Stop reading the folder"), self._call_off)
        self.bar = with_name(QProgressBar(), "surveyProgress")
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Pictures read"))
        self.said = label(tr(_ASK), "muted", wrap=True, name="dataSaid")
        self.columns = button(
            "sayColumns",
            tr("Say which col&umn is what…"),
            tr("The folder has a table whose columns are not recognised by their names"),
            self._ask_columns,
        )
        self.columns.hide()
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(18)
        self._facts.setVerticalSpacing(6)
        self._facts.setColumnStretch(1, 1)
        self.samples = Triplets((tr("Picture"), tr("Where people looked")), services.theme)
        self.samples.setObjectName("dataSamples")
        self.problems = with_name(QPlainTextEdit(), "dataProblems")
        self.problems.setReadOnly(True)
        self.problems.setAccessibleName(tr("Pictures left out or doubtful"))
        self.problems.setMaximumHeight(110)
        self._build()
        work.progressed.connect(self._progress)
        work.done.connect(self._show)
        work.failed.connect(self._complain)
        work.busy_changed.connect(self._set_busy)
        self._set_busy(False)
        self._show_facts()

    def _build(self) -> None:
        row = in_row(label_for(self.folder, tr("&Data folder")), (self.folder, 1), self.browse)
        busy = in_row((self.bar, 1), self.cancel)
        self.scrolled = scrolled(self.samples)
        left = in_column(self._facts, self.problems, STRETCH, spacing=10)
        across = in_row((left, 3), (self.scrolled, 2), spacing=20)
        columns = (self.columns, 0, Qt.AlignmentFlag.AlignLeft)
        in_column(row, busy, self.said, columns, (across, 1), within=self, spacing=10, margins=0)

    def look(self) -> None:
        """Survey the named folder."""
        text = self.folder.text().strip()
        self._looked_at = text
        if text:
            root = Path(text).expanduser()
            self._set_survey(None)
            self._say(tr("Reading the folder…"))
            self.bar.setRange(0, 0)
            self._work.begin(lambda tell, stop: _survey(root, tell, stop))

    def _look_at_another(self) -> None:
        """Survey the folder when the field is left with another name, as with the Tab key."""
        if self.folder.text().strip() != self._looked_at:
            self.look()

    def _forget(self) -> None:
        """Drop the survey of the folder that the field named before."""
        if self.survey is not None:
            self._looked_at = ""
            self._set_survey(None)
            self._say(tr(_ASK))

    def _browse(self) -> None:
        ask_folder(self, tr("Choose the data"), self.set_folder, self.folder.text())

    def set_folder(self, folder: str) -> None:
        """Set the folder and survey it."""
        self.folder.setText(folder)
        self.look()

    def _call_off(self) -> None:
        self._work.cancel()
        self._say(tr("Reading was cancelled."))

    def _progress(self, progress: tuple[int, int]) -> None:
        done, total = progress
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self._say(tr("Reading pictures, {done} of {total}", done=done, total=total))

    def _show(self, found: Survey) -> None:
        self._set_survey(found)
        self._say(tr("Recognised: {layout}.", layout=tr(LAYOUTS[found.layout])))

    def _complain(self, sentence: str) -> None:
        self._set_survey(None)
        self._say(sentence, "trouble")
        folder = Path(self.folder.text().strip()).expanduser()
        self._services.tasks.do(
            tr("reading the tables"),
            lambda: unclear_tables(folder),
            self._offer_columns,
            lambda _: None,
            self,
        )

    def _offer_columns(self, tables: list[Path]) -> None:
        self._unclear = tables
        self.columns.setVisible(bool(tables))

    def _ask_columns(self) -> None:
        path = self._unclear[0]

        def ask(head: Preview) -> None:
            dialog = ColumnsDialog(self._services, path, head, self)
            dialog.kept.connect(self.look)
            dialog.open()

        self._services.tasks.do(tr("reading the tables"), lambda: preview(path), ask, self._complain, self)

    def _say(self, sentence: str, role: str = "muted") -> None:
        set_role(self.said, role)
        self.said.setText(sentence)

    def _set_busy(self, busy: bool) -> None:
        self.bar.setVisible(busy)
        self.cancel.setVisible(busy)

    def _set_survey(self, found: Survey | None) -> None:
        self.survey = found
        self.columns.hide()
        self._show_facts()
        self.changed.emit()

    def _show_facts(self) -> None:
        while (item := self._facts.takeAt(0)) is not None:
            if (shown := item.widget()) is not None:
                shown.hide()
                shown.deleteLater()
        found = self.survey
        rows = [] if found is None else _facts(found)
        for number, (name, value) in enumerate(rows):
            self._facts.addWidget(label(name, "muted"), number, 0, Qt.AlignmentFlag.AlignTop)
            self._facts.addWidget(label(value, wrap=True), number, 1)
        problems = () if found is None else found.problems
        self.problems.setVisible(bool(problems))
        self.problems.setPlainText("\n".join(said(str(problem)) for problem in problems))
        self.scrolled.setVisible(found is not None)
        if found is not None:
            headings = (tr("Picture"), tr("Where people looked"))
            self.samples.set_headings(headings if found.labelled else headings[:1])
            self.samples.set_rows(
                [
                    (image_of(item.stimulus), *([image_of(coloured(item.density))] * found.labelled))
                    for item in found.samples
                ]
            )


def _survey(root: Path, tell: Tell, stop: threading.Event) -> Survey:
    return survey(root, progress=lambda done, total: tell((done, total)))


def _facts(found: Survey) -> list[tuple[str, str]]:
    named = [(name, count) for name, count in found.categories if name]
    (small, large), (train, val, test) = found.sizes, found.split
    wide, high = small
    if large == small:
        sizes = tr("{width} × {height} pixels", width=wide, height=high)
    else:
        sizes = tr(
            "{width} × {height} to {largest_width} × {largest_height} pixels",
            width=wide,
            height=high,
            largest_width=large[0],
            largest_height=large[1],
        )
    parts = [tr("{count} to train on", count=train)]
    if val:
        parts.append(tr("{count} to choose by", count=val))
    parts.append(tr("{count} to test on", count=test))
    whose = tr("the data's own") if found.own_split else tr("drawn from each category")
    rows = [
        (
            tr("Pictures"),
            plural("{count:,} picture can be used", "{count:,} pictures can be used", found.pictures),
        ),
        (
            tr("Categories"),
            ", ".join(fill("{name} ({count})", name=name, count=count) for name, count in named)
            or tr("none"),
        ),
        (tr("Sizes"), sizes),
        (tr("Ground truth"), _truth(found)),
        (tr("Taken from"), _taken(found)),
        (tr("Split"), f"{', '.join(parts)}; {whose}"),
    ]
    doubtful = sum(problem.kept for problem in found.problems)
    if left_out := len(found.problems) - doubtful:
        rows.append(
            (
                tr("Left out"),
                plural("{count:,} entry, listed below", "{count:,} entries, listed below", left_out),
            )
        )
    if doubtful:
        rows.append(
            (
                tr("Doubtful"),
                plural(
                    "{count:,} entry, used and listed below",
                    "{count:,} entries, used and listed below",
                    doubtful,
                ),
            )
        )
    return rows


def _taken(found: Survey) -> str:
    """Return which folders and files are what."""
    named = [fill("{role}: {name}", role=tr(_ROLES.get(role, role)), name=name) for role, name in found.taken]
    return ", ".join(named)


def _truth(found: Survey) -> str:
    if not found.labelled:
        return tr("none: a teacher will label the photographs")
    if not found.fixations:
        return tr("fixation maps alone")
    if found.viewers:
        return plural(
            "{count:,} fixation of up to {viewers} viewers a picture",
            "{count:,} fixations of up to {viewers} viewers a picture",
            found.fixations,
            viewers=found.viewers,
        )
    return plural("{count:,} fixation", "{count:,} fixations", found.fixations)
