"""Does a batch: the one code behind ``salviewer predict`` and the window's dialog."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from salviewer.batch.naming import Job
from salviewer.batch.overlapped import overlapped
from salviewer.batch.request import Batch
from salviewer.batch.source import Source
from salviewer.batch.writing import PdfMaker, write_files
from salviewer.core.saliency_map import SaliencyMap
from salviewer.media.images import Picture, load_picture

Predict = Callable[[Picture], SaliencyMap]


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What became of a picture.

    Attributes:
        job: the picture, and its files.
        status: "done", "skipped" for what was done before, or "failed".
        note: what a person should know of what was done, in a clause; "" for nothing.
        error: why it failed.
    """

    job: Job
    status: Literal["done", "skipped", "failed"]
    note: str = ""
    error: Exception | None = None


class _StoppedError(Exception):
    """It was not begun, because the batch was told to stop."""


def run(
    batch: Batch,
    jobs: Sequence[Job],
    predict: Predict,
    *,
    model: str = "",
    stop: threading.Event | None = None,
    began: Callable[[Path], None] = lambda picture: None,
    pdf: PdfMaker | None = None,
) -> Generator[Outcome, None, None]:
    """Do the jobs, decoding ahead and writing behind while the network runs.

    When `stop` is set or the loop over this is left early, by Ctrl-C say, what is being written is finished
    and nothing else is begun; every file is complete or not there.

    Args:
        batch: what they are part of.
        jobs: of `Batch.plan`.
        predict: called in this thread, one picture at a time.
        model: what predicts, in one line for a report.
        stop: set by whoever wants it to end.
        began: told each picture that `predict` gets.
        pdf: needed when the order has a PDF.

    Yields:
        what became of each picture that was begun; failures may come before earlier successes.
    """
    stopping = stop or threading.Event()
    today = date.today()

    def read(job: Job) -> Picture:
        return load_picture(job.picture)

    def make(job: Job, picture: Picture) -> Source:
        if stopping.is_set():
            raise _StoppedError
        began(job.picture)
        saliency = predict(picture)
        return Source(picture, saliency, batch.areas_of(job.picture), job.picture.name, model)

    def write(job: Job, source: Source) -> str:
        for _ in write_files(job, batch.order_for(job.picture), source, when=today, pdf=pdf):
            pass
        renamed = "renamed: another picture has that name" if job.renamed else ""
        return "; ".join(filter(None, (source.picture.note, renamed)))

    with closing(overlapped(jobs, read, make, write)) as outcomes:
        for job, note, error in outcomes:
            if isinstance(error, _StoppedError):
                continue
            yield Outcome(job, "failed" if error else "done", note or "", error)
