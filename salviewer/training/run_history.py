"""Follow a run: its state, its events so far, and the end of its log."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from salviewer.training.run_state import RunState
from salviewer.training.runs import Run, look, read_events

LOG_NAME = "log.txt"
"""In a run's folder: what its process said on standard output and standard error."""

_TAIL = 16_384


@dataclass(frozen=True, slots=True)
class Following:
    """One look at a run.

    Attributes:
        run: its state.
        state: its state by its events.
        said: the end of its log, without the events.
        offset: the byte of the events to go on from.
    """

    run: Run
    state: RunState
    said: tuple[str, ...] = ()
    offset: int = 0

    def onward(self) -> Following:
        """Look again; only new events are read."""
        root = self.run.root
        run = look(root)  # before the events: a run that has ended has written all of them
        events, offset = read_events(root, self.offset)
        state = self.state.after(events) if events else self.state
        return replace(self, run=run, state=state, said=last_words(root / LOG_NAME), offset=offset)

    @property
    def trouble(self) -> str:
        """Why it failed, in its own words; "" when it did not."""
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
