"""The export dialog: choose the files, and see their names before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from salviewer.app.shell.file_dialogs import ask_folder
from salviewer.app.shell.preset_row import PresetRow
from salviewer.app.state.export_choices import ExportChoices
from salviewer.app.translation import plural, tr
from salviewer.app.widgets.buttons import button, label, label_for, with_name
from salviewer.app.widgets.controls import Choice
from salviewer.app.widgets.dialog import Dialog
from salviewer.app.widgets.export_form import ExportForm
from salviewer.app.widgets.layouts import STRETCH, add_items, in_column
from salviewer.app.widgets.scrolling import ScrollPage, fit_on_screen, room
from salviewer.app.workers.latest_only import LatestOnlyWorker, Outcome
from salviewer.app.workers.timers import single_shot
from salviewer.results.naming import Job, existing, folded, names_in, plan

Endings = Callable[[ExportChoices], dict[str, str]]
"""Returns the endings of the files' names, by their kind: `Order.endings` of some choices."""

_SOON = 120  # milliseconds after the last key before the disk is read


@dataclass(frozen=True, slots=True)
class Planned:
    """The planned names.

    Attributes:
        job: the picture and its files.
        there: the names, without numbers, that exist already.
        replaces: whether existing files may be replaced.
    """

    job: Job
    there: tuple[Path, ...]
    replaces: bool


class ExportDialog(Dialog):
    """Asks for choices; writes nothing.

    Args:
        choices: the last choices.
        folder, stem: the suggested folder, and the start of the names.
        endings: of the names.
        worker: reads the disk.
    """

    wanted = Signal(object, object)  # ExportChoices, Planned

    def __init__(
        self,
        choices: ExportChoices,
        folder: str,
        stem: str,
        endings: Endings,
        worker: LatestOnlyWorker,
        parent: QWidget,
    ) -> None:
        super().__init__("exportDialog", tr("Export"), parent)
        self._endings, self._worker = endings, worker
        self._ticket = 0
        self.planned: Planned | None = None
        self.form = ExportForm()
        self.form.set_choices(choices)
        self.form.changed.connect(lambda _: self._plan_soon())
        self.presets = PresetRow(self.form, self._plan_soon)
        self.folder = _field(
            "exportFolder", tr("Folder"), tr("Where the files go; created if missing"), folder
        )
        self.stem = _field("exportName", tr("Name"), tr("Start of the file names"), stem)
        self.browse = button("exportBrowse", tr("Choose…"), tr("Choose the folder"), self._browse)
        self.policy = Choice(tr("Existing files"))
        self.policy.setObjectName("exportPolicy")
        self.policy.setToolTip(tr("What to do with existing files"))
        self.policy.fill(
            [
                ("keep", tr("Keep them and number the new ones"), tr("Nothing is replaced")),
                ("replace", tr("Replace them"), tr("Existing files are replaced")),
            ]
        )
        self.policy.chosen.connect(lambda _: self._plan_soon())
        self.taken = label(wrap=True, name="exportTaken")
        self.names = with_name(QPlainTextEdit(), "exportNames")
        self.names.setReadOnly(True)
        self.names.setAccessibleName(tr("Files that will be written"))
        self.names.setToolTip(tr("Files that will be written"))
        self.names.setTabChangesFocus(True)
        self.names.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.names.setFixedHeight(6 * self.fontMetrics().lineSpacing() + 14)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.export = with_name(QPushButton(tr("&Export")), "exportNow")
        self.export.setProperty("primary", True)
        self.export.setToolTip(tr("Write these files"))
        self.export.setDefault(True)
        buttons.addButton(self.export, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self._go)
        buttons.rejected.connect(self.reject)
        self._lay_out(buttons)
        self._soon = single_shot(self, _SOON, self._plan)
        for field in (self.folder, self.stem):
            field.textChanged.connect(lambda _: self._plan_soon())
        self._worker.finished.connect(self._landed)
        self._show_plan(None)
        self._plan()

    @property
    def choices(self) -> ExportChoices:
        """Return the choices; with the folder if the user chose one."""
        return replace(self.form.choices, folder=self.folder.text().strip())

    def _lay_out(self, buttons: QDialogButtonBox) -> None:
        where = QGridLayout()
        where.setHorizontalSpacing(14)
        where.setVerticalSpacing(8)
        where.setColumnMinimumWidth(0, 76)
        where.setColumnStretch(1, 1)
        for row, (text, field) in enumerate(((tr("Fol&der"), self.folder), (tr("&Name"), self.stem))):
            where.addWidget(label_for(field, text, "heading"), row, 0)
            where.addWidget(field, row, 1)
        where.addWidget(self.browse, 0, 2)
        where.addWidget(label(tr("Files"), "heading"), 2, 0, Qt.AlignmentFlag.AlignTop)
        where.addWidget(self.names, 2, 1, 1, 2)
        where.addWidget(self.taken, 3, 1, 1, 2)
        where.addWidget(self.policy, 4, 1, 1, 2, Qt.AlignmentFlag.AlignLeft)
        column = in_column(within=self, spacing=14, margins=(22, 20, 22, 16))
        page = QWidget()
        in_column(self.presets, self.form, where, STRETCH, within=page, spacing=14, margins=0)
        add_items(column, (ScrollPage(page), 1), buttons)
        wide = max(600, self.minimumSizeHint().width())  # some languages need more
        self.setMinimumWidth(min(wide, room(self).width()))
        fit_on_screen(self, wide, self.sizeHint().height())

    def _browse(self) -> None:
        folder = self.folder
        ask_folder(self, tr("Where to export to"), folder.setText, folder.text(), shows_files=False)

    def _plan_soon(self) -> None:
        self.planned = None
        self.export.setEnabled(False)
        self._soon.start()

    def _plan(self) -> None:
        folder, stem = self.folder.text().strip(), self.stem.text().strip()
        endings = self._endings(self.form.choices)
        if not folder or not _is_name(stem) or self.form.choices.empty:
            self._show_plan(None)
            return
        keeps = self.policy.currentData() == "keep"
        self._ticket += 1
        self._worker.submit(self._ticket, lambda: _planned(Path(folder), stem, endings, keeps))

    def _landed(self, outcome: Outcome) -> None:
        if outcome.ticket == self._ticket and not self._soon.isActive():
            self._show_plan(outcome.value)

    def _show_plan(self, planned: Planned | None) -> None:
        self.planned = planned
        files = [] if planned is None else [file.path.name for file in planned.job.files]
        self.names.setPlainText("\n".join(files))
        there = () if planned is None else planned.there
        if there:
            self.taken.setText(
                plural(
                    "{name} is there already:",
                    "{count} of these names are there already:",
                    len(there),
                    name=there[0].name,
                )
            )
        elif planned is None:
            self.taken.setText(_missing(self.folder.text(), self.stem.text(), self.form.choices))
        self.taken.setVisible(bool(there) or planned is None)
        self.policy.setVisible(bool(there))
        self.export.setEnabled(bool(files))
        self.export.setText(
            tr("&Export {count} files", count=len(files)) if len(files) > 1 else tr("&Export")
        )

    def _go(self) -> None:
        if self.planned is not None:
            self.wanted.emit(self.choices, self.planned)
            self.accept()


def _planned(folder: Path, stem: str, endings: dict[str, str], keeps: bool) -> Planned:
    picture = Path(f"{stem}.picture")
    (plain,) = plan([picture], folder, endings)
    there = tuple(existing([plain]))
    taken: Sequence[str] = [folded(name) for name in names_in(folder)] if keeps and there else ()
    (job,) = plan([picture], folder, endings, taken)
    return Planned(job, there, not keeps)


def _field(name: str, title: str, tip: str, text: str) -> QLineEdit:
    return with_name(QLineEdit(text), name, tip, accessible=title)


def _is_name(stem: str) -> bool:
    return bool(stem) and not set(stem) & set('/\\:*?"<>|\0')


def _missing(folder: str, stem: str, choices: ExportChoices) -> str:
    if choices.empty:
        return tr("Choose what to write.")
    if not folder.strip():
        return tr("Choose a folder.")
    if not _is_name(stem.strip()):
        return tr('Give a name without / \\ : * ? " < > |.')
    return ""
