"""Ask for the passwords of encrypted documents."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QInputDialog, QLineEdit

from salviewer.app.translation import tr
from salviewer.app.widgets.buttons import with_name
from salviewer.app.workbench import Workbench
from salviewer.app.workers.loader import Opened
from salviewer.media.openers.options import keep_password


class Passwords(QObject):
    """Asks when a document could not be opened without one; passwords are kept until the program ends."""

    def __init__(self, bench: Workbench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self._tried: set[Path] = set()
        bench.session.locked.connect(self._ask)

    def _ask(self, opened: Opened) -> None:
        document = opened.locked[0]
        dialog = with_name(QInputDialog(self._bench.dialog_parent), "passwordDialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(tr("Password"))
        name = document.name
        dialog.setLabelText(
            tr("That is not the password of {name}. Its password:", name=name)
            if document in self._tried
            else tr("{name} is encrypted. Its password:", name=name)
        )
        dialog.setTextEchoMode(QLineEdit.EchoMode.Password)
        dialog.textValueSelected.connect(lambda text: self._use(document, text, opened.asked))
        dialog.open()

    def _use(self, document: Path, password: str, asked: tuple[Path, ...]) -> None:
        keep_password(document, password)
        self._tried.add(document)
        session = self._bench.session
        if asked:
            session.open(asked)
        else:
            session.look_again(document)
