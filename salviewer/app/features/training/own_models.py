"""Keep, export, import and delete the user's own models, in a worker thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from salviewer.app.features.training.tasks import Tasks
from salviewer.app.state.models import ModelList
from salviewer.app.translation import tr
from salviewer.models.catalog import ModelEntry, list_models
from salviewer.models.user_models import add_model, delete_model, export_model, import_model
from salviewer.paths import user_models


class OwnModels(QObject):
    """The catalogue's models, and changes to them."""

    exported = Signal(object)  # Path
    deleted = Signal(str)  # the name

    def __init__(self, catalogue: ModelList, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self.catalogue = catalogue
        self._tasks = tasks

    @property
    def all(self) -> tuple[ModelEntry, ...]:
        """Every model of the catalogue."""
        return self.catalogue.all

    @property
    def own(self) -> tuple[ModelEntry, ...]:
        """The user's own models."""
        return tuple(entry for entry in self.all if entry.folder.parent == user_models())

    @property
    def bundled(self) -> tuple[ModelEntry, ...]:
        """The models that came with the program."""
        return tuple(entry for entry in self.all if entry.folder.parent != user_models())

    def keep(
        self,
        source: Path,
        title: str,
        notes: str,
        then: Callable[[str], None],
        failed: Callable[[str], None],
        owner: QObject,
    ) -> None:
        """Add a run's model; call `then` with its name."""
        self._change(
            tr("keeping the model"), lambda: add_model(source, title, notes).name, then, failed, owner
        )

    def take_in(self, path: Path, then: Callable[[str], None]) -> None:
        """Add a model that was exported as one file; call `then` with its name."""
        self._change(tr("importing the model"), lambda: import_model(path).name, then)

    def export(self, source: Path, target: Path) -> None:
        """Write a model's folder as one file."""
        self._tasks.do(
            tr("exporting the model"),
            lambda: export_model(source, target),
            lambda _: self.exported.emit(target),
        )

    def delete(self, entry: ModelEntry) -> None:
        """Remove one of the user's own models."""

        def job() -> tuple[ModelEntry, ...]:
            delete_model(entry.folder)
            return list_models()

        def done(left: tuple[ModelEntry, ...]) -> None:
            self.deleted.emit(entry.name)  # first, so that its users release it
            self.catalogue.set(left)

        self._tasks.do(tr("deleting the model"), job, done)

    def _change(
        self,
        doing: str,
        job: Callable[[], str],
        then: Callable[[str], None],
        failed: Callable[[str], None] | None = None,
        owner: QObject | None = None,
    ) -> None:
        def done(result: tuple[str, tuple[ModelEntry, ...]]) -> None:
            name, models = result
            self.catalogue.set(models)
            then(name)

        self._tasks.do(doing, lambda: (job(), list_models()), done, failed, owner)
