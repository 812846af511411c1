"""The work of a batch's thread, from the list of pictures to the summary."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from salviewer.app.features.batch.progress_presenter import BatchEnd, BatchProgress, Failure
from salviewer.app.translation import tr
from salviewer.app.workers.report_pdf import report_pdf
from salviewer.app.workers.sentences import sentence
from salviewer.errors import InputError, SalviewerError
from salviewer.models.card import card_line
from salviewer.models.kinds import kind_name
from salviewer.results.naming import make_folder
from salviewer.results.rate import Rate
from salviewer.results.run import StoppedError, Watch, run
from salviewer.results.summary import Outcome
from salviewer.results.summary import sentence as reason
from salviewer.texts import said

if TYPE_CHECKING:
    from salviewer.app.features.batch.request import BatchRequest
    from salviewer.app.features.batch.shared_predictor import SharedPredictor
    from salviewer.results.request import Batch, Plan

_OFTEN = 0.1  # seconds between two reports
_NICE = 5  # as for a training


class BatchJob:
    """The work of one batch, done once, in its thread.

    Args:
        request: the batch.
        network: predicts.
        stop: set to end the batch.
        tell: called with the progress now and then.
    """

    def __init__(
        self,
        request: BatchRequest,
        network: SharedPredictor,
        stop: threading.Event,
        tell: Callable[[BatchProgress], None],
    ) -> None:
        self._request, self._network, self._stop, self._tell = request, network, stop, tell
        self._progress = BatchProgress()
        self._failures: list[Failure] = []
        self._notes: list[str] = []
        self._began = time.monotonic()
        self._rate = Rate(self._began)
        self._tried = 0  # pictures that took time
        self._due = 0.0

    def run(self) -> BatchEnd:
        """Do all the work. No picture's failure ends it; the result says what did."""
        _give_way()
        how: Literal["finished", "stopped", "failed"] = "finished"
        batch: Batch | None = None
        try:
            batch = self._request.batch()
            self._do(batch, batch.plan())
        except StoppedError:
            how = "stopped"
        except Exception as error:
            how = "failed"
            self._notes.insert(0, sentence(error, tr("running the batch")))
        if how == "finished" and self._progress.ended < self._progress.pictures:
            how = "stopped"
        self._say()
        summary = batch.summary_path if batch is not None and batch.summed else None
        return BatchEnd(
            how,
            replace(self._progress, failures=(), now="", left=None),
            self._request.into,
            summary if summary is not None and summary.is_file() else None,
            time.monotonic() - self._began,
            tuple(self._notes),
        )

    def _do(self, batch: Batch, plan: Plan) -> None:
        if plan.record is not None and plan.record.note:
            self._notes.append(said(plan.record.note))
        left_out = (*plan.refused, *batch.missed)
        self._progress = BatchProgress(pictures=len(plan.pictures) + len(batch.missed), failed=len(left_out))
        self._failures += [Failure(Path(error.path), said(error.reason)) for error in left_out]
        self._say()
        line = ""
        predictor = self._network.ready() if plan.jobs else None
        if predictor is not None:
            line = card_line(predictor.card, predictor.device_title)
        make_folder(batch.folder)
        self._rate = Rate(time.monotonic())
        watch = Watch(began=self._begin, complain=self._complain)
        outcomes = run(
            batch, plan, self._network.predict, model=line, stop=self._stop, watch=watch, pdf=report_pdf,
            kind=kind_name,
        )  # fmt: skip
        with closing(outcomes):
            for outcome in outcomes:
                self._count(outcome)
        if predictor is not None and predictor.note:
            self._notes.append(said(predictor.note))

    def _begin(self, picture: Path) -> None:
        self._progress = replace(self._progress, now=picture.name)
        self._say_soon()

    def _complain(self, error: SalviewerError) -> None:
        self._notes.append(str(error))

    def _count(self, outcome: Outcome) -> None:
        progress = self._progress
        match outcome.status:
            case "done":
                self._progress = replace(progress, done=progress.done + 1)
            case "skipped":
                self._progress = replace(progress, skipped=progress.skipped + 1)
            case "failed":
                self._progress = replace(progress, failed=progress.failed + 1)
                self._failures.append(Failure(outcome.job.picture, _reason(outcome)))
        self._tried += outcome.status != "skipped"
        self._rate.mark(time.monotonic(), self._tried)
        self._say_soon()

    def _say_soon(self) -> None:
        if time.monotonic() >= self._due:
            self._say()

    def _say(self) -> None:
        left = self._rate.left(self._progress.pictures - self._progress.ended)
        progress = replace(self._progress, failures=tuple(self._failures), rate=self._rate.rate, left=left)
        self._failures.clear()
        self._tell(progress)
        self._due = time.monotonic() + _OFTEN


def _give_way() -> None:
    """Give the window's thread priority on a busy processor; threads started by this one inherit that."""
    if sys.platform.startswith("linux"):  # elsewhere it would affect the whole process
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)


def _reason(outcome: Outcome) -> str:
    """Return the reason without the path, which the picture's column shows already."""
    error = outcome.error
    assert error is not None
    if isinstance(error, InputError) and Path(error.path) == outcome.job.picture:
        return said(error.reason)
    return reason(error)
