"""A batch in a thread of its own."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, Qt, Signal

from salviewer.app.features.batch.job import BatchJob
from salviewer.app.features.batch.progress_presenter import Ended, Told
from salviewer.app.features.batch.request import Wish
from salviewer.app.features.batch.shared_predictor import Borrowed
from salviewer.app.workers.inference import Inference
from salviewer.app.workers.latest_only import Lane, Outcome
from salviewer.app.workers.sentences import sentence


class Working(QObject):
    """Does one batch at a time. The network is lent by the window's `Inference`."""

    told = Signal(object)  # Told
    ended = Signal(object)  # Ended
    _told = Signal(object)

    def __init__(self, inference: Inference, parent: QObject) -> None:
        super().__init__(parent)
        self.lane = Lane("batch", self)
        self.lane.finished.connect(self._landed, Qt.ConnectionType.DirectConnection)
        self._told.connect(self.told, Qt.ConnectionType.QueuedConnection)
        self._inference = inference
        self._stop = threading.Event()
        self.wish: Wish | None = None
        """What runs; None when nothing does."""

    def begin(self, wish: Wish) -> None:
        """Begin a batch; there must be none."""
        assert self.wish is None
        self.wish, self._stop = wish, threading.Event()
        job = BatchJob(wish, Borrowed(self._inference, wish.engine, self._stop), self._stop, self._tell)
        self.lane.submit(0, job.run)

    def stop(self) -> None:
        """End soon: what is being written is finished, nothing else is begun; `ended` follows."""
        self._stop.set()

    def _tell(self, told: Told) -> None:
        if not self.lane.closed:
            self._told.emit(told)

    def _landed(self, outcome: Outcome) -> None:
        wish, self.wish = self.wish, None
        assert wish is not None
        if outcome.error is None:
            self.ended.emit(outcome.value)
        else:
            self.ended.emit(
                Ended("failed", Told(), wish.into, notes=(sentence(outcome.error, "doing the batch"),))
            )
