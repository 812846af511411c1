"""Batches: the dialog, the running batch, and the question before it is lost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton

from salviewer.app.features.batch.worker import BatchWorker
from salviewer.app.shell.file_manager import show_in_folder
from salviewer.app.state.project import absolute
from salviewer.app.translation import tr
from salviewer.app.widgets.buttons import with_name
from salviewer.app.widgets.dialog import to_front
from salviewer.app.workbench import Command, Feature, Workbench
from salviewer.app.workers.latest_only import LatestOnlyWorker

if TYPE_CHECKING:
    from salviewer.app.features.batch.dialog import BatchDialog
    from salviewer.app.features.batch.progress_presenter import BatchEnd, BatchProgress
    from salviewer.app.features.batch.request import BatchRequest
    from salviewer.app.state.batch_choices import BatchChoices


class BatchFeature(Feature):
    """The dialog, the running batch, and the question before it is lost."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._names = LatestOnlyWorker("batch names", self)
        self.working = BatchWorker(bench.session.inference, self)
        self._dialog: BatchDialog | None = None
        self._progress: BatchProgress  # of the running batch
        self._leaving = False
        self.badge = with_name(QPushButton(), "batchBadge")
        self.badge.setProperty("quiet", True)
        self.badge.setToolTip(tr("Show the batch"))
        self.badge.clicked.connect(lambda _: self._show())
        self.badge.hide()
        bench.status.addPermanentWidget(self.badge)
        bench.workers.add(self._names, self.working.worker)
        bench.commands.add(
            Command(
                "batch",
                "&Batch…",
                self.ask,
                "File",
                (4, 3),
                ("Ctrl+B",),
                "batch",
                "Export all pictures of a folder",
            )
        )  # fmt: skip
        self.working.progressed.connect(self._show_progress)
        self.working.ended.connect(self._show_ended)
        bench.shown.engine_changed.connect(lambda _: self._name_engine())

    @property
    def dialog(self) -> BatchDialog:
        """The dialog, made when it is first needed."""
        from salviewer.app.features.batch.dialog import BatchDialog

        if self._dialog is None:
            self._dialog = BatchDialog(self._request, self._names, self._bench.dialog_parent)
            self._dialog.start_wanted.connect(self._start)
            self._dialog.stop_wanted.connect(self.working.stop)
            self._dialog.folder_wanted.connect(show_in_folder)
        return self._dialog

    def ask(self) -> None:
        """Show the dialog with the running batch, or with choices for the open folder."""
        dialog = self.dialog
        if self.working.request is None and not (dialog.isVisible() and dialog.asking):
            dialog.offer(self._bench.settings.now.batch, self._bench.settings.folder)
        self._show()

    def may_close(self) -> bool:
        """Return whether the window may close now; while a batch runs, ask, and close later if allowed."""
        if self._leaving or self.working.request is None:
            return True

        from salviewer.app.features.batch.question import ask_stopping

        def stop() -> None:
            self._leaving = True
            self.working.stop()
            self._bench.dialog_parent.close()

        ask_stopping(self._bench.dialog_parent, self._progress, stop)
        return False

    def close(self) -> None:
        """Hide the dialog and end the batch."""
        self.working.stop()
        if self._dialog is not None:
            self._dialog.hide()

    def _show(self) -> None:
        dialog = self.dialog
        self._name_engine()
        to_front(dialog)

    def _start(self, choices: BatchChoices) -> None:
        from salviewer.app.features.batch.progress_presenter import BatchProgress

        if self.working.request is None:
            self._bench.settings.change(batch=choices)
            self._progress = BatchProgress()
            self.working.begin(self._request(choices))
            self.dialog.begin()
            self._show_badge()

    def _request(self, choices: BatchChoices) -> BatchRequest:
        from salviewer.app.features.batch.request import BatchRequest

        bench, now = self._bench, self._bench.settings.now
        return BatchRequest(
            absolute(Path(choices.source).expanduser()),
            absolute(Path(choices.files.folder).expanduser()),
            choices.files.order(now.scene, now.spots),
            choices.policy,
            choices.summed,
            bench.session.engine,
            choices.deep,
            bench.areas.of_files(),
            now.areas,
        )

    def _show_progress(self, progress: BatchProgress) -> None:
        self._progress = progress
        self.dialog.show_progress(progress)
        self._show_badge()

    def _show_ended(self, ended: BatchEnd) -> None:
        from salviewer.app.features.batch import words

        self.dialog.show_ended(ended)
        self.badge.hide()
        if not self.dialog.isVisible():
            said = tr("Batch: {end}; {parts}.", end=words.end(ended), parts=words.parts(ended.progress))
            notices = self._bench.notices
            (notices.error if ended.how == "failed" else notices.inform)(said)

    def _show_badge(self) -> None:
        from salviewer.app.features.batch import words

        self.badge.setText(words.badge(self._progress))
        self.badge.setAccessibleName(f"{self.badge.text()}: {words.count(self._progress)}")
        self.badge.show()

    def _name_engine(self) -> None:
        if self._dialog is not None:
            parts = (
                self._bench.models.title(self._bench.session.engine.model),
                self._bench.shown.engine.device,
            )
            self._dialog.setup.set_engine(", ".join(filter(None, parts)))
