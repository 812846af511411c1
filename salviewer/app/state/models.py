"""The models that can be chosen: those that ship, and the user's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from salviewer.models.catalog import ModelEntry, list_models


class ModelList(QObject):
    """The catalogue as it was read last."""

    changed = Signal(object)  # tuple of ModelEntry

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all = tuple(list_models())

    @property
    def all(self) -> tuple[ModelEntry, ...]:
        """Every model, in the catalogue's order."""
        return self._all

    def title(self, model: str) -> str:
        """Return a model's title by its name or path; its file name when it is not in the catalogue."""
        return next((entry.title for entry in self._all if entry.name == model), Path(model).name)

    def set(self, models: Sequence[ModelEntry]) -> None:
        """Take the catalogue as it is now."""
        self._all = tuple(models)
        self.changed.emit(self._all)
