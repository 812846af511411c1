"""The progress of a batch, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Failure:
    """A picture that could not be done, and the sentence why."""

    picture: Path
    reason: str


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """How far a batch is.

    Attributes:
        done, skipped, failed: pictures so far.
        pictures: all.
        failures: those since the last telling.
        now: name of the picture that is with the network; "" for none yet.
        rate: pictures done a second, lately; 0 while it is too early to tell.
        left: seconds still needed; None while it is too early to tell.
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
        """Pictures that nothing is left to do for."""
        return self.done + self.skipped + self.failed


@dataclass(frozen=True, slots=True)
class BatchEnd:
    """What became of a batch.

    Attributes:
        how: "finished" when every picture was tried, "stopped", or "failed" when it could not go on.
        progress: how far it came.
        folder: with the results.
        summary: the table of what became of each picture; None when there is none.
        seconds: it took.
        notes: sentences that a person should know.
    """

    how: Literal["finished", "stopped", "failed"]
    progress: BatchProgress
    folder: Path
    summary: Path | None = None
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
