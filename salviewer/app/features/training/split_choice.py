"""The choice of held-out pictures: the data's own split, a newly drawn one, or one from a file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal

from salviewer.app.shell.file_dialogs import ask_file
from salviewer.app.translation import tr
from salviewer.app.widgets.controls import Choice
from salviewer.training.survey import Survey

_OWN, _DRAWN, _FILE = "own", "drawn", "file:"


class SplitChoice(Choice):
    """Emits `decided` for every choice; for a file, once it is named."""

    decided = Signal()

    def __init__(self) -> None:
        super().__init__(tr("Split"))
        self._own = False
        self.chosen.connect(self._choose)

    def offer(self, survey: Survey) -> None:
        """Offer the splits for these data."""
        self._own = survey.own_split
        own = [(_OWN, tr("The data's own"), tr("In split.json, or by its folders"))] if self._own else []
        drawn = (
            _DRAWN,
            tr("Held out of each category"),
            tr("As many as the recipe holds out, drawn with the seed"),
        )
        self.fill([*own, drawn, (_FILE, tr("From a file…"), tr("JSON with the lists train, val and test"))])
        self._reset()

    @property
    def file(self) -> Path | None:
        """Return the split file, if one was named."""
        data = str(self.currentData())
        return None if data in (_OWN, _DRAWN, _FILE, tr("None")) else Path(data)

    @property
    def draw(self) -> bool:
        """Return whether to draw a new split although the data have one."""
        return self._own and self.currentData() == _DRAWN

    def _choose(self, data: str) -> None:
        if data == _FILE:
            self._reset()
            ask_file(self, tr("A split"), tr("Splits (*.json)"), self._take)
        self.decided.emit()

    def _take(self, path: str) -> None:
        self.select(path)
        self.decided.emit()

    def _reset(self) -> None:
        self.select(_OWN if self._own else _DRAWN)
