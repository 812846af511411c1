"""A table of scores: a line a model or predictor, a column a metric; copied and saved for spreadsheets."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from salviewer.app.features.training.scoring import Scored
from salviewer.app.translation import fill, mark, tr
from salviewer.media.tables import Table, table_text

KINDS = mark("Tables (*.csv *.tsv *.json)")

_TIPS = {
    "NSS": mark(
        "Normalised scanpath saliency: the map's standard score where people looked; higher is better"
    ),
    "AUC-Judd": mark("How well the map separates fixated places from others, 0.5 to 1; higher is better"),
    "sAUC": mark("The same against places fixated in other pictures, so that the centre alone gains nothing"),
    "IG": mark("Information gain over the centre bias, bits per fixation; higher is better"),
    "CC": mark("Correlation with the fixation map; higher is better"),
    "SIM": mark("Overlap with the fixation map, 0 to 1; higher is better"),
    "KL": mark("Divergence from the fixation map, nats; lower is better"),
    "AUC-Borji": mark("The area against places drawn at random, as in old tables; higher is better"),
    "EMD": mark("Earth mover's distance from the fixation map, in cells of 32 pixels; lower is better"),
}
_ALWAYS = 7
"""Columns of metrics that are shown without scores too."""
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_COLUMN = 74


class ScoreTable(QTableWidget):
    """Shows `Scored` lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 2 + len(_TIPS), parent)
        self.lines: tuple[Scored, ...] = ()
        for number, title in enumerate([tr("Model"), tr("Pictures"), *_TIPS]):
            heading = QTableWidgetItem(title)
            heading.setToolTip(tr(_TIPS.get(title, "")))
            heading.setTextAlignment(_LEFT if not number else _RIGHT)
            self.setHorizontalHeaderItem(number, heading)
        self.verticalHeader().hide()
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        self.setShowGrid(False)
        header = self.horizontalHeader()
        header.setDefaultSectionSize(_COLUMN)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.show_lines(())

    def show_lines(self, lines: Sequence[Scored]) -> None:
        """Show other lines."""
        self.lines = tuple(lines)
        for number, name in enumerate(_TIPS):
            had = number < _ALWAYS or any(name in line.scores for line in lines)
            self.setColumnHidden(2 + number, not had)
        self.setRowCount(len(lines))
        for number, line in enumerate(lines):
            texts = [line.title, str(line.pictures)]
            texts += [
                fill("{scores:.3f}", scores=line.scores[name]) if name in line.scores else "–"
                for name in _TIPS
            ]
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                if column:
                    item.setTextAlignment(_RIGHT)
                font = item.font()
                font.setBold(line.own)
                item.setFont(font)
                self.setItem(number, column, item)

    def as_table(self) -> Table:
        """Return the shown scores, with the metrics that any line has."""
        names = [name for name in _TIPS if any(name in line.scores for line in self.lines)]
        rows = []
        for line in self.lines:
            scores = [round(line.scores[name], 6) if name in line.scores else "" for name in names]
            rows.append((line.title, line.pictures, *scores))
        return Table((tr("Model"), tr("Pictures"), *names), tuple(rows))

    def copy(self) -> None:
        """Put the table on the clipboard."""
        QGuiApplication.clipboard().setText(table_text(self.as_table(), "tsv"))
