"""Exports in the window: the dialog, and what is written when it says so."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from salviewer.app.features.export.dialog import ExportDialog, Planned
from salviewer.app.features.export.pdf import report_pdf
from salviewer.app.state.export_choices import ExportChoices
from salviewer.app.workers.latest_only import Lane
from salviewer.app.workers.writer import CancelledError, Told
from salviewer.models.card import card_line
from salviewer.models.catalog import list_models
from salviewer.results.naming import make_folder
from salviewer.results.order import Order
from salviewer.results.source import Source
from salviewer.results.writing import write_files

if TYPE_CHECKING:
    from salviewer.app.window import Window


class Exporting(QObject):
    """Asks with a dialog, and hands the work to the window's saver."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.lane = Lane("export names", self)

    def ask(self, folder: str) -> None:
        """Show the dialog; results go to `folder` unless the last export went elsewhere."""
        window, loaded = self._window, self._window.session.loaded
        if loaded is None or window.session.saliency is None:
            return
        choices = window.preferences.now.export
        dialog = ExportDialog(
            choices,
            choices.folder or folder,
            loaded.stem,
            lambda chosen: self._order(chosen).endings,
            self.lane,
            window,
        )
        dialog.wanted.connect(self._export)
        dialog.open()

    def _order(self, choices: ExportChoices) -> Order:
        return choices.order(self._window.scene(), self._window.preferences.now.spots)

    def _export(self, choices: ExportChoices, planned: Planned) -> None:
        window, loaded = self._window, self._window.session.loaded
        window.preferences.change(export=choices)
        saliency = window.session.saliency
        if loaded is None or saliency is None:
            return
        source = Source(
            loaded.picture,
            saliency,
            window.areas.model.all,
            loaded.name,
            _model_line(saliency.model, window.bench.shown.engine.device or saliency.device),
        )
        order = self._order(choices)
        window.saver.do(lambda stop, tell: _write(planned, order, source, stop, tell))


def _write(
    planned: Planned, order: Order, source: Source, stop: threading.Event, tell: Told
) -> tuple[Path, ...]:
    """Every file in turn.

    Raises:
        ExportError: one cannot be written; those before it stay.
        CancelledError: `stop` was set; the files written so far stay.
    """
    files = planned.job.files
    make_folder(files[0].path.parent)
    written: list[Path] = []
    made: Iterator[Path] = write_files(
        planned.job, order, source, when=date.today(), replaces=planned.replaces, pdf=report_pdf
    )
    tell(0, len(files))
    for path in made:
        written.append(path)
        tell(len(written), len(files))
        if stop.is_set() and len(written) < len(files):
            raise CancelledError
    return tuple(written)


def _model_line(model: str, device: str) -> str:
    for entry in list_models():
        if entry.name == model:
            return card_line(entry.card, device)
    return f"{Path(model).name}, a model of your own, on {device}."
