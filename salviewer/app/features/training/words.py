"""The states of runs as text."""

from __future__ import annotations

from salviewer.training.runs import Run, State

STATES: dict[State, str] = {
    "starting": "Starting",
    "running": "Training",
    "paused": "Paused",
    "finished": "Finished",
    "stopped": "Stopped",
    "failed": "Failed",
    "interrupted": "Interrupted",
}


def state_of(run: Run) -> str:
    """A run's state, with how far it came where it did not finish."""
    word = STATES[run.state]
    step, total = run.last.get("step"), run.last.get("total")
    if run.state == "running" and isinstance(step, int) and isinstance(total, int) and total:
        return f"{'Preparing' if run.last.get('event') == 'packing' else word}, {step / total:.0%}"
    return word
