"""The window of all trainings: a list of runs, and the selected one beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, QSize, Qt
from PySide6.QtGui import QCloseEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QWidget,
)

from salviewer.app.features.training import words
from salviewer.app.features.training.run_view import RunView
from salviewer.app.translation import tr
from salviewer.app.widgets.buttons import button, label, with_name
from salviewer.app.widgets.layouts import STRETCH, in_column, in_row, side_by_side
from salviewer.app.widgets.scrolling import fit_on_screen

if TYPE_CHECKING:
    from salviewer.app.features.training.services import TrainingServices

_ROOT = Qt.ItemDataRole.UserRole


class RunsWindow(QWidget):
    """Opens beside the main window, which stays usable; closing it does not affect the runs."""

    def __init__(self, services: TrainingServices, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("runsWindow")
        self.setWindowTitle(tr("Trainings – salviewer"))
        fit_on_screen(self, 1040, 720, QSize(760, 520))
        self.setAutoFillBackground(True)
        self._services = services
        self.list = with_name(QListWidget(), "runs", accessible=tr("Trainings, the newest first"))
        self.list.currentItemChanged.connect(lambda item: self._choose(item))
        self.view = RunView(services)
        new = button(
            "newTraining", tr("&New…"), tr("Choose data and a recipe"), services.new_wanted.emit, primary=True
        )
        other = button(
            "openRun", tr("&Open a run…"), tr("A run's folder elsewhere"), services.open_wanted.emit
        )
        row = in_row(new, other, STRETCH)
        left = QWidget()
        in_column((self.list, 1), row, within=left, spacing=10, margins=(16, 16, 12, 16))
        nothing = label(tr("No training yet. New… starts one."), "muted", name="noRuns")
        nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._right = QStackedWidget()
        self._right.addWidget(nothing)
        self._right.addWidget(self.view)
        across = side_by_side((left, 0), (self._right, 1))
        across.setSizes([270, 770])
        in_column(across, within=self, margins=0)
        services.runs.changed.connect(self._show_runs)
        services.runs.followed.connect(self._show_followed)
        self._show_runs()
        self._show_followed()

    def choose(self, root: Path) -> None:
        """Select this run."""
        self._services.runs.follow(root)
        self._mark(root)

    def _show_runs(self) -> None:
        runs = self._services.runs.all
        with QSignalBlocker(self.list):
            while self.list.count() > len(runs):
                self.list.takeItem(self.list.count() - 1)
            for number, run in enumerate(runs):
                if number == self.list.count():
                    self.list.addItem(QListWidgetItem())
                item = self.list.item(number)
                item.setText(f"{run.root.name}\n{words.state_of(run)}")
                item.setData(_ROOT, str(run.root))
                item.setToolTip(str(run.root))
        if self._services.runs.chosen is None and runs:
            self._services.runs.follow(runs[0].root)
        if self._services.runs.chosen is not None:
            self._mark(self._services.runs.chosen)

    def _mark(self, root: Path) -> None:
        with QSignalBlocker(self.list):
            for number in range(self.list.count()):
                if self.list.item(number).data(_ROOT) == str(root):
                    self.list.setCurrentRow(number)

    def _show_followed(self) -> None:
        following = self._services.runs.following
        self._right.setCurrentIndex(0 if following is None else 1)
        if following is not None:
            self.view.show_following(following)
            self._mark(following.run.root)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._services.runs.follow(Path(item.data(_ROOT)))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Read runs often from now on."""
        self._services.runs.set_watched(True)
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Read runs less often."""
        self._services.runs.set_watched(False)
        super().hideEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Stop scoring: nobody sees it."""
        self._services.scoring.cancel()
        super().closeEvent(event)
