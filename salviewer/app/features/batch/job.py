"""What a batch's thread does, from the list of pictures to the summary."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Literal

from salviewer.app.features.batch.progress_presenter import Ended, Failure, Told
from salviewer.app.features.batch.rate import Pace
from salviewer.app.features.batch.request import Wish
from salviewer.app.features.batch.shared_predictor import Borrowed
from salviewer.app.workers.report_pdf import report_pdf
from salviewer.app.workers.sentences import sentence
from salviewer.errors import InputError, SalviewerError
from salviewer.models.card import card_line
from salviewer.results.naming import make_folder
from salviewer.results.request import Batch, Plan
from salviewer.results.run import StoppedError, Watch, run
from salviewer.results.summary import Outcome
from salviewer.results.summary import sentence as reason

_OFTEN = 0.1  # seconds between two tellings
_NICE = 5  # as training is


class BatchJob:
    """Done once, in the batch's thread.

    Args:
        wish: what is to be done.
        network: what predicts.
        stop: set when it is to end.
        tell: hears of it now and then.
    """

    def __init__(
        self, wish: Wish, network: Borrowed, stop: threading.Event, tell: Callable[[Told], None]
    ) -> None:
        self._wish, self._network, self._stop, self._tell = wish, network, stop, tell
        self._told = Told()
        self._failures: list[Failure] = []
        self._notes: list[str] = []
        self._began = time.monotonic()
        self._pace = Pace(self._began)
        self._tried = 0  # pictures that took time
        self._due = 0.0

    def run(self) -> Ended:
        """All of it. No picture's failure ends it, and what ends it is in the value returned."""
        _give_way()
        how: Literal["finished", "stopped", "failed"] = "finished"
        batch: Batch | None = None
        try:
            batch = self._wish.batch()
            self._do(batch, batch.plan())
        except StoppedError:
            how = "stopped"
        except Exception as error:
            how = "failed"
            self._notes.insert(0, sentence(error, "doing the batch"))
        if how == "finished" and self._told.ended < self._told.pictures:
            how = "stopped"
        self._say()
        summary = batch.summary_path if batch is not None and batch.summed else None
        return Ended(
            how,
            replace(self._told, failures=(), now="", left=None),
            self._wish.into,
            summary if summary is not None and summary.is_file() else None,
            time.monotonic() - self._began,
            tuple(self._notes),
        )

    def _do(self, batch: Batch, plan: Plan) -> None:
        if plan.record is not None and plan.record.note:
            self._notes.append(plan.record.note)
        self._told = Told(pictures=len(plan.pictures), failed=len(plan.refused))
        self._failures += [Failure(Path(error.path), error.reason) for error in plan.refused]
        self._say()
        line = ""
        predictor = self._network.ready() if plan.jobs else None
        if predictor is not None:
            line = card_line(predictor.card, predictor.device_title)
        make_folder(batch.folder)
        self._pace = Pace(time.monotonic())
        watch = Watch(self._begin, self._complain)
        outcomes = run(
            batch, plan, self._network.predict, model=line, stop=self._stop, watch=watch, pdf=report_pdf
        )
        with closing(outcomes):
            for outcome in outcomes:
                self._count(outcome)
        if predictor is not None and predictor.note:
            self._notes.append(predictor.note)

    def _begin(self, picture: Path) -> None:
        self._told = replace(self._told, now=picture.name)
        self._say_soon()

    def _complain(self, error: SalviewerError) -> None:
        self._notes.append(str(error))

    def _count(self, outcome: Outcome) -> None:
        told = self._told
        match outcome.status:
            case "done":
                self._told = replace(told, done=told.done + 1)
            case "skipped":
                self._told = replace(told, skipped=told.skipped + 1)
            case "failed":
                self._told = replace(told, failed=told.failed + 1)
                self._failures.append(Failure(outcome.job.picture, _reason(outcome)))
        self._tried += outcome.status != "skipped"
        self._pace.mark(time.monotonic(), self._tried)
        self._say_soon()

    def _say_soon(self) -> None:
        if time.monotonic() >= self._due:
            self._say()

    def _say(self) -> None:
        left = self._pace.left(self._told.pictures - self._told.ended)
        told = replace(self._told, failures=tuple(self._failures), rate=self._pace.rate, left=left)
        self._failures.clear()
        self._tell(told)
        self._due = time.monotonic() + _OFTEN


def _give_way() -> None:
    """Let the window's thread go first on a busy processor: threads begun by this one inherit that."""
    if sys.platform.startswith("linux"):  # elsewhere it would be the whole process
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)


def _reason(outcome: Outcome) -> str:
    """Without the path that the picture's column has already."""
    error = outcome.error
    assert error is not None
    if isinstance(error, InputError) and Path(error.path) == outcome.job.picture:
        return error.reason
    return reason(error)
