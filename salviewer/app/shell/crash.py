"""The dialog for unexpected errors. The program continues behind it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)
from shiboken6 import isValid

from salviewer.app.shell.crash_report import Crash, report
from salviewer.app.shell.file_manager import show_in_folder
from salviewer.app.translation import tr
from salviewer.app.widgets.buttons import with_name
from salviewer.app.widgets.dialog import Dialog
from salviewer.app.widgets.layouts import in_column
from salviewer.app.widgets.scrolling import fit_on_screen

KEPT = 20
"""Most crashes in a report; the log has them all."""

_SIZE = (680, 420)


class CrashDialog(Dialog):
    """Says that something went wrong, and shows a report to copy; not modal."""

    def __init__(self, log: Path, parent: QWidget) -> None:
        super().__init__("crash", tr("Something went wrong – salviewer"), parent)
        self._log = log
        self.what = with_name(QLabel(), "crashWhat")
        self.what.setProperty("role", "heading")
        self.what.setWordWrap(True)
        self.what.setTextFormat(self.what.textFormat().PlainText)
        explanation = QLabel(
            tr(
                "salviewer continues, but your last action may not have been completed. Please send this "
                "report to the developers; nothing is sent automatically."
            )
        )
        explanation.setObjectName("crashExplanation")
        explanation.setWordWrap(True)
        self.text = QPlainTextEdit()
        self.text.setObjectName("crashReport")
        self.text.setAccessibleName(tr("The report"))
        self.text.setToolTip(
            tr("What happened and on which machine; contains no pictures, but perhaps file names")
        )
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        row = QHBoxLayout()
        for name, text, tip, pressed in (
            ("crashCopy", tr("&Copy the report"), tr("Put the report on the clipboard"), self.copy),
            (
                "crashLog",
                tr("Show the &log"),
                tr("Open the folder with the logs"),
                self.show_log,
            ),
            ("crashClose", tr("Close"), tr("Go on"), self.close),
        ):
            button = with_name(QPushButton(text), name, tip, accessible=text.replace("&", ""))
            button.setAutoDefault(name == "crashClose")
            button.clicked.connect(pressed)
            if name == "crashClose":
                row.addStretch(1)
                button.setDefault(True)
            row.addWidget(button)
        in_column(
            self.what, explanation, (self.text, 1), row, within=self, spacing=12, margins=(20, 18, 20, 16)
        )
        fit_on_screen(self, *_SIZE)

    def tell(self, crashes: list[Crash]) -> None:
        """Show these crashes."""
        more = tr(" (and {count} more)", count=len(crashes) - 1) if len(crashes) > 1 else ""
        self.what.setText(crashes[0].what + more)
        self.text.setPlainText(report(crashes, self._log))

    def copy(self) -> None:
        """Put the report on the clipboard."""
        QGuiApplication.clipboard().setText(self.text.toPlainText())

    def show_log(self) -> None:
        """Open the log's folder."""
        show_in_folder(self._log.parent)


class Crashes(QObject):
    """Collects the crashes of this run and shows them in one dialog.

    A crash that repeats at the same place is shown once: an error in painting would open the dialog forever.
    """

    def __init__(self, log: Path, window: QWidget) -> None:
        super().__init__(window)
        self._log = log
        self._window = window
        self._seen: set[str] = set()
        self._shown: list[Crash] = []
        self.dialog: CrashDialog | None = None

    @Slot(object)
    def take(self, crash: Crash) -> None:
        """Show the crash, in the window's thread."""
        if crash.place in self._seen:
            return
        self._seen.add(crash.place)
        if self.dialog is None or not isValid(self.dialog) or not self.dialog.isVisible():
            self._shown = []
            # Above a modal dialog if there is one, which would block the mouse.
            self.dialog = CrashDialog(self._log, QApplication.activeModalWidget() or self._window)
        self._shown = [*self._shown, crash][:KEPT]
        self.dialog.tell(self._shown)
        self.dialog.show()
