"""A batch request: one frozen value, used by the dialog and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from salviewer.errors import ImageError, InputError
from salviewer.media.openers.names import file_of
from salviewer.media.openers.options import opening_of
from salviewer.media.openers.table import drawn_suffixes
from salviewer.results.naming import Job, distinct, folded, names_in, part_originals, plan, plan_file
from salviewer.results.order import Order
from salviewer.results.record import Record
from salviewer.results.summary import SUMMARY_STEM, Outcome

if TYPE_CHECKING:
    from salviewer.core.areas import Area
    from salviewer.results.policies import Policy
    from salviewer.results.web_page import WebPage


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """A request to write results for pictures.

    Attributes:
        pictures: files, in the order in which they are done.
        folder: where results go.
        order: what to write for each.
        file: for a single picture, the file to write, in `folder`; None to name it automatically.
        roots: folders whose structure is kept: ROOT/far/away.jpg becomes FOLDER/far/away.png. Results of all
            other pictures go directly into `folder`.
        areas: areas of interest, by picture; `order.areas` scores them.
        draws_areas: whether to draw them instead of the scene's.
        policy: one of `POLICIES`.
        model: an identifier that changes with the weights.
        recorded: whether to keep a `Record` in the folder; "skip-done" always keeps one.
        summed: whether to write a summary table.
        missed: requested pictures and folders that cannot be read; the summary names them.
        pages: the web pages that pictures show, by picture; lines and the summary have their addresses.
    """

    pictures: tuple[Path, ...]
    folder: Path
    order: Order = field(default_factory=Order)
    file: Path | None = None
    roots: tuple[Path, ...] = ()
    areas: Mapping[Path, tuple[Area, ...]] = field(default_factory=dict)
    draws_areas: bool = False
    policy: Policy = "replace"
    model: str = ""
    recorded: bool = False
    summed: bool = False
    missed: tuple[InputError, ...] = ()
    pages: Mapping[Path, WebPage] = field(default_factory=dict)

    @property
    def summary_path(self) -> Path:
        """The path of the summary table."""
        return self.folder / f"{SUMMARY_STEM}.{self.order.table_format}"

    def areas_of(self, picture: Path) -> tuple[Area, ...]:
        """Return a picture's areas of interest."""
        return self.areas.get(picture, ())

    def shown(self, picture: Path) -> str:
        """Return what lines and tables call a picture: its path, or the address of its page."""
        page = self.pages.get(picture)
        return str(picture) if page is None else page.address

    def order_for(self, picture: Path) -> Order:
        """Return what to write for one picture."""
        if not self.draws_areas:
            return self.order
        return replace(self.order, scene=replace(self.order.scene, areas=self.areas_of(picture)))

    def plan(self) -> Plan:
        """Name all files. Reads the disk."""
        endings = self.order.endings
        if self.file is not None:
            jobs = [plan_file(picture, self.file, endings) for picture in self.pictures]
        else:
            jobs = self._named(endings)
        jobs, refused = part_originals(jobs)
        record = self._record() if self.recorded or self.policy == "skip-done" else None
        known = {
            job.picture: facts
            for job in jobs
            if self.policy == "skip-done" and record is not None and (facts := record.find(job)) is not None
        }
        return Plan(
            tuple(distinct(self.pictures)),
            tuple(job for job in jobs if job.picture not in known),
            tuple(Outcome(job, "skipped", known[job.picture]) for job in jobs if job.picture in known),
            tuple(_refusal(job, hit) for job, hit in refused),
            record,
        )

    def _named(self, endings: Mapping[str, str]) -> list[Job]:
        places: dict[Path, list[Path]] = {}
        pictures = distinct(self.pictures)
        for picture in pictures:
            places.setdefault(self._place(picture), []).append(picture)
        jobs: dict[Path, Job] = {}
        for place, inside in places.items():
            taken = {folded(name) for name in names_in(place)} if self.policy == "keep" else set()
            jobs |= {job.picture: job for job in plan(inside, place, endings, taken)}
        return [jobs[picture] for picture in pictures]

    def _place(self, picture: Path) -> Path:
        above = file_of(picture).absolute().parent
        for root in self.roots:
            if above.is_relative_to(root.absolute()):
                return self.folder / above.relative_to(root.absolute())
        return self.folder

    def _record(self) -> Record:
        matter = self.order.areas or self.draws_areas or bool(self.order.reports)
        areas_of = self.areas_of if matter else lambda picture: ()
        drawn: dict[str, object] = {"draws_areas": True} if self.draws_areas else {}
        if any(picture.suffix.lower() in drawn_suffixes() for picture in self.pictures):
            drawn["dpi"] = opening_of().dpi
        return Record(self.folder, {"model": self.model, "order": asdict(self.order), **drawn}, areas_of)


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A batch with all files named.

    Attributes:
        pictures: all pictures, each once.
        jobs: work to do.
        done: pictures to skip.
        refused: errors of pictures that are left out because their results would overwrite a picture.
        record: the record to keep; None for none.
    """

    pictures: tuple[Path, ...]
    jobs: tuple[Job, ...]
    done: tuple[Outcome, ...] = ()
    refused: tuple[ImageError, ...] = ()
    record: Record | None = None


def _refusal(job: Job, hit: Path) -> ImageError:
    return ImageError(job.picture, f"its result would replace the picture {hit}; choose another folder")
