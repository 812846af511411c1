"""Texts of the batch dialog: counts, rates and results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from salviewer import texts
from salviewer.app.features.batch.progress_presenter import BatchEnd, BatchProgress
from salviewer.app.translation import enumerated, plural, tr
from salviewer.app.widgets.amounts import duration

if TYPE_CHECKING:
    from salviewer.app.features.batch.request import Survey

_NAMED = 3  # files of the first picture that are listed by name


def found(survey: Survey) -> str:
    """Describe the work of a batch: "500 pictures, 480 done before."."""
    parts = [plural("{count:,} picture", "{count:,} pictures", survey.pictures)]
    if survey.skipped:
        parts.append(
            tr("all done before")
            if survey.skipped == survey.pictures
            else tr("{count:,} done before", count=survey.skipped)
        )
    if survey.refused:
        parts.append(
            tr(
                "{count:,} whose results would replace pictures; choose another folder",
                count=survey.refused,
            )
        )
    if survey.missed:
        parts.append(tr("{count:,} more that cannot be read", count=survey.missed))
    said = tr("{parts}.", parts=tr(", ").join(parts))
    if survey.replaced:
        said += " " + plural(
            "{count:,} file there will be replaced.",
            "{count:,} files there will be replaced.",
            survey.replaced,
        )
    if not survey.waiting:
        said += " " + tr("Nothing is left to do.")
    elif survey.names:
        said += " " + tr("Files of the first picture: {files}.", files=_list(survey.names))
    return f"{said} {texts.said(survey.note)}." if survey.note else said


def count(progress: BatchProgress) -> str:
    """Describe the progress: "120 of 500 pictures"."""
    return plural(
        "{ended:,} of {count:,} picture",
        "{ended:,} of {count:,} pictures",
        progress.pictures,
        ended=progress.ended,
    )


def rate(progress: BatchProgress) -> str:
    """Describe rate and time left: "4.2 pictures a second, about 2 min left"."""
    if progress.rate <= 0:
        return ""
    speed = (
        tr("{rate:.1f} pictures a second", rate=progress.rate)
        if progress.rate >= 1
        else tr("{rate:.1f} s a picture", rate=1 / progress.rate)
    )
    return (
        speed
        if progress.left is None
        else tr("{speed}, about {duration} left", speed=speed, duration=duration(progress.left))
    )


def parts(progress: BatchProgress) -> str:
    """Describe the outcomes: "480 done, 12 done before, 8 could not be done"."""
    said = [tr("{count:,} done", count=progress.done)]
    if progress.skipped:
        said.append(tr("{count:,} done before", count=progress.skipped))
    if progress.failed:
        said.append(tr("{count:,} could not be done", count=progress.failed))
    return ", ".join(said)


def end(ended: BatchEnd) -> str:
    """Return the headline of the result."""
    progress = ended.progress
    if ended.how == "failed":
        return tr("The batch could not continue")
    if ended.how == "stopped":
        return tr("Stopped after {pictures}", pictures=count(progress))
    if progress.failed:
        written = BatchProgress(done=progress.done + progress.skipped, pictures=progress.pictures)
        return tr("{pictures} are done", pictures=count(written))
    return tr("All pictures are done") if progress.pictures > 1 else tr("The picture is done")


def took(ended: BatchEnd) -> str:
    """Describe the result with its rate: "480 done, 20 done before, in 2 min; 4.2 pictures a second."."""
    said = tr("{parts}, in {duration}", parts=parts(ended.progress), duration=duration(ended.seconds))
    if ended.progress.done > 1 and ended.seconds > 0:
        said += "; " + tr("{rate:.1f} pictures a second", rate=ended.progress.done / ended.seconds)
    return f"{said}."


def where(ended: BatchEnd) -> str:
    """Say where the results are, and how to continue a stopped batch."""
    said = tr("Results: {folder}", folder=ended.folder)
    if ended.summary is not None:
        said += "\n" + tr("Summary: {name}", name=ended.summary.name)
    if ended.how == "stopped":
        said += "\n" + tr("Start it again on the same folders to continue.")
    return said


def badge(progress: BatchProgress) -> str:
    """Return the progress for the status line."""
    return (
        tr("Batch, {share:.0%}", share=progress.ended / progress.pictures)
        if progress.pictures
        else tr("Batch")
    )


def _list(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return enumerated(names[:_NAMED], more)
