"""Does shards, on a node: reads, decodes, predicts, draws and writes there; only numbers come back."""

from __future__ import annotations

import pickle
import posixpath
import tempfile
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from salviewer.cluster import parts, versions
from salviewer.cluster.clip_work import clip_row, remove_segments, write_segment
from salviewer.cluster.errors import ClusterError, StoreError
from salviewer.cluster.failing import failure, passing
from salviewer.cluster.job import Job
from salviewer.cluster.measured import failed_row, row_of
from salviewer.cluster.parts import AGAIN, DONE, FAILED, Row
from salviewer.cluster.reading import Entry, entries, open_entry
from salviewer.cluster.units import Shard
from salviewer.core.hotspots import HotspotSettings
from salviewer.errors import SalviewerError
from salviewer.media.images import Picture
from salviewer.media.text import missing_note
from salviewer.models.card import card_line
from salviewer.models.loading import load_model
from salviewer.results.naming import File, make_folder
from salviewer.results.naming import Job as Naming
from salviewer.results.pipeline_stages import overlapped
from salviewer.results.source import Source
from salviewer.results.summary import sentence
from salviewer.results.writing import write_files

MOST_SENTENCES = 20
"""Failures of a shard whose sentences are shown at once; the table has all."""


class Worker:
    """One per node, or one for every few processors of it; loads the network once.

    Args:
        job: what is done.
        ledger: a handle of the run's `Ledger`.
        expected: `versions.identity` of the program that started the run.
    """

    def __init__(self, job: Job, ledger: Any, expected: versions.Identity) -> None:
        import ray

        self._get = ray.get
        self._job, self._ledger = job, ledger
        here = versions.identity(job.model.ref)
        if (difference := expected.difference(here)) != "":
            raise ClusterError(difference)
        self._predictor = load_model(job.model.ref, job.model.device, job.model.engine)
        self._line = card_line(self._predictor.card, self._predictor.device_title)
        self._spots = job.order.hotspots or HotspotSettings()

    def ready(self) -> None:
        """Return when the network is loaded."""

    def do_row(self, row: bytes) -> str:
        """Do the shards of a row, up to one that fails as a whole; return why it did, or ""."""
        return next(filter(None, map(self.do, pickle.loads(row))), "")

    def do(self, shard: Shard) -> str:
        """Do one shard, write its marker, and tell the ledger; return why it failed as a whole, or ""."""
        careful, before, refused = self._get(self._ledger.open.remote(shard.id))
        try:
            rows, error = self._done(shard, careful, dict(before), frozenset(refused)), ""
        except SalviewerError as problem:
            rows, error = [], str(problem)
        counts = {status: sum(row["status"] == status for row in rows) for status in (DONE, FAILED, AGAIN)}
        sentences = [row["error"] for row in rows if row["status"] != DONE][:MOST_SENTENCES]
        self._get(self._ledger.close.remote(shard.id, None if error else counts, sentences))
        return error

    def _done(self, shard: Shard, careful: bool, known: dict[str, Row], refused: frozenset[str]) -> list[Row]:
        """Do one shard and write its marker, unless an earlier attempt did; return its rows."""
        if careful or shard.resumed:
            if (rows := self._part(shard, complete=True)) != []:
                return rows
            earlier = self._part(shard, complete=False)
            known |= {row["picture"]: row for row in earlier if row["status"] != AGAIN}
        if shard.kind == "segment":
            write_segment(self._job, shard, self._predictor)
            return []
        if shard.kind in ("clip", "join"):
            rows = [clip_row(self._job, shard, self._predictor)]
        else:
            rows = list(self._rows(shard, known, careful, refused))
        parts.save(self._job, shard.id, rows)
        if shard.kind == "join":
            remove_segments(self._job, shard)
        return rows

    def _part(self, shard: Shard, complete: bool) -> list[Row]:
        """Return the rows of a shard's marker; none where there is no such marker."""
        try:
            return parts.load(self._job, parts.name_of(self._job, shard.id, complete))
        except StoreError:
            return []

    def _rows(
        self, shard: Shard, known: dict[str, Row], careful: bool, refused: frozenset[str]
    ) -> Iterator[Row]:
        held = _Held(entries(shard))
        with tempfile.TemporaryDirectory(prefix="salviewer-", ignore_cleanup_errors=True) as scratch:

            def fresh() -> Iterator[Entry]:
                for unit, content in held:
                    if (row := known.get(unit.shown)) is not None:
                        ready.append(row)
                    elif unit.shown in refused:
                        ready.append(failed_row(unit.shown, FAILED, f"{unit.shown}: {_POISON}"))
                    else:
                        if careful:
                            self._get(self._ledger.begin.remote(shard.id, unit.shown))
                        yield unit, content

            ready: list[Row] = []
            task = _Task(self._job, self._predictor, self._line, self._spots, Path(scratch))
            work = one_by_one if careful else overlapped
            with closing(work(fresh(), task.read, task.make, task.write)) as ended:
                for (unit, _), row, error in ended:
                    result = row if error is None and row is not None else failure(unit, error)
                    if careful:
                        self._get(self._ledger.end.remote(shard.id, unit.shown, result))
                    yield result
                    yield from ready
                    ready.clear()
            yield from ready
        if held.error is not None:
            address = shard.units[0].shown
            status = AGAIN if passing(held.error) else FAILED
            yield failed_row(address, status, sentence(held.error))


_POISON = "the worker died each time it was begun, of a crash or for want of memory"


def one_by_one(
    items: Iterable[Any], read: Any, make: Any, write: Any
) -> Generator[tuple[Any, Any, Any], None, None]:
    """Do as `overlapped` does, without anything ahead or behind."""
    for item in items:
        try:
            yield item, write(item, make(item, read(item))), None
        except Exception as error:
            yield item, None, error


class _Held:
    """Entries until they fail; the error is kept."""

    def __init__(self, source: Iterable[Entry]) -> None:
        self._source = source
        self.error: SalviewerError | None = None

    def __iter__(self) -> Iterator[Entry]:
        try:
            yield from self._source
        except SalviewerError as error:
            self.error = error


class _Task:
    """The work for each picture, as that of `results.run`."""

    def __init__(self, job: Job, predictor: Any, line: str, spots: HotspotSettings, scratch: Path) -> None:
        self._job, self._predictor, self._line, self._spots = job, predictor, line, spots
        self._scratch = scratch

    def read(self, entry: Entry) -> Picture:
        return open_entry(*entry)

    def make(self, entry: Entry, picture: Picture) -> Source:
        unit, _ = entry
        saliency = self._predictor.predict(picture.pixels)
        return Source(picture, saliency, unit.areas, posixpath.basename(unit.shown), self._line)

    def write(self, entry: Entry, source: Source) -> Row:
        unit, _ = entry
        order = self._job.order
        if self._job.draws_areas:
            order = replace(order, scene=replace(order.scene, areas=unit.areas))
        local = self._job.target.local
        folder = local if local is not None else self._scratch
        naming = Naming(
            Path(unit.address), tuple(File(what, folder / name) for what, name in unit.files), unit.renamed
        )
        for parent in {file.path.parent for file in naming.files}:
            make_folder(parent)
        for path in write_files(naming, order, source, when=self._job.when):
            if local is None:
                relative = path.relative_to(folder).as_posix()
                self._job.target.below(relative).write(path.read_bytes())
                path.unlink()
        notes = [source.picture.note]
        if unit.renamed:
            notes.append("renamed: another picture has that name")
        notes.append(missing_note())
        return row_of(
            unit.shown,
            source.saliency,
            order.scene.settings,
            self._spots,
            unit.areas,
            tuple(name for _, name in unit.files),
            "; ".join(filter(None, notes)),
        )
