"""Export: the dialog, and writing the chosen files."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from salviewer.app.state.batch_choices import INTO
from salviewer.app.state.export_choices import ExportChoices
from salviewer.app.state.models import ModelList
from salviewer.app.translation import tr
from salviewer.app.workbench import Command, Feature, Workbench
from salviewer.app.workers.latest_only import LatestOnlyWorker
from salviewer.app.workers.writer import CancelledError, Progress
from salviewer.media.openers.names import folder_of
from salviewer.models.card import card_line
from salviewer.results.naming import make_folder
from salviewer.results.order import Order
from salviewer.results.source import Source

if TYPE_CHECKING:
    from salviewer.app.features.export.dialog import Planned


class ExportFeature(Feature):
    """Asks with a dialog, and passes the work to the writer."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self.worker = LatestOnlyWorker("export names", self)
        bench.workers.add(self.worker)
        bench.commands.add(
            Command(
                "export",
                "&Export…",
                self.ask,
                "File",
                (4, 2),
                ("Ctrl+E",),
                "export",
                "Write several views, the map, tables and a report",
                "map",
                toolbar=(1, 3),
            )
        )  # fmt: skip

    def ask(self) -> None:
        """Show the dialog; results go to a folder beside the picture, or where the last export went."""
        from salviewer.app.features.export.dialog import ExportDialog

        bench, loaded = self._bench, self._bench.session.loaded
        if loaded is None or bench.session.saliency is None:
            return
        choices = bench.settings.now.export
        path = loaded.picture.path
        beside = Path(bench.settings.folder) if path is None else folder_of(path.absolute())
        dialog = ExportDialog(
            choices,
            choices.folder or str(beside / INTO),
            loaded.stem,
            lambda chosen: self._order(chosen).endings,
            self.worker,
            bench.dialog_parent,
        )
        dialog.wanted.connect(self._export)
        dialog.open()

    def _order(self, choices: ExportChoices) -> Order:
        return choices.order(self._bench.shown.scene, self._bench.settings.now.spots)

    def _export(self, choices: ExportChoices, planned: Planned) -> None:
        bench, loaded = self._bench, self._bench.session.loaded
        bench.settings.change(export=choices)
        saliency = bench.session.saliency
        if loaded is None or saliency is None:
            return
        source = Source(
            loaded.picture,
            saliency,
            bench.areas.all,
            loaded.name,
            _model_line(bench.models, saliency.model, bench.shown.engine.device or saliency.device),
        )
        order = self._order(choices)
        bench.files.writer.do(lambda stop, tell: _write(planned, order, source, stop, tell))


def _write(
    planned: Planned, order: Order, source: Source, stop: threading.Event, tell: Progress
) -> tuple[Path, ...]:
    """Write the files one by one.

    Raises:
        ExportError: a file cannot be written; earlier ones stay.
        CancelledError: `stop` was set; the files written so far stay.
    """
    from salviewer.app.workers.report_pdf import report_pdf
    from salviewer.results.writing import write_files

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


def _model_line(models: ModelList, model: str, device: str) -> str:
    for entry in models.all:
        if entry.name == model:
            return card_line(entry.card, device)
    return tr("{name}, a model of your own, on {device}.", name=Path(model).name, device=device)
