"""A line above the choices of an export: presets by name, saved and opened as files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from salviewer.app.shell.file_dialogs import ask_file, ask_new_file
from salviewer.app.state.presets import (
    EXPORT_SUFFIX,
    folder_to_save_in,
    load_export,
    named,
    save_export,
)
from salviewer.app.translation import fill, tr
from salviewer.app.widgets.buttons import button, label
from salviewer.app.widgets.controls import Choice
from salviewer.app.widgets.export_form import ExportForm
from salviewer.app.widgets.layouts import in_column, in_row
from salviewer.errors import SalviewerError

_KINDS = f"salviewer (*{EXPORT_SUFFIX} *.json)"


class PresetRow(QWidget):
    """Fills a form from a preset, and saves the form's choices as one.

    Args:
        form: shows the choices.
        used: called after a preset has filled the form, which does not report it.
    """

    def __init__(self, form: ExportForm, used: Callable[[], object]) -> None:
        super().__init__()
        self._form, self._used = form, used
        self.choice = Choice(tr("Preset"))
        self.choice.setObjectName("exportPreset")
        self.choice.setToolTip(tr("Choices that were saved under a name"))
        self.choice.chosen.connect(lambda path: self.use(path) if path else None)
        self.complaint = label(role="trouble", wrap=True, name="presetTrouble")
        self.complaint.hide()
        row = in_row(spacing=8)
        heading = label(tr("Preset"), "heading")
        heading.setMinimumWidth(76)
        row.addWidget(heading)
        row.addSpacing(6)
        row.addWidget(self.choice, 1)
        row.addWidget(
            button(
                "savePreset",
                tr("Save as…"),
                tr("Keep these choices under a name, as a file that can be shared"),
                self._ask_save,
            )
        )
        row.addWidget(button("openPreset", tr("Open…"), tr("Use a preset from a file"), self._ask_open))
        in_column(row, self.complaint, within=self, spacing=4, margins=0)
        form.changed.connect(lambda _: self.choice.setCurrentIndex(0))
        self._list()

    def use(self, path: str) -> None:
        """Fill the form from a file; the folder of results stays."""
        try:
            choices, refused = load_export(path)
        except SalviewerError as error:
            self._complain(str(error))
            self._list()
            return
        self._complain(fill("{path}: {entries}", path=path, entries=", ".join(refused)) if refused else "")
        self._form.set_choices(replace(choices, folder=self._form.choices.folder))
        self._used()
        if self.choice.findData(path) >= 0:
            self.choice.select(path)

    def save(self, path: str) -> None:
        """Write the form's choices to a file."""
        try:
            save_export(path, self._form.choices)
            self._complain("")
        except SalviewerError as error:
            self._complain(str(error))
        self._list()
        if self.choice.findData(path) >= 0:
            self.choice.select(path)

    def _list(self) -> None:
        found = [(str(path), name, str(path)) for name, path in named(EXPORT_SUFFIX)]
        none = tr("none") if found else tr("none saved yet")
        self.choice.fill([("", none, tr("The choices as they are")), *found])

    def _ask_save(self) -> None:
        name = f"{tr('export')}{EXPORT_SUFFIX}"
        ask_new_file(self, tr("Save the choices"), _KINDS, name, self.save, folder_to_save_in())

    def _ask_open(self) -> None:
        ask_file(self, tr("Open a preset"), _KINDS, self.use, folder_to_save_in())

    def _complain(self, text: str) -> None:
        self.complaint.setText(text)
        self.complaint.setVisible(bool(text))
