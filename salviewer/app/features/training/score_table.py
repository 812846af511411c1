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
_WIDE = 160


def _interval(line: Scored, name: str) -> str:
    """The interval of a score, or ""."""
    if name not in line.intervals:
        return ""
    low, high = line.intervals[name]
    return fill("{low:.3f} … {high:.3f}", low=low, high=high)


class ScoreTable(QTableWidget):
    """Shows `Scored` lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 2 + len(_TIPS), parent)
        self.lines: tuple[Scored, ...] = ()
        self.intervals = False
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
            texts += [self._shown(line, name) for name in _TIPS]
            tips = ["", "", *(_interval(line, name) for name in _TIPS)]
            for column, (text, tip) in enumerate(zip(texts, tips, strict=True)):
                item = QTableWidgetItem(text)
                item.setToolTip(tip and tr("95 % interval: {interval}", interval=tip))
                if column:
                    item.setTextAlignment(_RIGHT)
                font = item.font()
                font.setBold(line.own)
                item.setFont(font)
                self.setItem(number, column, item)

    def set_intervals(self, shown: bool) -> None:
        """Show the intervals beside the scores, in copies and saved tables too, or in tooltips alone."""
        self.intervals = shown
        self.horizontalHeader().setDefaultSectionSize(_WIDE if shown else _COLUMN)
        self.show_lines(self.lines)

    def _shown(self, line: Scored, name: str) -> str:
        if name not in line.scores:
            return "–"
        score = fill("{scores:.3f}", scores=line.scores[name])
        ends = _interval(line, name) if self.intervals else ""
        return f"{score} ({ends})" if ends else score

    def as_table(self) -> Table:
        """Return the shown scores, with the metrics that any line has, and their intervals if shown."""
        names = [name for name in _TIPS if any(name in line.scores for line in self.lines)]
        rows = []
        for line in self.lines:
            scores: list[float | str] = []
            for name in names:
                ends = line.intervals.get(name, ("", "")) if self.intervals else ()
                for value in (line.scores.get(name, ""), *ends):
                    scores.append(round(value, 6) if isinstance(value, float) else value)
            rows.append((line.title, line.pictures, *scores))
        ends_of = ("{metric}", "{metric} low", "{metric} high") if self.intervals else ("{metric}",)
        titles = [each.format(metric=name) for name in names for each in ends_of]
        return Table((tr("Model"), tr("Pictures"), *titles), tuple(rows))

    def copy(self) -> None:
        """Put the table on the clipboard."""
        QGuiApplication.clipboard().setText(table_text(self.as_table(), "tsv"))
