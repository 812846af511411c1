"""Run a batch in a thread of its own."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from salviewer.app.features.batch.progress_presenter import BatchEnd, BatchProgress
from salviewer.app.translation import tr
from salviewer.app.workers.latest_only import LatestOnlyWorker, Outcome
from salviewer.app.workers.sentences import sentence

if TYPE_CHECKING:
    from salviewer.app.features.batch.request import BatchRequest
    from salviewer.app.workers.inference import Inference


class BatchWorker(QObject):
    """Runs one batch at a time, with the network of the window's `Inference`."""

    progressed = Signal(object)  # BatchProgress
    ended = Signal(object)  # BatchEnd
    _progressed = Signal(object)

    def __init__(self, inference: Inference, parent: QObject) -> None:
        super().__init__(parent)
        self.worker = LatestOnlyWorker("batch", self, self._landed)
        self._progressed.connect(self.progressed, Qt.ConnectionType.QueuedConnection)
        self._inference = inference
        self._stop = threading.Event()
        self.request: BatchRequest | None = None
        """The running batch; None if there is none."""

    def begin(self, request: BatchRequest) -> None:
        """Start a batch; none may be running."""
        from salviewer.app.features.batch.job import BatchJob
        from salviewer.app.features.batch.shared_predictor import SharedPredictor

        assert self.request is None
        self.request, self._stop = request, threading.Event()
        job = BatchJob(
            request, SharedPredictor(self._inference, request.engine, self._stop), self._stop, self._tell
        )
        self.worker.submit(0, job.run)

    def stop(self) -> None:
        """End the batch soon: the current file is finished, nothing else is started; `ended` follows."""
        self._stop.set()

    def _tell(self, progress: BatchProgress) -> None:
        if not self.worker.closed:
            self._progressed.emit(progress)

    def _landed(self, outcome: Outcome) -> None:
        from salviewer.app.features.batch.progress_presenter import BatchProgress

        request, self.request = self.request, None
        assert request is not None
        if outcome.error is None:
            self.ended.emit(outcome.value)
        else:
            self.ended.emit(
                BatchEnd(
                    "failed",
                    BatchProgress(),
                    request.into,
                    notes=(sentence(outcome.error, tr("running the batch")),),
                )
            )
