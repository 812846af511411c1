"""Training: the runs, the user's own models, and their dialogs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPushButton, QWidget

from salviewer.app.shell.file_dialogs import ask_file, ask_folder, ask_new_file
from salviewer.app.translation import mark, tr
from salviewer.app.widgets.buttons import with_name
from salviewer.app.widgets.dialog import to_front
from salviewer.app.workbench import Command, Feature, Workbench
from salviewer.app.workers.timers import single_shot
from salviewer.models.catalog import DEFAULT_MODEL, ModelEntry

if TYPE_CHECKING:
    from salviewer.app.features.training.own_models import OwnModels
    from salviewer.app.features.training.runs import Runs
    from salviewer.app.features.training.runs_window import RunsWindow
    from salviewer.app.features.training.services import TrainingServices
    from salviewer.training.runs import Run

_SOON = 300
"""Milliseconds from when the window works until the runs are read."""
_KIND = mark("Models (*.safetensors)")


def _import_services() -> None:
    import salviewer.app.features.training.services  # noqa: F401


class TrainingFeature(Feature):
    """The runs, the user's own models, and their dialogs."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._services: TrainingServices | None = None
        self._runs_window: RunsWindow | None = None
        self._leaving = False
        self.badge = with_name(QPushButton(), "trainingBadge")
        self.badge.setProperty("quiet", True)
        self.badge.setToolTip(tr("Show the trainings"))
        self.badge.clicked.connect(self.show_runs)
        self.badge.hide()
        bench.status.addPermanentWidget(self.badge)
        bench.commands.add(*self._commands())
        self._soon = single_shot(self, _SOON, self._begin)
        QTimer.singleShot(0, self._soon.start)

    @property
    def services(self) -> TrainingServices:
        """What the dialogs share. Made soon after the window is shown, or when it is first needed."""
        if self._services is None:
            from salviewer.app.features.training.services import TrainingServices

            self._services = TrainingServices(self._bench.theme, self._bench.models, self)
            self._bench.workers.add(*self._services.workers)
            self._connect(self._services)
            self._services.runs.begin()
        return self._services

    def _begin(self) -> None:
        self._bench.workers.once("training modules", self, _import_services, lambda: self.services)

    @property
    def runs(self) -> Runs:
        """The runs that the window knows."""
        return self.services.runs

    @property
    def models(self) -> OwnModels:
        """The user's own models."""
        return self.services.models

    def _commands(self) -> Iterator[Command]:
        yield Command("new_training", "&New…", self.show_new, "Train", (1, 1), ("Ctrl+T",),
                      tip="Train a network on eye-tracking data of your own")  # fmt: skip
        yield Command("trainings", "&Trainings", self.show_runs, "Train", (1, 2), ("Ctrl+Shift+T",),
                      tip="Running and finished trainings")  # fmt: skip
        yield Command("own_models", "&Models…", self.show_models, "Train", (2, 1),
                      tip="Models of your own: use, export, import, delete")  # fmt: skip
        yield Command("score_model", "&Score…", self.show_scoring, "Train", (2, 2),
                      tip="Score any model, or a folder of maps, on eye-tracking data")  # fmt: skip

    def _connect(self, services: TrainingServices) -> None:
        bench = self._bench
        services.tasks.failed.connect(bench.notices.error)
        services.new_wanted.connect(self.show_new)
        services.run_wanted.connect(self.show_run)
        services.open_wanted.connect(self.open_run)
        services.import_wanted.connect(self.import_model)
        services.use_wanted.connect(self.use_model)
        services.export_wanted.connect(self.export)
        services.delete_wanted.connect(self.delete_model)
        services.runs.changed.connect(self._show_badge)
        services.runs.ended.connect(self._report_end)
        services.models.exported.connect(
            lambda path: bench.notices.saved(tr("Exported {path}", path=path), Path(path))
        )
        services.models.deleted.connect(self._forget_model)
        services.take_devices(bench.shown.ready)
        bench.shown.ready_changed.connect(services.take_devices)

    # Dialogs

    def show_new(self) -> None:
        """Show the dialog for a new training, or the open one."""
        from salviewer.app.features.training.new_dialog import NewDialog

        parent = self._front()
        open_already = self._bench.dialog_parent.findChild(NewDialog) or (
            self._runs_window.findChild(NewDialog) if self._runs_window else None
        )
        to_front(open_already or NewDialog(self.services, parent))

    def show_runs(self) -> None:
        """Show the window of all trainings."""
        from salviewer.app.features.training.runs_window import RunsWindow
        from salviewer.training.runs import look

        if self._runs_window is None:
            self._runs_window = RunsWindow(self.services, self._bench.dialog_parent)
            view = self._runs_window.view
            view.keep_wanted.connect(self._ask_to_keep)
            view.export_wanted.connect(lambda root: self.export(look(root).models[0], root.name))
            view.more_wanted.connect(self._ask_epochs)
            view.delete_wanted.connect(self._delete_run)
        to_front(self._runs_window)

    def _ask_to_keep(self, root: Path) -> None:
        from salviewer.app.features.training.keep_dialog import KeepDialog

        KeepDialog(self.services, root, self._front()).open()

    def show_run(self, root: Path) -> None:
        """Show that window with this run."""
        self.show_runs()
        assert self._runs_window is not None
        self._runs_window.choose(root)

    def show_models(self) -> None:
        """Show the user's own models."""
        from salviewer.app.features.training.models_dialog import ModelsDialog

        ModelsDialog(self.services, self._bench.dialog_parent).show()

    def show_scoring(self) -> None:
        """Show the dialog that scores a model on data, or the open one."""
        from salviewer.app.features.training.score_dialog import ScoreDialog

        parent = self._bench.dialog_parent
        to_front(parent.findChild(ScoreDialog) or ScoreDialog(self.services, parent))

    def open_run(self) -> None:
        """Ask for the folder of a run elsewhere."""
        ask_folder(self._front(), tr("A run's folder"), lambda path: self.add_run(Path(path)))

    def add_run(self, root: Path) -> None:
        """List the run in a folder elsewhere, if there is one."""
        from salviewer.training.order import read_order

        def show(_: object) -> None:
            self.runs.add(root)
            self.show_run(root)

        self.services.tasks.do(tr("opening the run"), lambda: read_order(root), show)

    def import_model(self) -> None:
        """Ask for a file with a model."""
        ask_file(
            self._front(),
            tr("Import a model"),
            tr(_KIND),
            lambda path: self.models.take_in(Path(path), self._taken_in),
        )

    def export(self, folder: Path, name: str = "") -> None:
        """Ask for a file, then export a model to it."""
        suggestion = f"{name or folder.name}.safetensors"
        ask_new_file(
            self._front(),
            tr("Export the model"),
            tr(_KIND),
            suggestion,
            lambda path: self.models.export(folder, Path(path)),
        )

    def delete_model(self, entry: ModelEntry) -> None:
        """Ask, then remove one of the user's own models."""
        from salviewer.app.features.training import questions

        questions.ask_deleting(
            self._front(),
            tr("the model “{title}”", title=entry.title),
            tr("Its weights are removed from this computer."),
            lambda: self.models.delete(entry),
        )

    def use_model(self, name: str) -> None:
        """Predict with a model of the catalogue from now on."""
        session = self._bench.session
        session.set_engine(replace(session.engine, model=name))

    # Closing the program

    def may_close(self) -> bool:
        """Return whether the window may close now; if a training is running, ask, then close."""
        active = () if self._services is None else self._services.runs.active
        if self._leaving or not active:
            return True
        from salviewer.app.features.training import questions

        def answered(answer: str) -> None:
            self._leaving = True
            for run in active:
                if answer == questions.STOP:
                    self.runs.stop(run.root)
                elif run.ends_with_parent:
                    self.runs.let_go_on(run.root, True)
            self.services.tasks.do("closing", lambda: None, lambda _: self._close_window())

        questions.ask_closing(self._bench.dialog_parent, [run.root.name for run in active], answered)
        return False

    def close(self) -> None:
        """Close the dialogs; cancel their work and start no more."""
        self._soon.blockSignals(True)  # nothing begins any more
        if self._runs_window is not None:
            self._runs_window.hide()
        if self._services is not None:
            self._services.cancel()

    def _close_window(self) -> None:
        self._bench.dialog_parent.close()

    # Reports to the user

    def _show_badge(self) -> None:
        from salviewer.app.features.training import words

        active = self.runs.active
        self.badge.setVisible(bool(active))
        if active:
            more = tr(" and {count} more", count=len(active) - 1) if len(active) > 1 else ""
            self.badge.setText(f"{words.state_of(active[0])}{more}")
            self.badge.setAccessibleName(f"{active[0].root.name}: {self.badge.text()}")

    def _report_end(self, run: Run) -> None:
        name = run.root.name
        if run.state == "finished":
            self._bench.notices.inform(tr("“{name}” has finished training.", name=name))
        elif run.state == "failed":
            self._bench.notices.error(
                tr("“{name}” has failed: {message}", name=name, message=run.last.get("message", ""))
            )
        elif run.state == "interrupted":
            self._bench.notices.error(
                tr("The training “{name}” ended unexpectedly; its log says more.", name=name)
            )

    def _delete_run(self, root: Path) -> None:
        from salviewer.app.features.training import questions

        questions.ask_deleting(
            self._front(),
            tr("the run “{name}”", name=root.name),
            tr(
                "Its checkpoint, samples and model are removed. A model that was added to the "
                "catalogue stays."
            ),
            lambda: self.runs.delete(root),
        )

    def _ask_epochs(self, root: Path, done: int) -> None:
        from salviewer.app.features.training import questions

        questions.ask_epochs(self._front(), done, lambda epochs: self.runs.go_on(root, epochs=epochs))

    def _taken_in(self, name: str) -> None:
        title = next(entry.title for entry in self.models.all if entry.name == name)
        self._bench.notices.inform(tr("Imported {title}.", title=title))

    def _forget_model(self, name: str) -> None:
        if self._bench.session.engine.model == name:
            self.use_model(DEFAULT_MODEL)

    def _front(self) -> QWidget:
        shown = self._runs_window
        return shown if shown is not None and shown.isVisible() else self._bench.dialog_parent
