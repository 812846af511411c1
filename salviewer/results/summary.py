"""Summarise the outcome of a batch in a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from salviewer.errors import SalviewerError
from salviewer.media.tables import Cell, Table
from salviewer.results.naming import Job
from salviewer.results.record import Facts

SUMMARY_STEM = "salviewer-summary"


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """The outcome of one picture.

    Attributes:
        job: the picture and its files.
        status: "done", "skipped" (done before) or "failed".
        facts: for reports.
        error: why it failed.
    """

    job: Job
    status: Literal["done", "skipped", "failed"]
    facts: Facts = field(default_factory=Facts)
    error: Exception | None = None

    @property
    def sentence(self) -> str:
        """Why it failed, or a remark for the user; "" for nothing."""
        return self.facts.note if self.error is None else sentence(self.error)


def summary(
    pictures: Iterable[Path],
    outcomes: Mapping[Path, Outcome],
    refused: Mapping[Path, str],
    folder: Path,
    shown: Callable[[Path], str] = str,
) -> Table:
    """Return a table with a row per picture: path, status, files, sentence, milliseconds, hottest spot, kind.

    A picture without an outcome was not started.

    Args:
        pictures: all pictures, in order.
        outcomes: by picture.
        refused: errors of pictures that were left out.
        folder: folder of the results; file names are relative to it.
        shown: what the table calls a picture.
    """
    columns = ("picture", "status", "files", "sentence", "milliseconds")
    rows = tuple(
        (shown(picture), *_row(outcomes.get(picture), refused.get(picture, ""), folder))
        for picture in pictures
    )
    return Table((*columns, "hottest_x", "hottest_y", "hottest_share", "kind"), rows)


def sentence(error: Exception) -> str:
    """Return any error as a sentence for its picture's row."""
    if isinstance(error, SalviewerError):
        return error.english  # the table is in English, whatever the window speaks
    if isinstance(error, MemoryError):
        return "there is not enough memory"
    return f"something unexpected went wrong ({type(error).__name__}: {error})"


def _row(outcome: Outcome | None, refusal: str, folder: Path) -> tuple[Cell, ...]:
    if outcome is None:
        return ("failed" if refusal else "not begun", "", refusal, "", "", "", "", "")
    files, spot = "", outcome.facts.hottest
    if outcome.status != "failed":
        files = "; ".join(file.path.relative_to(folder).as_posix() for file in outcome.job.files)
    place: tuple[Cell, ...] = ("", "", "") if spot is None else spot
    took: Cell = outcome.facts.milliseconds if outcome.status != "failed" else ""
    return (outcome.status, files, outcome.sentence, took, *place, outcome.facts.kind)
