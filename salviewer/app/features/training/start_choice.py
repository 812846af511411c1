"""The choice of initial weights: the recipe's, a model's, a file's, or those of a run to continue."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal

from salviewer.app.shell.file_dialogs import ask_file
from salviewer.app.translation import tr
from salviewer.app.widgets.controls import Choice
from salviewer.models.catalog import ModelEntry
from salviewer.training.runs import Run

_FILE, _RESUME = "file:", "resume:"


class StartChoice(Choice):
    """Emits `decided` for every choice; for a file, once it is named."""

    decided = Signal()

    def __init__(self) -> None:
        super().__init__(tr("Start from"))
        self.chosen.connect(self._choose)

    def offer(self, network: str, models: Sequence[ModelEntry], runs: Sequence[Run]) -> None:
        """Offer the starts for a network; choose scratch if the current choice is not among them."""
        rows = [("", tr("Scratch (the recipe's initial weights)"), tr("As `Initial weights` says below"))]
        for entry in models:
            if entry.card.architecture == network:
                rows.append((str(entry.folder), entry.title, tr("Its weights, trained further")))
        rows.append((_FILE, tr("A checkpoint's file…"), tr("Weights of the same network, in a file")))
        for run in runs:
            if run.resumable and not run.active and run.state != "finished":
                rows.append(
                    (
                        f"{_RESUME}{run.root}",
                        tr("Resume {name}", name=run.root.name),
                        tr("Continue as it was started"),
                    )
                )
        kept = self.start if self.start in {data for data, _, _ in rows} else ""
        self.fill(rows)
        self.select(kept)

    @property
    def start(self) -> str:
        """Return a model's folder or file; "" for scratch and for a run to continue."""
        data = str(self.currentData() or "")
        return "" if data.startswith((_RESUME, _FILE)) else data

    @property
    def resume(self) -> Path | None:
        """Return the run to continue, or None."""
        data = str(self.currentData())
        return Path(data.removeprefix(_RESUME)) if data.startswith(_RESUME) else None

    def _choose(self, data: str) -> None:
        if data == _FILE:
            self.select("")
            ask_file(
                self, tr("A checkpoint to start from"), tr("Models (*.safetensors *.pt *.pth)"), self._take
            )
        self.decided.emit()

    def _take(self, path: str) -> None:
        self.select(path)
        self.decided.emit()
