"""Objects that the training dialogs share: runs, the user's models, background work, and requests."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from salviewer.app.features.training.own_models import OwnModels
from salviewer.app.features.training.runs import Runs
from salviewer.app.features.training.tasks import Tasks, Work
from salviewer.app.shell.theme import Theme
from salviewer.app.state.models import ModelList
from salviewer.app.translation import tr
from salviewer.app.workers.inference import EngineReady
from salviewer.app.workers.latest_only import LatestOnlyWorker


class TrainingServices(QObject):
    """Made once; dialogs emit the `…_wanted` signals to open another dialog."""

    new_wanted = Signal()
    run_wanted = Signal(object)  # Path of a run's folder
    open_wanted = Signal()
    import_wanted = Signal()
    use_wanted = Signal(str)  # name of a model
    export_wanted = Signal(object, str)  # Path of a model's folder, suggested name or ""
    delete_wanted = Signal(object)  # ModelEntry

    def __init__(self, theme: Theme, models: ModelList, parent: QObject) -> None:
        super().__init__(parent)
        self.theme = theme
        self.tasks = Tasks("training", self)
        self.surveying = Work("survey", tr("reading the data"), self)
        self.estimating = Work("estimate", "estimating", self)
        self.scoring = Work("scoring", "scoring", self)
        self.scoring_data = Work("scoring data", "scoring", self)
        self.runs = Runs(self.tasks, self)
        self.models = OwnModels(models, self.tasks, self)
        self.devices: tuple[tuple[str, str, str], ...] = (("cpu", "CPU", "cpu"),)

    @property
    def workers(self) -> tuple[LatestOnlyWorker, ...]:
        """Every worker thread."""
        works = (self.surveying, self.estimating, self.scoring, self.scoring_data)
        return (self.tasks.worker, self.runs.worker, *(work.worker for work in works))

    def take_devices(self, ready: EngineReady | None) -> None:
        """Offer the devices that an engine reported."""
        if ready is not None:
            self.devices = tuple((name, title, name) for name, title in ready.devices)

    def cancel(self) -> None:
        """Cancel all work for dialogs."""
        for work in (self.surveying, self.estimating, self.scoring, self.scoring_data):
            work.cancel()
