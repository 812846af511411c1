"""The second page of the batch dialog: progress, failures with reasons, and the result."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QProgressBar,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from salviewer.app.features.batch import words
from salviewer.app.translation import mark, tr
from salviewer.app.widgets.buttons import label, set_role, with_name
from salviewer.app.widgets.layouts import Stretch, in_column

if TYPE_CHECKING:
    from salviewer.app.features.batch.progress_presenter import BatchEnd, BatchProgress, Failure

_LEAST, _SHOWN = 4, 7  # rows that are seen without scrolling
_BETWEEN = 8  # logical pixels between the texts of two rows
_WRAPPED = 500  # most failures whose rows follow the width of the table
_COLUMNS = (mark("Picture"), mark("Why it failed"))


class ProgressPage(QWidget):
    """Shows progress, failures and the result of a batch."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stopping = False
        self.title = label("", "title", wrap=True, name="batchTitle")
        self.bar = with_name(QProgressBar(), "batchProgress")
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Pictures so far"))
        self.rate = label("", wrap=True, name="batchRate")
        self.now = label("", "muted", name="batchNow")
        self.where = label("", "muted", wrap=True, name="batchWhere")
        self.where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.notes = label("", "trouble", wrap=True, name="batchNotes")
        self.failures = _Failures(0, len(_COLUMNS))
        self.failures.setObjectName("batchFailures")
        self.failures.setAccessibleName(tr("Pictures that failed"))
        self.failures.setToolTip(tr("The batch continues with the others"))
        self.failures.setHorizontalHeaderLabels([tr(title) for title in _COLUMNS])
        self.failures.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.failures.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.failures.setTabKeyNavigation(False)
        self.failures.setShowGrid(False)
        self.failures.verticalHeader().hide()
        header = self.failures.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(0, 200)
        header.sectionResized.connect(lambda *_: self._wrap())
        lines = (self.title, self.bar, self.rate, self.now, self.where, self.notes)
        in_column(*lines, (self.failures, 1), Stretch(0), within=self, spacing=10, margins=0)

    def begin(self) -> None:
        """Show that a batch begins."""
        self._stopping = False
        self.failures.setRowCount(0)
        self.failures.hide()
        for shown in (self.rate, self.where, self.notes):
            shown.setText("")
            shown.hide()
        self.title.setText(tr("Getting ready…"))
        self.now.setText("")
        self.now.show()
        self.bar.setRange(0, 0)
        self.bar.show()

    def show_progress(self, progress: BatchProgress) -> None:
        """Show the progress."""
        self._list(progress.failures)
        if self._stopping:
            return
        if progress.pictures:
            self.title.setText(words.count(progress))
            self.bar.setRange(0, progress.pictures)
            self.bar.setValue(progress.ended)
        self.rate.setText("; ".join(filter(None, (words.parts(progress), words.rate(progress)))))
        self.rate.show()
        self.now.setText(progress.now)

    def show_stopping(self) -> None:
        """Show that the batch was asked to stop."""
        self._stopping = True
        self.title.setText(tr("Stopping…"))
        self.now.setText(tr("Finishing the files being written."))

    def show_ended(self, ended: BatchEnd) -> None:
        """Show the result."""
        self.title.setText(words.end(ended))
        self.rate.setText(words.took(ended))
        self.rate.setVisible(bool(ended.progress.pictures))
        self.now.hide()
        self.bar.setVisible(ended.how == "stopped" and bool(ended.progress.pictures))
        self.where.setText(words.where(ended))
        self.where.show()
        set_role(self.notes, "trouble" if ended.how == "failed" else "muted")
        self.notes.setText("\n".join(ended.notes))
        self.notes.setVisible(bool(ended.notes))

    def _list(self, failures: Iterable[Failure]) -> None:
        for failure in failures:
            row = self.failures.rowCount()
            self.failures.insertRow(row)
            for column, text in enumerate((failure.picture.name, failure.reason)):
                item = QTableWidgetItem(text)
                item.setToolTip(str(failure.picture) if column == 0 else text)
                self.failures.setItem(row, column, item)
            self.failures.show()
            self._fit_row(row)
            if row < _SHOWN:
                self._give_room()

    def _wrap(self) -> None:
        """Fit the rows to their texts at another width."""
        if self.failures.rowCount() <= _WRAPPED:
            for row in range(self.failures.rowCount()):
                self._fit_row(row)
            self._give_room()

    def _fit_row(self, row: int) -> None:
        self.failures.setRowHeight(row, self.failures.sizeHintForRow(row) + _BETWEEN)

    def _give_room(self) -> None:
        """Let the first failures be seen whole."""
        rows = range(min(self.failures.rowCount(), _SHOWN))
        high = sum(self.failures.rowHeight(row) for row in rows) + 2 * self.failures.frameWidth()
        high = max(high, _LEAST * self.failures.rowHeight(0))  # so that the window grows less often
        self.failures.setMinimumHeight(high + self.failures.horizontalHeader().sizeHint().height() + 4)


class _Failures(QTableWidget):
    """A table that asks for no more height than it must have."""

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(super().sizeHint().width(), self.minimumHeight())
