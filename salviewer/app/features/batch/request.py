"""A batch as it is asked for in the dialog, and what there is to do of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from salviewer.app.translation import tr
from salviewer.app.workers.inference import Engine
from salviewer.core.areas import Area
from salviewer.errors import ExportError, ImageError
from salviewer.media.images import find_pictures
from salviewer.media.listing import find_pictures_below
from salviewer.models.catalog import identity
from salviewer.results.naming import existing
from salviewer.results.order import Order
from salviewer.results.request import Batch, Plan, Policy


@dataclass(frozen=True, slots=True, eq=False)
class BatchRequest:
    """Everything a batch depends on; what changes in the window afterwards does not touch it.

    Attributes:
        source: the folder whose pictures are done, absolute.
        into: the folder that results go to, absolute.
        order: what is written of each.
        policy: what becomes of files that are there already.
        summed: whether a table says what became of each picture.
        engine: what to compute with.
        deep: whether the pictures of the folders in `source` are done, too; results keep their place.
        areas: of interest, by absolute path.
        draws_areas: whether those are drawn.
    """

    source: Path
    into: Path
    order: Order
    policy: Policy
    summed: bool
    engine: Engine
    deep: bool = False
    areas: Mapping[Path, tuple[Area, ...]] = field(default_factory=dict)
    draws_areas: bool = False

    def batch(self) -> Batch:
        """The same for the batch room. OverlaySettings at the disk.

        A record is kept whatever the policy, so that another time what is done can be skipped.

        Raises:
            ImageError: the folder cannot be listed, or holds no picture.
            ModelError: there is no such model.
        """
        missed: list[ImageError] = []
        if self.deep:
            found = find_pictures_below(self.source, [self.into], missed.append)
        else:
            found = find_pictures([self.source], complain=missed.append)
        return Batch(
            tuple(found),
            self.into,
            self.order,
            roots=(self.source,),
            areas=self.areas,
            draws_areas=self.draws_areas,
            policy=self.policy,
            model=identity(self.engine.model),
            recorded=True,
            summed=self.summed,
            missed=tuple(missed),
        )


@dataclass(frozen=True, slots=True)
class Survey:
    """What a batch would do.

    Attributes:
        pictures: in the folder.
        skipped: of those, done before.
        refused: of those, whose results would replace a picture.
        replaced: files that are there and would be lost.
        names: of the files that the first one to be done becomes.
        note: a sentence on a record that could not be used; "" for none.
        missed: pictures and folders that cannot be looked at.
    """

    pictures: int
    skipped: int
    refused: int
    replaced: int
    names: tuple[str, ...]
    note: str
    missed: int = 0

    @property
    def waiting(self) -> int:
        """Pictures to be done."""
        return self.pictures - self.skipped - self.refused


def survey(request: BatchRequest) -> Survey:
    """Look at both folders, and write nothing.

    Raises:
        SalviewerError: as `BatchRequest.batch`, or results cannot go where they are to go.
    """
    if request.into.exists() and not request.into.is_dir():
        raise ExportError(request.into, tr("this is a file, and results need a folder"))
    batch = request.batch()
    plan: Plan = batch.plan()
    lost = existing(plan.jobs) if request.policy == "replace" else ()
    return Survey(
        len(plan.pictures),
        len(plan.done),
        len(plan.refused),
        len(lost),
        tuple(file.path.name for file in plan.jobs[0].files) if plan.jobs else (),
        plan.record.note if plan.record else "",
        len(batch.missed),
    )
