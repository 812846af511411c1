"""The progress of a batch, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Failure:
    """A picture that could not be done, with the reason as a sentence."""

    picture: Path
    reason: str


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """The progress of a batch.

    Attributes:
        done, skipped, failed: pictures so far.
        pictures: number of all pictures.
        failures: those since the last report.
        now: name of the picture in the network; "" for none yet.
        rate: recent pictures per second; 0 while it is too early to tell.
        left: remaining seconds; None while it is too early to tell.
    """

    done: int = 0
    skipped: int = 0
    failed: int = 0
    pictures: int = 0
    failures: tuple[Failure, ...] = ()
    now: str = ""
    rate: float = 0.0
    left: float | None = None

    @property
    def ended(self) -> int:
        """The number of pictures that are dealt with."""
        return self.done + self.skipped + self.failed


@dataclass(frozen=True, slots=True)
class BatchEnd:
    """The result of a batch.

    Attributes:
        how: "finished" if every picture was tried, "stopped", or "failed" if it could not continue.
        progress: the last progress.
        folder: the folder of results.
        summary: the table of outcomes; None if there is none.
        seconds: duration.
        notes: sentences for the user.
    """

    how: Literal["finished", "stopped", "failed"]
    progress: BatchProgress
    folder: Path
    summary: Path | None = None
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
