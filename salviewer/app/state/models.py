"""The available models: those that ship, and the user's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from salviewer.models.catalog import ModelEntry, list_models


class ModelList(QObject):
    """The catalogue when it was last read."""

    changed = Signal(object)  # tuple of ModelEntry

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all = tuple(list_models())

    @property
    def all(self) -> tuple[ModelEntry, ...]:
        """Every model, in the catalogue's order."""
        return self._all

    def title(self, model: str) -> str:
        """Return a model's title by its name or path; the file's name if it is not in the catalogue."""
        return next((entry.title for entry in self._all if entry.name == model), Path(model).name)

    def set(self, models: Sequence[ModelEntry]) -> None:
        """Set the current catalogue."""
        self._all = tuple(models)
        self.changed.emit(self._all)
