"""Describe the states of runs."""

from __future__ import annotations

from salviewer.app.translation import fill, mark, tr
from salviewer.training.runs import Run, State

STATES: dict[State, str] = {
    "starting": mark("Starting"),
    "running": mark("Training"),
    "paused": mark("Paused"),
    "finished": mark("Finished"),
    "stopped": mark("Stopped"),
    "failed": mark("Failed"),
    "interrupted": mark("Interrupted"),
}


def state_of(run: Run) -> str:
    """Return a run's state, with its progress if it did not finish."""
    word = tr(STATES[run.state])
    step, total = run.last.get("step"), run.last.get("total")
    if run.state == "running" and isinstance(step, int) and isinstance(total, int) and total:
        return fill(
            "{word}, {part:.0%}",
            word=tr("Preparing") if run.last.get("event") == "packing" else word,
            part=step / total,
        )
    return word
