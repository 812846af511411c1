"""Asks who a report is from and for; the answers are a template that can be saved and shared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QColorDialog,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from salviewer.app.shell.file_dialogs import ask_file, ask_new_file
from salviewer.app.translation import tr
from salviewer.app.widgets.buttons import button, label, set_role
from salviewer.errors import SalviewerError
from salviewer.results.report_template import (
    TEMPLATE_SUFFIX,
    ReportTemplate,
    load_template,
    save_template,
)

_TEMPLATES = f"salviewer (*{TEMPLATE_SUFFIX})"


class ReportDialog(QDialog):
    """Fields of `ReportTemplate`, then where to save the report."""

    wanted = Signal(object, object)  # Path, ReportTemplate

    def __init__(self, template: ReportTemplate, folder: str, stem: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("reportDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Report"))
        self.setMinimumWidth(460)
        self._folder, self._stem, self._logo, self._colour = folder, stem, "", ""
        self.title, self.client, self.author = QLineEdit(), QLineEdit(), QLineEdit()
        self.notes = QPlainTextEdit()
        self.notes.setMaximumHeight(90)
        self.notes.setTabChangesFocus(True)
        self.title.setPlaceholderText(tr("made from the pictures when left empty"))
        self.logo = QPushButton()
        self.logo.setObjectName("reportLogo")
        self.logo.clicked.connect(self._ask_logo)
        self.colour = QPushButton()
        self.colour.setObjectName("reportColour")
        self.colour.clicked.connect(self._ask_colour)
        form = QFormLayout()
        form.setSpacing(8)
        for text, name, field in (
            (tr("&Title"), "reportTitle", self.title),
            (tr("&Client"), "reportClient", self.client),
            (tr("&Author"), "reportAuthor", self.author),
            (tr("&Logo"), "reportLogo", self.logo),
            (tr("C&olour"), "reportColour", self.colour),
            (tr("&Notes"), "reportNotes", self.notes),
        ):
            field.setObjectName(name)
            form.addRow(text, field)
        self.complaint = label(role="trouble", wrap=True)
        self.complaint.hide()
        row = QHBoxLayout()
        row.addWidget(button("openTemplate", tr("Open t&emplate…"), tr("Fill in what was saved"), self._open))
        row.addWidget(
            button("saveTemplate", tr("&Save template…"), tr("Keep it for other reports"), self._save)
        )
        row.addStretch(1)
        row.addWidget(button("reportCancel", tr("Cancel"), "", self.reject))
        row.addWidget(
            button(
                "reportWrite",
                tr("&Write report…"),
                tr("Choose a PDF or HTML file"),
                self._write,
                primary=True,
            )
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 18, 18, 18)
        column.setSpacing(12)
        column.addLayout(form)
        column.addWidget(self.complaint)
        column.addLayout(row)
        self.set_template(template)

    @property
    def template(self) -> ReportTemplate:
        """The template that the fields describe."""
        return ReportTemplate(
            self.title.text().strip(),
            self.client.text().strip(),
            self.author.text().strip(),
            self.notes.toPlainText().strip(),
            self._logo,
            self._colour,
        )

    def set_template(self, template: ReportTemplate) -> None:
        """Fill in the fields."""
        for field, text in (
            (self.title, template.title),
            (self.client, template.client),
            (self.author, template.author),
        ):
            field.setText(text)
        self.notes.setPlainText(template.notes)
        self._set_logo(template.logo)
        self._set_colour(template.colour)

    def _set_logo(self, path: str) -> None:
        self._logo = path
        self.logo.setText(Path(path).name if path else tr("Choose a picture…"))

    def _set_colour(self, colour: str) -> None:
        self._colour = colour
        self.colour.setText(colour)
        dark = QColor(colour).lightnessF() < 0.55
        ink = "#ffffff" if dark else "#14161a"
        self.colour.setStyleSheet(f"QPushButton {{ background: {colour}; color: {ink}; }}")

    def _ask_logo(self) -> None:
        kinds = tr("Pictures") + " (*.png *.jpg *.jpeg *.webp)"
        ask_file(self, tr("Choose a logo"), kinds, self._set_logo, self._folder)

    def _ask_colour(self) -> None:
        dialog = QColorDialog(QColor(self._colour), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.colorSelected.connect(lambda colour: self._set_colour(colour.name()))
        dialog.open()

    def _open(self) -> None:
        def fill(path: str) -> None:
            try:
                self.set_template(load_template(path))
                self._complain("")
            except SalviewerError as error:
                self._complain(str(error))

        ask_file(self, tr("Open a template"), _TEMPLATES, fill, self._folder)

    def _save(self) -> None:
        def write(path: str) -> None:
            try:
                save_template(path, self.template)
                self._complain("")
            except SalviewerError as error:
                self._complain(str(error))

        ask_new_file(
            self, tr("Save the template"), _TEMPLATES, f"report{TEMPLATE_SUFFIX}", write, self._folder
        )

    def _write(self) -> None:
        def write(path: str) -> None:
            self.wanted.emit(Path(path), replace(self.template))
            self.accept()

        kinds = "PDF, HTML (*.pdf *.html)"
        ask_new_file(self, tr("Write the report"), kinds, f"{self._stem}.pdf", write, self._folder)

    def _complain(self, text: str) -> None:
        self.complaint.setText(text)
        self.complaint.setVisible(bool(text))
        set_role(self.complaint, "trouble")
