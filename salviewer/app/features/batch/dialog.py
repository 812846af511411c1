"""The batch dialog: choices, then progress. The window stays usable meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QDialog, QWidget

from salviewer.app.features.batch.progress import ProgressPage
from salviewer.app.features.batch.setup import SetupPage
from salviewer.app.translation import plural, tr
from salviewer.app.widgets.buttons import button
from salviewer.app.widgets.layouts import STRETCH, in_column, in_row
from salviewer.app.widgets.scrolling import ScrollPage, fit_on_screen, room

if TYPE_CHECKING:
    from salviewer.app.features.batch.progress_presenter import BatchEnd, BatchProgress
    from salviewer.app.features.batch.request import BatchRequest
    from salviewer.app.state.batch_choices import BatchChoices
    from salviewer.app.workers.latest_only import LatestOnlyWorker


class BatchDialog(QDialog):
    """Two pages; not modal. Closing hides it, and a running batch continues.

    Args:
        request: makes a batch from choices and the window's current state.
        worker: reads the disk.
    """

    start_wanted = Signal(object)  # BatchChoices
    stop_wanted = Signal()
    folder_wanted = Signal(object)  # Path

    def __init__(
        self, request: Callable[[BatchChoices], BatchRequest], worker: LatestOnlyWorker, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName("batchDialog")
        self.setWindowTitle(tr("Batch – salviewer"))
        self.setMinimumWidth(620)
        self._ended: BatchEnd | None = None
        self._running = False
        self.setup = SetupPage(request, worker, self)
        self.progress = ProgressPage()
        self.start = button("startBatch", tr("&Start"), tr("Start the batch"), self._start, primary=True)
        self.stop = button("stopBatch", tr("&Cancel"), tr("Stop soon; finished files stay"), self._stop)
        self.reveal = button(
            "revealBatch", tr("Show in fol&der"), tr("Open the folder with the results"), self._reveal
        )
        self.again = button("anotherBatch", tr("A&nother batch"), tr("Choose pictures again"), self.ask)
        self.close_button = button("closeBatch", tr("Close"), tr("Hide this"), self.close)
        row = in_row(self.reveal, STRETCH, self.again, self.close_button, self.stop, self.start, spacing=8)
        column = in_column(within=self, spacing=14, margins=(22, 20, 22, 16))
        self._scrolled = (ScrollPage(self.setup), ScrollPage(self.progress))
        for page in self._scrolled:
            column.addWidget(page, 1)
        column.addLayout(row)
        self.setup.changed.connect(self._arrange)
        self._turn(asking=True)
        self._arrange()

    @property
    def asking(self) -> bool:
        """Whether the first page is shown."""
        return not self.setup.isHidden()

    def offer(self, choices: BatchChoices, source: str) -> None:
        """Show the first page with these choices and this folder of pictures."""
        self.setup.set_choices(choices, source)
        self.ask()

    def ask(self) -> None:
        """Show the first page with its last choices, and look at the disk again."""
        self._turn(asking=True)
        self.setup.plan()
        self._arrange()
        self._fit()
        self.setup.source.setFocus()

    def begin(self) -> None:
        """Show that a batch begins."""
        self._ended, self._running = None, True
        self.progress.begin()
        self.stop.setEnabled(True)
        self._turn(asking=False)
        self._arrange()
        self._fit()
        self.stop.setFocus()

    def show_progress(self, progress: BatchProgress) -> None:
        """Show the progress."""
        self.progress.show_progress(progress)
        if progress.failures:
            self._fit()

    def show_ended(self, ended: BatchEnd) -> None:
        """Show the result."""
        self._ended, self._running = ended, False
        self.progress.show_ended(ended)
        self._arrange()
        self._fit()
        self.reveal.setFocus()

    def event(self, event: QEvent) -> bool:
        """Look at the folders again after a return from the window, where settings may have changed."""
        if event.type() == QEvent.Type.WindowActivate and self.asking and self.isVisible():
            self.setup.plan()
        return super().event(event)

    def _arrange(self) -> None:
        asking, found = self.asking, self.setup.survey
        waiting = 0 if found is None else found.waiting
        self.start.setVisible(asking)
        self.start.setEnabled(waiting > 0)
        self.start.setText(
            plural("&Start, {count:,} picture", "&Start, {count:,} pictures", waiting)
            if waiting
            else tr("&Start")
        )
        self.stop.setVisible(not asking and self._running)
        self.close_button.setText(tr("Close") if asking or not self._running else tr("&Hide"))
        self.again.setVisible(not asking and not self._running)
        self.reveal.setVisible(not asking and not self._running)
        self.reveal.setEnabled(self._ended is not None and self._ended.progress.ended > 0)

    def _turn(self, asking: bool) -> None:
        for page, content, shown in zip(
            self._scrolled, (self.setup, self.progress), (asking, not asking), strict=True
        ):
            page.setVisible(shown)
            content.setVisible(shown)

    def _fit(self) -> None:
        """Fit the height to the page on screen, so that the window behind stays visible."""
        layout = self.layout()
        assert layout is not None
        for page, content in zip(self._scrolled, (self.setup, self.progress), strict=True):
            inner = content.layout()
            assert inner is not None
            inner.activate()  # what was just shown or hidden counts
            page.updateGeometry()
        layout.activate()
        wide = max(self.minimumWidth(), self._scrolled[0].minimumSizeHint().width() + 2 * 22)
        self.setMinimumWidth(min(wide, room(self).width()))  # some languages need more
        width = max(self.width() if self.isVisible() else 0, self.minimumWidth())
        fit_on_screen(self, width, max(layout.totalHeightForWidth(width), layout.totalSizeHint().height()))

    def _start(self) -> None:
        if self.setup.survey is not None:
            self.start_wanted.emit(self.setup.choices)

    def _stop(self) -> None:
        self.stop.setEnabled(False)
        self.progress.show_stopping()
        self.stop_wanted.emit()

    def _reveal(self) -> None:
        if self._ended is not None:
            self.folder_wanted.emit(self._ended.folder)
