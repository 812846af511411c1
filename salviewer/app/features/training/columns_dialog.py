"""The dialog in which the user says which column of a table of fixations is what."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from salviewer.app.translation import mark, tr
from salviewer.app.widgets.buttons import button, label, with_name
from salviewer.app.widgets.controls import Choice
from salviewer.app.widgets.dialog import Dialog
from salviewer.app.widgets.layouts import STRETCH, in_column, in_row
from salviewer.app.widgets.scrolling import fit_on_screen
from salviewer.media.data.tables import Columns, Preview, preview, write_columns

if TYPE_CHECKING:
    from salviewer.app.features.training.services import TrainingServices

_ROLES = {
    "image": (mark("&Picture"), mark("The picture's file name; without it the table's own name counts")),
    "x": (mark("&X"), mark("From the left, in pixels of the picture or shares of its width")),
    "y": (mark("&Y"), mark("From the top, in pixels of the picture or shares of its height")),
    "subject": (mark("&Viewer"), mark("Who looked")),
    "start": (mark("Start &time"), mark("When the fixation began")),
    "duration": (mark("&Duration"), mark("How long it lasted")),
}
_NEEDED = ("x", "y")


def unclear_tables(folder: Path) -> list[Path]:
    """Return the tables in a folder whose columns are not recognised; call it in a worker."""
    if not folder.is_dir():
        return []
    tables = [path for path in sorted(folder.iterdir()) if path.suffix.lower() in (".csv", ".tsv")]
    return [path for path in tables if preview(path).columns is None]


class ColumnsDialog(Dialog):
    """Shows the head of a table and a choice of column for each role; keeps the choice beside the table."""

    kept = Signal()

    def __init__(self, services: TrainingServices, path: Path, head: Preview, parent: QWidget) -> None:
        super().__init__("columnsDialog", tr("Columns of {name}", name=path.name), parent)
        self._services, self._path = services, path
        self._known = head.columns or Columns("", "")
        self.table = QTableWidget(len(head.rows), len(head.names))
        self.table.setObjectName("tableHead")
        self.table.setAccessibleName(tr("The first rows of the table"))
        self.table.setHorizontalHeaderLabels(list(head.names))
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.verticalHeader().hide()
        for number, cells in enumerate(head.rows):
            for column, text in enumerate(cells[: len(head.names)]):
                self.table.setItem(number, column, QTableWidgetItem(text))
        self.choices: dict[str, Choice] = {}
        form = QFormLayout()
        form.setSpacing(8)
        for role, (title, tip) in _ROLES.items():
            choice = with_name(Choice(tr(title).replace("&", "")), f"column_{role}", tr(tip))
            choice.fill([("", tr("None"), ""), *((name, name, "") for name in head.names)])
            choice.setCurrentIndex(max(0, choice.findData(getattr(self._known, role))))
            choice.currentIndexChanged.connect(lambda _: self._arrange())
            form.addRow(tr(title), choice)
            self.choices[role] = choice
        self.trouble = label("", "trouble", wrap=True, name="columnsFault")
        self.trouble.hide()
        self.keep = button(
            "keepColumns", tr("&Keep"), tr("Write it to a file beside the table"), self._keep, primary=True
        )
        cancel = button("cancelColumns", tr("Cancel"), tr("Leave the table as it is"), self.close)
        row = in_row(STRETCH, cancel, self.keep)
        in_column((self.table, 1), form, self.trouble, row, within=self, spacing=12, margins=(22, 18, 22, 16))
        self._arrange()
        fit_on_screen(self, 720, 520)

    def _chosen(self) -> dict[str, str]:
        return {role: str(choice.currentData() or "") for role, choice in self.choices.items()}

    def _arrange(self) -> None:
        chosen = self._chosen()
        self.keep.setEnabled(all(chosen[role] for role in _NEEDED))

    def _keep(self) -> None:
        chosen = self._chosen()
        columns = replace(
            self._known,
            x=chosen["x"],
            y=chosen["y"],
            image=chosen["image"],
            subject=chosen["subject"],
            start=chosen["start"],
            duration=chosen["duration"],
        )
        self._services.tasks.do(
            tr("keeping the columns"),
            lambda: write_columns(self._path, columns),
            lambda _: self._done(),
            self._complain,
            self,
        )

    def _done(self) -> None:
        self.kept.emit()
        self.close()

    def _complain(self, sentence: str) -> None:
        self.trouble.setText(sentence)
        self.trouble.show()
