"""What a batch is asked to do: one frozen value behind the dialog and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, get_args

from salviewer.batch.naming import Job, folded, names_in, part_originals, plan, plan_file
from salviewer.batch.order import Order
from salviewer.core.areas import Area
from salviewer.errors import ImageError

Policy = Literal["replace", "keep", "skip-done"]
POLICIES: tuple[Policy, ...] = get_args(Policy)
"""What becomes of files that are there already: replaced; kept, the new ones being numbered; or kept where
they are what would be written again (`record.Record`), and replaced otherwise."""


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Pictures in, files out.

    Attributes:
        pictures: files, in the order in which they are done.
        folder: where results go.
        order: what is written of each.
        file: for one picture, the file that it becomes, in `folder`; None for a name of its own.
        areas: of interest, by picture; `order.areas` scores them.
        draws_areas: whether those are drawn too, instead of the scene's.
        policy: one of `POLICIES`.
    """

    pictures: tuple[Path, ...]
    folder: Path
    order: Order = field(default_factory=Order)
    file: Path | None = None
    areas: Mapping[Path, tuple[Area, ...]] = field(default_factory=dict)
    draws_areas: bool = False
    policy: Policy = "replace"

    def areas_of(self, picture: Path) -> tuple[Area, ...]:
        """A picture's areas of interest."""
        return self.areas.get(picture, ())

    def order_for(self, picture: Path) -> Order:
        """What is written of one of the pictures."""
        if not self.draws_areas:
            return self.order
        return replace(self.order, scene=replace(self.order.scene, areas=self.areas_of(picture)))

    def plan(self) -> tuple[list[Job], list[tuple[Path, ImageError]]]:
        """The jobs, and the pictures that cannot be done because a picture would be replaced.

        Looks at the disk.
        """
        endings = self.order.endings
        if self.file is not None:
            jobs = [plan_file(picture, self.file, endings) for picture in self.pictures]
        else:
            taken = {folded(name) for name in names_in(self.folder)} if self.policy == "keep" else ()
            jobs = plan(self.pictures, self.folder, endings, taken)
        kept, refused = part_originals(jobs)
        return kept, [
            (
                job.picture,
                ImageError(job.picture, f"its result would replace the picture {hit}; choose another folder"),
            )
            for job, hit in refused
        ]
