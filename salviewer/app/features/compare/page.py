"""The panel's page for comparing: choices, numbers, the difference, and recorded fixations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QLabel,
    QToolButton,
    QWidget,
)

from salviewer.app.features.compare.legend import DifferenceLegend
from salviewer.app.shell.status import Elided
from salviewer.app.translation import fill, mark, tr
from salviewer.app.widgets.buttons import button, label, label_for, with_name
from salviewer.app.widgets.controls import Amount, Choice
from salviewer.app.widgets.layouts import STRETCH, add_items, in_column, in_row
from salviewer.app.widgets.table import NumberTable
from salviewer.media.tables import Cell, Table

if TYPE_CHECKING:
    from salviewer.core.compare import Comparison

PAGE = "compare"
"""The id of the panel's page for comparing."""

PEAK_LIMITS = (0.1, 1000.0)
"""Limits of the difference shown in full colour, in multiples of the average."""

_NUMBERS = ("CC", "SIM", mark("KL, A predicts B"), mark("KL, B predicts A"))
_NUMBER_TIPS = (
    mark("Linear correlation of the two maps, -1 to 1; 1 if they are alike"),
    mark("The attention they have in common, 0 to 1"),
    mark("How badly A's map predicts B's, in nats; 0 where they are alike"),
    mark("How badly B's map predicts A's, in nats; 0 where they are alike"),
)
_METRIC_TIPS = {
    "NSS": mark("Mean z-score of the map at the fixations; 0 is chance"),
    "AUC-Judd": mark("How well the map separates fixated places from others; 0.5 is chance, 1 perfect"),
    "IG": mark("Information gain over the uniform map, in bits per fixation"),
    "CC": mark("Linear correlation with people's map, -1 to 1"),
    "SIM": mark("Attention shared with people's map, 0 to 1"),
    "KL": mark("Divergence from people's map, in nats; 0 is perfect"),
}


class ComparePage(QWidget):
    """Controls only: shows values, and reports the user's changes."""

    chosen = Signal(str)  # what to compare with: the data of its row
    swap_wanted = Signal()
    stop_wanted = Signal()
    scale_changed = Signal(bool)
    peak_changed = Signal(object)  # float, or None for the largest difference
    fixations_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panelBody")
        self._column = in_column(within=self, spacing=6, margins=(18, 16, 18, 16))
        self._build_choice()
        self._build_numbers()
        self._build_difference()
        self._build_people()
        self._column.addStretch(1)
        self.set_comparing(False)

    def _build_choice(self) -> None:
        self.rival = Choice(tr("Compare with"))
        self.rival.setObjectName("rival")
        self.rival.setToolTip(tr("Another picture, another model, or where people really looked"))
        self.rival.chosen.connect(self.chosen)
        self.names = (Elided(), Elided())
        grid = QGridLayout()
        grid.setHorizontalSpacing(4)
        for row, (letter, name) in enumerate(zip("AB", self.names, strict=True)):
            name.setObjectName(f"name{letter}")
            name.setProperty("role", "muted")
            grid.addWidget(label(letter, "heading"), row, 0)
            grid.addWidget(name, row, 1)
        grid.setColumnStretch(1, 1)
        self.swap = button("swap", tr("Swa&p"), tr("Exchange A and B"), self.swap_wanted.emit)
        self.stop = button(
            "stopComparing", tr("St&op comparing"), tr("Go back to the single picture"), self.stop_wanted.emit
        )
        self._arrangements = in_row(spacing=4)
        buttons = in_row(self.swap, self.stop, STRETCH, spacing=8)
        self._column.addWidget(label_for(self.rival, tr("Compare &with")))
        add_items(self._column, self.rival, grid, self._arrangements, buttons)

    def _build_numbers(self) -> None:
        self.scale = with_name(QCheckBox(tr("One colour scale for &both")), "oneScale")
        self.scale.setChecked(True)
        self.scale.setToolTip(
            tr(
                "The hottest colour means the same attention in A and B, rather than each one's own "
                "hottest spot"
            )
        )
        self.scale.toggled.connect(self.scale_changed)
        self.note = label("", "muted", wrap=True, name="compareNote")
        self.numbers = with_name(NumberTable(tr("How far the two maps agree")), "numbers")
        add_items(self._column, self.scale, self.numbers, self.note)

    def _build_difference(self) -> None:
        title = QLabel(tr("Difference, times the average"))
        self.legend = DifferenceLegend()
        self.peak = Amount(tr("Full colou&r at ±"), PEAK_LIMITS[1], "×", 1, low=PEAK_LIMITS[0])
        self.peak.setObjectName("differencePeak")
        self.peak.setToolTip(tr("The difference shown in full colour, times the average attention"))
        self.peak.changed.connect(self._change_peak)
        self.auto = with_name(QCheckBox(tr("At the lar&gest difference")), "autoPeak")
        self.auto.setChecked(True)
        self.auto.setToolTip(tr("Full colour where the two differ most"))
        self.auto.toggled.connect(lambda auto: self.peak_changed.emit(None if auto else self.peak.value))
        below = QWidget()
        below.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # as the legend above
        ends = in_row(within=below, margins=0)
        for text, side in ((tr("more in A"), "AlignLeft"), (tr("more in B"), "AlignRight")):
            ends.addWidget(label(text, "muted"), 0, Qt.AlignmentFlag[side])
        add_items(self._column, 6, title, self.legend, below, self.auto, self.peak)

    def _build_people(self) -> None:
        line = QFrame()
        line.setProperty("role", "line")
        title = label(tr("Where people looked"), "heading")
        self.recorded = label("", "muted", wrap=True, name="recorded")
        self.fixations = QCheckBox(tr("Show f&ixations"))
        self.fixations.setObjectName("fixations")
        self.fixations.setToolTip(tr("A dot at each recorded fixation (X)"))
        self.fixations.toggled.connect(self.fixations_changed)
        self.scores = with_name(NumberTable(tr("Metrics against the recorded fixations")), "scores")
        self.measure = QLabel(
            tr(
                "Measured at 320 × 240, as in salviewer evaluate; IG over the uniform map. "
                "The centre bias is a stated Gaussian, 0.22 of the width and 0.18 of the height wide."
            )
        )
        self.measure.setProperty("role", "muted")
        self.measure.setWordWrap(True)
        add_items(self._column, 10, line, 8, title, self.recorded, self.fixations, self.scores, self.measure)
        self.set_scores({})

    def add_arrangements(self, actions: Sequence[QAction]) -> None:
        """Add buttons that arrange the two."""
        for action in actions:
            button = with_name(QToolButton(), f"{action.objectName()}Button")
            button.setDefaultAction(action)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self._arrangements.addWidget(button)
        self._arrangements.addStretch(1)

    def set_choices(self, rows: Sequence[tuple[str, str, str]], chosen: str) -> None:
        """Show the choices, as in `Choice.fill`, and the chosen one."""
        with QSignalBlocker(self.rival):
            self.rival.clear()
        self.rival.fill(rows)
        self.rival.select(chosen)

    def set_comparing(self, comparing: bool, names: tuple[str, str] = ("", "")) -> None:
        """Show the names of A and B, or that nothing is compared."""
        for shown, name in zip(self.names, names, strict=True):
            shown.setText(name or "–")
            shown.setToolTip(name)
        for widget in (self.swap, self.stop):
            widget.setEnabled(comparing)
        if not comparing:
            self.set_comparison(None, 0.0, "")

    def set_comparison(self, found: Comparison | None, largest: float, note: str) -> None:
        """Show the numbers, or none while they are unknown.

        Args:
            found: the comparison of A and B.
            largest: the largest difference, in multiples of the average.
            note: a remark on these two; "" for none.
        """
        values = () if found is None else (found.cc, found.sim, found.kl_first, found.kl_second)
        rows = tuple((name, round(value, 6)) for name, value in zip(_NUMBERS, values, strict=False))
        table = Table(("metric", "value"), rows)
        self.numbers.show_table(table, (tr("Agreement"), tr("A and B")), (_name, _three), ("", ""))
        for row in range(len(rows)):
            for column in range(2):
                item = self.numbers.item(row, column)
                if item is not None:
                    item.setToolTip(tr(_NUMBER_TIPS[row]))
        self.numbers.setVisible(bool(rows))
        _fit(self.numbers)
        self.note.setText(note)
        self.note.setVisible(bool(note))
        for widget in (self.peak, self.auto):
            widget.setEnabled(found is not None)
        if found is None:
            self.legend.set_peak(None)
            return
        if self.auto.isChecked():
            self.peak.set_value(min(max(largest, PEAK_LIMITS[0]), PEAK_LIMITS[1]))
        self.legend.set_peak(max(largest, 1e-3) if self.auto.isChecked() else self.peak.value)

    def set_settings(self, *, fixations: bool, one_scale: bool) -> None:
        """Show these settings without reporting them."""
        with QSignalBlocker(self.fixations), QSignalBlocker(self.scale):
            self.fixations.setChecked(fixations)
            self.scale.setChecked(one_scale)

    def set_recorded(self, text: str, any_fixations: bool) -> None:
        """Show what is recorded for the picture, and whether there are fixations to draw."""
        self.recorded.setText(text)
        self.fixations.setEnabled(any_fixations)

    def set_scores(self, scores: dict[str, dict[str, float]]) -> None:
        """Show metrics by the map's title, one column per map."""
        metrics = [name for name in _METRIC_TIPS if any(name in each for each in scores.values())]
        rows = tuple(
            (name, *(round(each[name], 6) if name in each else "" for each in scores.values()))
            for name in metrics
        )
        table = Table(("metric", *scores), rows)
        texts: list[Callable[[Cell], str]] = [str, *(_two for _ in scores)]
        self.scores.show_table(table, (tr("Metric"), *scores), texts, ("", *scores))
        for row, name in enumerate(metrics):
            item = self.scores.item(row, 0)
            if item is not None:
                item.setToolTip(tr(_METRIC_TIPS[name]))
        _fit(self.scores)
        for widget in (self.scores, self.measure):
            widget.setVisible(bool(rows))

    def _change_peak(self, peak: float) -> None:
        with QSignalBlocker(self.auto):
            self.auto.setChecked(False)
        self.peak_changed.emit(peak)


def _fit(table: NumberTable) -> None:
    """Fit the height of a table to its rows."""
    rows = table.rowCount() * table.verticalHeader().defaultSectionSize()
    table.setFixedHeight(table.horizontalHeader().sizeHint().height() + rows + 2 * table.frameWidth())


def _name(cell: Cell) -> str:
    return tr(str(cell))


def _two(cell: Cell) -> str:
    return cell if isinstance(cell, str) else fill("{cell:.2f}", cell=cell)


def _three(cell: Cell) -> str:
    return cell if isinstance(cell, str) else fill("{cell:.3f}", cell=cell)
