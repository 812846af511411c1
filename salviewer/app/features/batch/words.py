"""What the batch dialog says: counts, rates and ends, as a person reads them."""

from __future__ import annotations

from collections.abc import Sequence

from salviewer.app.features.batch.progress_presenter import BatchEnd, BatchProgress
from salviewer.app.features.batch.request import Survey
from salviewer.app.widgets.amounts import duration, plural

_NAMED = 3  # files that are named of what the first picture becomes


def found(survey: Survey) -> str:
    """What a batch would do: "500 pictures, 480 done before."."""
    parts = [plural(survey.pictures, "picture")]
    if survey.skipped:
        parts.append(f"{_all(survey.skipped, survey.pictures)} done before")
    if survey.refused:
        parts.append(f"{survey.refused} whose results would replace pictures; choose another folder")
    if survey.missed:
        parts.append(f"{survey.missed} more that cannot be read")
    said = ", ".join(parts) + "."
    if survey.replaced:
        said += f" {plural(survey.replaced, 'file')} there will be replaced."
    if not survey.waiting:
        said += " Nothing is left to do."
    elif survey.names:
        said += f" The first becomes {_list(survey.names)}."
    return f"{said} {survey.note}." if survey.note else said


def count(progress: BatchProgress) -> str:
    """How far it is: "120 of 500 pictures"."""
    return f"{_number(progress.ended)} of {plural(progress.pictures, 'picture')}"


def rate(progress: BatchProgress) -> str:
    """How fast, and how long still: "4.2 pictures a second, about 2 min left"."""
    if progress.rate <= 0:
        return ""
    speed = (
        f"{progress.rate:.1f} pictures a second"
        if progress.rate >= 1
        else f"{1 / progress.rate:.1f} s a picture"
    )
    return speed if progress.left is None else f"{speed}, about {duration(progress.left)} left"


def parts(progress: BatchProgress) -> str:
    """What became of the pictures: "480 done, 12 done before, 8 could not be done"."""
    said = [f"{_number(progress.done)} done"]
    if progress.skipped:
        said.append(f"{_number(progress.skipped)} done before")
    if progress.failed:
        said.append(f"{_number(progress.failed)} could not be done")
    return ", ".join(said)


def end(ended: BatchEnd) -> str:
    """The headline when it is over."""
    progress = ended.progress
    if ended.how == "failed":
        return "The batch could not continue"
    if ended.how == "stopped":
        return f"Stopped after {count(progress)}"
    if progress.failed:
        written = BatchProgress(done=progress.done + progress.skipped, pictures=progress.pictures)
        return f"{count(written)} are done"
    return "All pictures are done" if progress.pictures > 1 else "The picture is done"


def took(ended: BatchEnd) -> str:
    """What came of it and how fast: "480 done, 20 done before, in 2 min; 4.2 pictures a second."."""
    said = f"{parts(ended.progress)}, in {duration(ended.seconds)}"
    if ended.progress.done > 1 and ended.seconds > 0:
        said += f"; {ended.progress.done / ended.seconds:.1f} pictures a second"
    return f"{said}."


def where(ended: BatchEnd) -> str:
    """Where the results are, and how a batch that was stopped goes on."""
    said = f"Results: {ended.folder}"
    if ended.summary is not None:
        said += f"\nSummary: {ended.summary.name}"
    if ended.how == "stopped":
        said += "\nStart it again on the same folders to continue."
    return said


def badge(progress: BatchProgress) -> str:
    """For the status line."""
    return f"Batch, {progress.ended / progress.pictures:.0%}" if progress.pictures else "Batch"


def _number(value: int) -> str:
    return f"{value:,}".replace(",", "\u202f")


def _all(part: int, whole: int) -> str:
    return "all" if part == whole else _number(part)


def _list(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
