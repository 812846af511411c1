"""All of training that the window has: the runs, the own models, and the dialogs about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from salviewer.app.features.training import questions, words
from salviewer.app.features.training.files import ask_file, ask_folder, ask_new_file
from salviewer.app.features.training.keep_dialog import KeepDialog
from salviewer.app.features.training.models_dialog import ModelsDialog
from salviewer.app.features.training.new_dialog import NewDialog
from salviewer.app.features.training.own_models import OwnModels
from salviewer.app.features.training.runs import Runs
from salviewer.app.features.training.runs_window import RunsWindow
from salviewer.app.features.training.tasks import Tasks, Work
from salviewer.app.workers.inference import EngineReady
from salviewer.app.workers.latest_only import Lane
from salviewer.models.catalog import DEFAULT_MODEL, ModelEntry
from salviewer.training.runs import Run

if TYPE_CHECKING:
    from salviewer.app.window import Window


_KIND = "Models (*.safetensors)"


class TrainingDesk(QObject):
    """Made by the window, which it tells what to show. `failed` and `succeeded` carry sentences."""

    failed = Signal(str)
    succeeded = Signal(str)

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.theme = window.theme
        self.tasks = Tasks("training", self)
        self.surveying = Work("survey", "reading the data", self)
        self.estimating = Work("estimate", "estimating", self)
        self.scoring = Work("scoring", "scoring", self)
        self.runs = Runs(self.tasks, self)
        self.models = OwnModels(self.tasks, self)
        self.devices: tuple[tuple[str, str, str], ...] = (("cpu", "CPU", "cpu"),)
        self._runs_window: RunsWindow | None = None
        self._leaving = False
        self.badge = QPushButton()
        self.badge.setObjectName("trainingBadge")
        self.badge.setProperty("quiet", True)
        self.badge.setToolTip("Show the trainings")
        self.badge.clicked.connect(self.show_runs)
        self.badge.hide()
        window.status.addPermanentWidget(self.badge)
        self.tasks.failed.connect(self.failed)
        self.runs.changed.connect(self._show_badge)
        self.runs.ended.connect(self._tell_end)
        self.models.changed.connect(window.bench.models.set)
        self.models.exported.connect(lambda path: self.succeeded.emit(f"Exported {path}"))
        self.models.deleted.connect(self._forget_model)
        window.session.engine_ready.connect(self._take_devices)
        self.runs.begin()

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """Every thread there is."""
        works = (self.surveying, self.estimating, self.scoring)
        return (self.tasks.lane, self.runs.lane, *(work.lane for work in works))

    # Dialogs

    def show_new(self) -> None:
        """The dialog for a new training; the one that is open, if there is one."""
        parent = self._front()
        open_already = self._window.findChild(NewDialog) or (
            self._runs_window.findChild(NewDialog) if self._runs_window else None
        )
        dialog = open_already or NewDialog(self, parent)
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def show_runs(self) -> None:
        """The window of all trainings."""
        if self._runs_window is None:
            self._runs_window = RunsWindow(self, self._window)
            view = self._runs_window.view
            view.keep_wanted.connect(lambda root: KeepDialog(self, root, self._front()).open())
            view.export_wanted.connect(lambda root: self.export(root / "model", root.name))
            view.delete_wanted.connect(self._delete_run)
        self._runs_window.show()
        self._runs_window.raise_()
        self._runs_window.activateWindow()

    def show_run(self, root: Path) -> None:
        """That window with this run."""
        self.show_runs()
        assert self._runs_window is not None
        self._runs_window.choose(root)

    def show_models(self) -> None:
        """The person's own models."""
        ModelsDialog(self, self._window).show()

    def open_run(self) -> None:
        """Ask for a run's folder that lies elsewhere."""
        ask_folder(self._front(), "A run's folder", lambda path: self.add_run(Path(path)))

    def add_run(self, root: Path) -> None:
        """Know of a run that lies elsewhere, if there is one in the folder."""
        from salviewer.training.order import read_order

        def show(_: object) -> None:
            self.runs.add(root)
            self.show_run(root)

        self.tasks.do("opening the run", lambda: read_order(root), show)

    def import_model(self) -> None:
        """Ask for a model's file."""
        ask_file(
            self._front(),
            "Import a model",
            _KIND,
            lambda path: self.models.take_in(Path(path), self._taken_in),
        )

    def export(self, folder: Path, name: str = "") -> None:
        """Ask where to write a model as one file."""
        suggestion = f"{name or folder.name}.safetensors"
        ask_new_file(
            self._front(),
            "Export the model",
            _KIND,
            suggestion,
            lambda path: self.models.export(folder, Path(path)),
        )

    def delete_model(self, entry: ModelEntry) -> None:
        """Ask, then remove one of the person's own models."""
        questions.ask_deleting(
            self._front(),
            f"the model “{entry.title}”",
            "Its weights are removed from this computer.",
            lambda: self.models.delete(entry),
        )

    def use_model(self, name: str) -> None:
        """Predict with a model of the catalogue from now on."""
        self._window.session.set_engine(replace(self._window.session.engine, model=name))

    # The end of the program

    def may_close(self, close: Callable[[], object]) -> bool:
        """Whether the window may close now; where a training goes on, asks, and then calls `close`."""
        active = self.runs.active
        if self._leaving or not active:
            return True

        def answered(answer: str) -> None:
            self._leaving = True
            for run in active:
                if answer == questions.STOP:
                    self.runs.stop(run.root)
                elif run.tied:
                    self.runs.let_go_on(run.root, True)
            self.tasks.do("closing", lambda: None, lambda _: (close(), None)[1])

        questions.ask_closing(self._window, [run.root.name for run in active], answered)
        return False

    def close(self) -> None:
        """Show no more and begin nothing; what is under way for a dialog is called off."""
        if self._runs_window is not None:
            self._runs_window.hide()
        for work in (self.surveying, self.estimating, self.scoring):
            work.cancel()

    # What is told

    def _show_badge(self) -> None:
        active = self.runs.active
        self.badge.setVisible(bool(active))
        if active:
            more = f" and {len(active) - 1} more" if len(active) > 1 else ""
            self.badge.setText(f"{words.state_of(active[0])}{more}")
            self.badge.setAccessibleName(f"{active[0].root.name}: {self.badge.text()}")

    def _tell_end(self, run: Run) -> None:
        name = run.root.name
        if run.state == "finished":
            self.succeeded.emit(f"“{name}” has finished training.")
        elif run.state == "failed":
            self.failed.emit(f"“{name}” has failed: {run.last.get('message', '')}")
        elif run.state == "interrupted":
            self.failed.emit(f"The training “{name}” ended without a word; its log says more.")

    def _delete_run(self, root: Path) -> None:
        questions.ask_deleting(
            self._front(),
            f"the run “{root.name}”",
            "Its checkpoint, samples and model are removed. A model that was added to the catalogue stays.",
            lambda: self.runs.delete(root),
        )

    def _taken_in(self, name: str) -> None:
        title = next(entry.title for entry in self.models.all if entry.name == name)
        self.succeeded.emit(f"Imported {title}.")

    def _forget_model(self, name: str) -> None:
        if self._window.session.engine.model == name:
            self.use_model(DEFAULT_MODEL)

    def _take_devices(self, ready: EngineReady) -> None:
        self.devices = tuple((name, title, name) for name, title in ready.devices)

    def _front(self) -> QWidget:
        shown = self._runs_window
        return shown if shown is not None and shown.isVisible() else self._window
