"""The dialog for settings without another place in the window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialogButtonBox,
    QGridLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from salviewer.app.languages import LANGUAGES
from salviewer.app.state.browsing import LEAST_MEMORY, LEAST_PAGE, MOST_MEMORY, MOST_PAGE, Browsing
from salviewer.app.translation import mark, rows, tr
from salviewer.app.widgets.buttons import label, label_for, with_name
from salviewer.app.widgets.controls import Choice
from salviewer.app.widgets.dialog import Dialog
from salviewer.app.widgets.layouts import in_column

_PREFETCH = [
    ("maps", mark("Open and predict"), mark("The next picture and its map appear at once")),
    ("pictures", mark("Open only"), mark("The next picture appears at once; its map is predicted then")),
    ("nothing", mark("Do nothing"), mark("Nothing is prepared")),
]


class PreferencesDialog(Dialog):
    """Applies every change at once."""

    changed = Signal(object)  # Browsing
    language_changed = Signal(str)
    browser_changed = Signal(str)
    reset_wanted = Signal()
    shortcuts_wanted = Signal()

    def __init__(self, browsing: Browsing, language: str, browser: str, file: Path, parent: QWidget) -> None:
        super().__init__("preferencesDialog", tr("Preferences"), parent)
        self._browsing = browsing
        self.siblings = QCheckBox(tr("&List the whole folder when one picture is opened"))
        self.siblings.setObjectName("siblings")
        self.siblings.setToolTip(tr("Next and previous then go through all pictures in its folder"))
        self.siblings.setChecked(browsing.siblings)
        self.siblings.toggled.connect(lambda on: self._change(siblings=on))
        self.watch = QCheckBox(tr("Read a &picture again when another program saves it"))
        self.watch.setObjectName("watch")
        self.watch.setToolTip(tr("Its areas and settings stay, and a message says how their shares changed"))
        self.watch.setChecked(browsing.watch)
        self.watch.toggled.connect(lambda on: self._change(watch=on))
        self.prefetch = Choice(tr("Neighbours of the picture on screen"))
        self.prefetch.setObjectName("prefetch")
        self.prefetch.setToolTip(
            tr("What to prepare for the next and previous picture while the program is idle")
        )
        self.prefetch.fill(rows(_PREFETCH))
        self.prefetch.select(browsing.prefetch)
        self.prefetch.chosen.connect(lambda what: self._change(prefetch=what))
        self.memory = QSpinBox()
        self.memory.setObjectName("memory")
        self.memory.setAccessibleName(tr("Memory for opened pictures"))
        self.memory.setToolTip(tr("Opened pictures are kept for going back, up to this much memory"))
        self.memory.setRange(LEAST_MEMORY, MOST_MEMORY)
        self.memory.setSingleStep(50)
        self.memory.setSuffix(tr(" MB"))
        self.memory.setValue(browsing.memory)
        self.memory.valueChanged.connect(lambda megabytes: self._change(memory=megabytes))
        self.memory.lineEdit().setTextMargins(6, 0, 6, 0)
        self.dpi = QSpinBox()
        self.dpi.setObjectName("dpi")
        self.dpi.setAccessibleName(tr("Resolution of pages"))
        self.dpi.setToolTip(tr("Of PDF documents and drawings, from the next one that is opened"))
        self.dpi.setRange(LEAST_PAGE, MOST_PAGE)
        self.dpi.setSingleStep(10)
        self.dpi.setSuffix(tr(" pixels per inch"))
        self.dpi.setValue(browsing.dpi)
        self.dpi.valueChanged.connect(lambda dpi: self._change(dpi=dpi))
        self.dpi.lineEdit().setTextMargins(6, 0, 6, 0)
        self.browser = with_name(
            QLineEdit(browser),
            "browser",
            tr("The program of Chrome, Edge or Chromium"),
            accessible=tr("Web browser"),
        )
        self.browser.setPlaceholderText(tr("found automatically"))
        self.browser.editingFinished.connect(lambda: self.browser_changed.emit(self.browser.text().strip()))
        self.later = label(tr("The language changes at the next start."), "muted", name="languageLater")
        self.later.hide()
        self.language = Choice(tr("Language"))
        self.language.setObjectName("language")
        self.language.setToolTip(tr("Of the window; numbers are written as this language does"))
        self.language.fill([(name, title or tr("As the system"), "") for name, title in LANGUAGES.items()])
        self.language.select(language)
        self.language.chosen.connect(self.language_changed)
        self.language.chosen.connect(lambda name: self.later.setVisible(name != language))
        form = QGridLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(12)
        form.setColumnStretch(1, 1)
        form.addWidget(self.siblings, 0, 0, 1, 2)
        form.addWidget(self.watch, 1, 0, 1, 2)
        for row, (text, widget) in enumerate(
            (
                (tr("&Neighbours"), self.prefetch),
                (tr("&Memory for pictures"), self.memory),
                (tr("Resol&ution of pages"), self.dpi),
                (tr("&Web browser"), self.browser),
                (tr("Lan&guage"), self.language),
            ),
            2,
        ):
            form.addWidget(label_for(widget, text), row, 0)
            form.addWidget(widget, row, 1)
        form.addWidget(self.later, 7, 1)
        self.shortcuts = QPushButton(tr("&Keyboard shortcuts…"))
        self.shortcuts.setObjectName("editShortcuts")
        self.shortcuts.setToolTip(tr("See and change the keys of all actions"))
        self.shortcuts.clicked.connect(self.shortcuts_wanted)
        self.reset = QPushButton(tr("&Reset all settings…"))
        self.reset.setObjectName("resetSettings")
        self.reset.setToolTip(tr("Ask, then restore all defaults"))
        self.reset.clicked.connect(self.reset_wanted)
        for button in (self.shortcuts, self.reset):
            button.setAutoDefault(False)
        self.place = label(tr("Kept in {file}", file=file), "muted", wrap=True, name="settingsFile")
        self.place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        for extra in (self.shortcuts, self.reset):
            buttons.addButton(extra, QDialogButtonBox.ButtonRole.ResetRole)
        in_column(form, self.place, buttons, within=self, spacing=18, margins=(22, 20, 22, 16))

    def _change(self, **fields: object) -> None:
        self._browsing = replace(self._browsing, **fields)  # type: ignore[arg-type]
        self.changed.emit(self._browsing)
