"""Follow a run: its state, its events so far, and the end of its log."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from salviewer.training.run_state import RunState
from salviewer.training.runs import Run, look, read_events

LOG_NAME = "log.txt"
"""File in a run's folder with the standard output and standard error of its process."""

_TAIL = 16_384


@dataclass(frozen=True, slots=True)
class Following:
    """The state of a run at one time.

    Attributes:
        run: the run on disk.
        state: its state by its events.
        said: the end of its log, without events.
        offset: the byte of the events from which to continue.
    """

    run: Run
    state: RunState
    said: tuple[str, ...] = ()
    offset: int = 0

    def onward(self) -> Following:
        """Look again and read only new events."""
        root = self.run.root
        run = look(root)  # before the events: an ended run has written all of them
        events, offset = read_events(root, self.offset)
        state = self.state.after(events) if events else self.state
        return replace(self, run=run, state=state, said=last_words(root / LOG_NAME), offset=offset)

    @property
    def trouble(self) -> str:
        """The reason for a failure, from the run itself; "" if it did not fail."""
        if self.run.state == "failed":
            return str(self.run.last.get("message", ""))
        if self.run.state == "interrupted" and self.said:
            return self.said[-1]
        return ""


def follow(root: Path) -> Following:
    """Look at a run for the first time."""
    return Following(look(root), RunState()).onward()


def last_words(log: Path) -> tuple[str, ...]:
    """Return the last readable lines of a log, without the program's name in front."""
    try:
        with log.open("rb") as stream:
            stream.seek(max(0, stream.seek(0, os.SEEK_END) - _TAIL))
            text = stream.read().decode(errors="replace")
    except OSError:
        return ()
    lines = (line.strip().removeprefix("salviewer: ") for line in text.splitlines())
    return tuple(line for line in lines if line and not line.startswith("{"))[-40:]
