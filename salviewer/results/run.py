"""Run a batch, for ``salviewer predict`` and for the window's dialog."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from salviewer.core.applications.uses import Helpers
from salviewer.core.hotspots import HotspotSettings, find_hotspots
from salviewer.core.saliency_map import SaliencyMap
from salviewer.errors import ExportError, SalviewerError
from salviewer.media.images import Picture, load_picture
from salviewer.media.saving import remove_leftovers
from salviewer.media.tables import save_table
from salviewer.media.text import missing_note
from salviewer.results.applying import applied_to
from salviewer.results.naming import Job, make_folder
from salviewer.results.pipeline_stages import overlapped
from salviewer.results.record import Facts, Stamp
from salviewer.results.request import Batch, Plan
from salviewer.results.source import Source
from salviewer.results.summary import Outcome, summary
from salviewer.results.word_files import word_notes
from salviewer.results.writing import PdfMaker, write_files

Predict = Callable[[Picture], SaliencyMap]
KindOf = Callable[[NDArray[np.uint8]], str]


class StoppedError(Exception):
    """The batch was stopped before this picture was done."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Callbacks during a batch. `complain` is called in the thread of the loop.

    Attributes:
        began: the network starts with a picture; called in the thread of the loop.
        applied: a picture with the results of its uses; called in a writing thread after its files are
            written, one at a time.
        complain: record or summary could not be read or written. The pictures are done anyway.
    """

    began: Callable[[Path], None] = lambda picture: None
    applied: Callable[[Source], None] = lambda source: None
    complain: Callable[[SalviewerError], None] = lambda error: None


@dataclass(frozen=True, slots=True, eq=False)
class _Read:
    picture: Picture
    stamp: Stamp


@dataclass(frozen=True, slots=True, eq=False)
class _Made:
    source: Source
    stamp: Stamp


def run(
    batch: Batch,
    plan: Plan,
    predict: Predict,
    *,
    model: str = "",
    stop: threading.Event | None = None,
    watch: Watch | None = None,
    pdf: PdfMaker | None = None,
    helpers: Helpers | None = None,
    kind: KindOf = lambda pixels: "",
) -> Generator[Outcome, None, None]:
    """Do the planned work, decoding and writing while the network runs.

    When `stop` is set, or the loop over this generator ends early (Ctrl-C, for example), no more pictures are
    predicted, and those already predicted are written. After `stop`, of a picture with several files only the
    current one is finished. Every file is complete or absent. Record and summary are written in any case.

    Args:
        batch, plan: a batch and its `Batch.plan`.
        predict: called in this thread, one picture at a time; may raise `StoppedError`.
        model: one line about the model, for the report.
        stop: set it to end the batch.
        pdf: needed when the order has a PDF.
        helpers: find text and objects, for the order's uses.
        kind: the kind of a picture by its pixels, for the summary; "" where it cannot be found. Called in
            the writing thread.

    Yields:
        the outcome of each picture: first those skipped, then those started. Failures may come before
        earlier successes.
    """
    watch = watch or Watch()
    outcomes: dict[Path, Outcome] = {}
    if plan.record is not None:
        for folder in {batch.folder, *(job.files[0].path.parent for job in plan.jobs)}:
            remove_leftovers(folder)
    try:
        for outcome in plan.done:
            outcomes[outcome.job.picture] = outcome
            yield outcome
        task = _Task(
            batch, plan, predict, model, stop or threading.Event(), watch, pdf, helpers or Helpers(), kind
        )
        with closing(overlapped(plan.jobs, task.read, task.make, task.write)) as ended:
            for job, facts, error in ended:
                if isinstance(error, StoppedError):
                    continue
                outcome = Outcome(job, "failed" if error else "done", facts or Facts(), error)
                outcomes[job.picture] = outcome
                yield outcome
    finally:
        for error in _close(batch, plan, outcomes):
            watch.complain(error)


class _Task:
    """The work for each picture."""

    def __init__(
        self,
        batch: Batch,
        plan: Plan,
        predict: Predict,
        model: str,
        stop: threading.Event,
        watch: Watch,
        pdf: PdfMaker | None,
        helpers: Helpers,
        kind: KindOf,
    ) -> None:
        self._batch, self._record = batch, plan.record
        self._predict, self._model, self._pdf, self._kind = predict, model, pdf, kind
        self._stop, self._watch, self._helpers = stop, watch, helpers
        self._today = date.today()
        self._one = threading.Lock()

    def read(self, job: Job) -> _Read:
        self._go_on()
        stamp = Stamp(-1, -1)
        with suppress(OSError, ValueError):  # opening the file will give a better message
            stamp = Stamp.of(job.picture)  # first, so that a picture changed meanwhile is done again
        return _Read(load_picture(job.picture), stamp)

    def make(self, job: Job, read: _Read) -> _Made:
        self._go_on()
        self._watch.began(job.picture)
        saliency = self._predict(read.picture)
        areas = self._batch.areas_of(job.picture)
        page = self._batch.pages.get(job.picture)
        name = job.picture.name if page is None else page.title or page.address
        return _Made(Source(read.picture, saliency, areas, name, self._model, page=page), read.stamp)

    def write(self, job: Job, made: _Made) -> Facts:
        source, order = made.source, self._batch.order_for(job.picture)
        if order.uses:
            source = replace(source, applied=applied_to(source, order.uses, self._helpers))
        replaces = self._batch.policy != "keep"
        if job.files[0].path.parent != self._batch.folder:
            make_folder(job.files[0].path.parent)
        files = write_files(job, order, source, when=self._today, replaces=replaces, pdf=self._pdf)
        for number, _ in enumerate(files, 1):
            if number < len(job.files):
                self._go_on()
        if source.applied is not None:
            with self._one:
                self._watch.applied(source)
        facts = self._facts(job, source)
        if self._record is not None:
            self._record.add(job, made.stamp, facts)
        return facts

    def _go_on(self) -> None:
        if self._stop.is_set():
            raise StoppedError

    def _facts(self, job: Job, source: Source) -> Facts:
        notes = [source.picture.note]
        if job.renamed:
            taken = "the name was taken" if self._batch.policy == "keep" else "another picture has that name"
            notes.append(f"renamed: {taken}")
        notes.append(missing_note())
        if source.page is not None:
            notes += [source.page.shares_line(source.saliency), *source.page.notes]
        if source.applied is not None:
            notes += source.applied.notes
            notes += word_notes(self._batch.order.word_formats, source.applied)
        hottest = None
        if self._record is not None or self._batch.summed:
            wanted = self._batch.order.hotspots or HotspotSettings()
            one = HotspotSettings(1, wanted.radius)
            for spot in find_hotspots(source.saliency, one, self._batch.order.scene.settings):
                hottest = (round(spot.x, 1), round(spot.y, 1), round(spot.share, 6))
        kind = self._kind(source.picture.pixels) if self._batch.summed else ""
        return Facts("; ".join(filter(None, notes)), round(source.saliency.milliseconds, 1), hottest, kind)


def _close(batch: Batch, plan: Plan, outcomes: Mapping[Path, Outcome]) -> list[ExportError]:
    """Write record and summary; return the errors of those that could not be written."""
    errors = []
    if plan.record is not None:
        try:
            plan.record.save()
        except ExportError as error:
            errors.append(error)
    if batch.summed:
        refused = {Path(error.path): str(error) for error in (*plan.refused, *batch.missed)}
        listed = (*plan.pictures, *(Path(error.path) for error in batch.missed))
        try:
            save_table(batch.summary_path, summary(listed, outcomes, refused, batch.folder, batch.shown))
        except ExportError as error:
            errors.append(error)
    return errors
