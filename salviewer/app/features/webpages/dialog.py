"""The dialog for the address of a web page."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from salviewer.addresses import is_web
from salviewer.app.state.page_choices import PageChoices
from salviewer.app.translation import mark, tr
from salviewer.app.widgets.buttons import check_box, label
from salviewer.webpages.viewports import VIEWPORTS

_HINT = mark(
    "The Chrome, Edge or Chromium on this computer draws the page, without a window and without your "
    "cookies. Several screens are compared as variants."
)
_NAMES = {
    "desktop": mark("&Desktop"),
    "laptop": mark("&Laptop"),
    "tablet": mark("&Tablet"),
    "phone": mark("&Phone"),
}


class PageDialog(QDialog):
    """Asks for an address and for screens; opens nothing."""

    wanted = Signal(str, object)  # the address, and PageChoices

    def __init__(self, choices: PageChoices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pageDialog")
        self.setWindowTitle(tr("Open a web page"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(480)
        self._choices = choices
        self.address = QComboBox()
        self.address.setObjectName("address")
        self.address.setEditable(True)
        self.address.setAccessibleName(tr("Address of the page"))
        self.address.addItems(list(choices.addresses))
        self.address.setCurrentIndex(0 if choices.addresses else -1)
        field = self.address.lineEdit()
        assert field is not None
        field.setPlaceholderText(tr("such as https://example.com"))
        field.selectAll()
        self.address.editTextChanged.connect(self._enable)
        self.screens = {name: QCheckBox(tr(text)) for name, text in _NAMES.items()}
        grid = QGridLayout()
        for number, (name, box) in enumerate(self.screens.items()):
            one = VIEWPORTS[name]
            box.setObjectName(name)
            box.setToolTip(f"{one.width} x {one.height}" + (f" @{one.scale:g}x" if one.scale != 1 else ""))
            box.setChecked(name in choices.viewports)
            box.toggled.connect(self._enable)
            grid.addWidget(box, number // 2, number % 2)
        self.whole = check_box(
            "wholePage",
            tr("The &whole page, not its first screen alone"),
            tr("Each screen is predicted alone; whether people scroll is not predicted"),
            choices.whole,
        )
        self.dark = check_box("dark", tr("Ask for dar&k colours"), checked=choices.dark)
        self.browser = QLineEdit(choices.browser)
        self.browser.setObjectName("browser")
        self.browser.setPlaceholderText(tr("found automatically"))
        self.browser.setToolTip(tr("The program of Chrome, Edge or Chromium"))
        hint = label(tr(_HINT), "muted", wrap=True)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel
        )
        self.buttons.accepted.connect(self._accept)
        self.buttons.rejected.connect(self.reject)
        whole = QVBoxLayout(self)
        whole.setSpacing(8)
        whole.addWidget(_label(tr("&Address"), self.address))
        whole.addWidget(self.address)
        whole.addLayout(grid)
        for widget in (self.whole, self.dark, _label(tr("&Browser"), self.browser), self.browser, hint):
            whole.addWidget(widget)
        whole.addWidget(self.buttons)
        self._enable()
        self.address.setFocus()

    def _checked(self) -> tuple[str, ...]:
        return tuple(name for name, box in self.screens.items() if box.isChecked())

    def _enable(self) -> None:
        button = self.buttons.button(QDialogButtonBox.StandardButton.Open)
        button.setEnabled(bool(self._checked()) and is_web(completed(self.address.currentText())))

    def _accept(self) -> None:
        choices = replace(
            self._choices,
            viewports=self._checked(),
            whole=self.whole.isChecked(),
            dark=self.dark.isChecked(),
            browser=self.browser.text().strip(),
        )
        self.wanted.emit(completed(self.address.currentText()), choices)
        self.accept()


def completed(text: str) -> str:
    """Return an address as typed, with https:// where only a name such as example.com was typed."""
    word = text.strip()
    if word and "://" not in word and "." in word.partition("/")[0] and " " not in word:
        return f"https://{word}"
    return word


def _label(text: str, buddy: QWidget) -> QLabel:
    made = QLabel(text)
    made.setBuddy(buddy)
    return made
