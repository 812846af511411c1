"""What the batch dialog says: counts, paces and ends, as a person reads them."""

from __future__ import annotations

from collections.abc import Sequence

from salviewer.app.features.batch.progress_presenter import Ended, Told
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
    said = ", ".join(parts) + "."
    if survey.replaced:
        said += f" {plural(survey.replaced, 'file')} there will be replaced."
    if not survey.waiting:
        said += " Nothing is left to do."
    elif survey.names:
        said += f" The first becomes {_list(survey.names)}."
    return f"{said} {survey.note}." if survey.note else said


def count(told: Told) -> str:
    """How far it is: "120 of 500 pictures"."""
    return f"{_number(told.ended)} of {plural(told.pictures, 'picture')}"


def pace(told: Told) -> str:
    """How fast, and how long still: "4.2 pictures a second, about 2 min left"."""
    if told.rate <= 0:
        return ""
    speed = f"{told.rate:.1f} pictures a second" if told.rate >= 1 else f"{1 / told.rate:.1f} s a picture"
    return speed if told.left is None else f"{speed}, about {duration(told.left)} left"


def parts(told: Told) -> str:
    """What became of the pictures: "480 done, 12 done before, 8 could not be done"."""
    said = [f"{_number(told.done)} done"]
    if told.skipped:
        said.append(f"{_number(told.skipped)} done before")
    if told.failed:
        said.append(f"{_number(told.failed)} could not be done")
    return ", ".join(said)


def end(ended: Ended) -> str:
    """The headline when it is over."""
    told = ended.told
    if ended.how == "failed":
        return "The batch could not continue"
    if ended.how == "stopped":
        return f"Stopped after {count(told)}"
    if told.failed:
        return f"{count(Told(done=told.done + told.skipped, pictures=told.pictures))} are done"
    return "All pictures are done" if told.pictures > 1 else "The picture is done"


def took(ended: Ended) -> str:
    """What came of it and how fast: "480 done, 20 done before, in 2 min; 4.2 pictures a second."."""
    said = f"{parts(ended.told)}, in {duration(ended.seconds)}"
    if ended.told.done > 1 and ended.seconds > 0:
        said += f"; {ended.told.done / ended.seconds:.1f} pictures a second"
    return f"{said}."


def where(ended: Ended) -> str:
    """Where the results are, and how a batch that was stopped goes on."""
    said = f"Results: {ended.folder}"
    if ended.summary is not None:
        said += f"\nSummary: {ended.summary.name}"
    if ended.how == "stopped":
        said += "\nStart it again on the same folders to continue."
    return said


def badge(told: Told) -> str:
    """For the status line."""
    return f"Batch, {told.ended / told.pictures:.0%}" if told.pictures else "Batch"


def _number(value: int) -> str:
    return f"{value:,}".replace(",", "\u202f")


def _all(part: int, whole: int) -> str:
    return "all" if part == whole else _number(part)


def _list(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
