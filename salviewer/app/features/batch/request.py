"""A batch as requested in the dialog, and the work it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from salviewer.app.translation import tr
from salviewer.errors import ExportError, ImageError
from salviewer.media.images import find_pictures
from salviewer.media.listing import find_pictures_below
from salviewer.models.catalog import identity
from salviewer.results.naming import existing
from salviewer.results.request import Batch, Plan

if TYPE_CHECKING:
    from salviewer.app.workers.inference import Engine
    from salviewer.core.areas import Area
    from salviewer.results.order import Order
    from salviewer.results.policies import Policy


@dataclass(frozen=True, slots=True, eq=False)
class BatchRequest:
    """Everything that a batch depends on; later changes in the window do not affect it.

    Attributes:
        source: the folder of pictures, absolute.
        into: the folder of results, absolute.
        order: what to write for each picture.
        policy: what happens to existing files.
        summed: whether to write a table of outcomes.
        engine: what to compute with.
        deep: whether to do the pictures in subfolders of `source` too; results keep their place.
        areas: areas of interest, by absolute path.
        draws_areas: whether to draw them.
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
        """Return the batch for `salviewer.results`. Reads the disk.

        A record is kept whatever the policy, so that a later batch can skip finished pictures.

        Raises:
            ImageError: the folder cannot be listed, or has no picture.
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
    """The work that a batch would do.

    Attributes:
        pictures: number of pictures in the folder.
        skipped: number of those that were done before.
        refused: number of those whose results would replace a picture.
        replaced: number of existing files that would be lost.
        names: names of the files for the first picture.
        note: a sentence about a record that cannot be used; "" for none.
        missed: pictures and folders that cannot be read.
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
        """The number of pictures to do."""
        return self.pictures - self.skipped - self.refused


def survey(request: BatchRequest) -> Survey:
    """Look at both folders without writing.

    Raises:
        SalviewerError: as in `BatchRequest.batch`, or results cannot be written there.
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
