"""Derive the state of a run from its events: progress, speed, time left, curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from salviewer.training.runs import Event

_UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, OverflowError)
"""Errors that a damaged event, or one of another version, raises."""

_SLOWLY = 0.2
"""Weight of a new speed in the moving average."""


@dataclass(frozen=True, slots=True)
class RunState:
    """The state of a run; every event makes a new one.

    Attributes:
        step, total, epoch, epochs: the position in the run.
        preparing: (done, total) pictures read or labelled so far; None once it trains.
        steps: (step in epochs, loss) of each step that was reported.
        curves: by name, (epoch, value): ``train_loss``, ``test_loss``, then the metrics.
        watched: the part that the metrics are measured on, ``val`` or ``test``.
        speed: pictures per second; 0 while unknown.
        waiting: share of the time that the network waits for pictures, 0..1.
        left: seconds that the remaining steps will take; -1 while unknown.
        device: its title, for display.
        sheet: the newest sheet of samples.
        notes: sentences, oldest first.
        batch: pictures per step.
        taught: whether a teacher made the maps that it is measured on, and not people.
    """

    step: int = 0
    total: int = 0
    epoch: int = 0
    epochs: int = 0
    preparing: tuple[int, int] | None = None
    steps: tuple[tuple[float, float], ...] = ()
    curves: dict[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    watched: str = "test"
    speed: float = 0.0
    waiting: float = 0.0
    left: float = -1.0
    device: str = ""
    sheet: str = ""
    notes: tuple[str, ...] = ()
    batch: int = 0
    taught: bool = False

    def after(self, events: Sequence[Event]) -> RunState:
        """Return the state after more events."""
        state = self
        steps = list(self.steps)
        for event in events:
            handle = _HANDLERS.get(str(event["event"]))
            try:
                if handle is not None:
                    state = handle(state, event)
                if handle is _stepped:
                    steps.append((state.epochs * state.step / max(state.total, 1), float(event["loss"])))
                elif handle is _started:
                    begun = state.epochs * state.step / max(state.total, 1)
                    steps = [point for point in steps if point[0] <= begun]
            except _UNREADABLE:
                continue
        return replace(state, steps=tuple(steps))


def _packing(state: RunState, event: Event) -> RunState:
    return replace(state, preparing=(int(event["step"]), int(event["total"])))


def _started(state: RunState, event: Event) -> RunState:
    """Drop the steps since the checkpoint: a resumed run repeats them."""
    step, total, epochs = int(event["step"]), int(event["total"]), int(event["epochs"])
    done = epochs * step / max(total, 1)
    begun = f"{event['device']}: {event['train']} pictures to train on, {event['held']} to watch"
    return replace(
        state,
        step=step,
        total=total,
        epochs=epochs,
        epoch=int(done),
        preparing=None,
        curves={
            name: tuple(point for point in points if point[0] <= done + 1e-9)
            for name, points in state.curves.items()
        },
        watched=str(event["watched"]),
        device=str(event["device"]),
        left=-1.0,
        speed=0.0,
        batch=int(event.get("batch", 0)),
        taught=bool(event.get("taught", False)),
        notes=(*state.notes, begun + (f"; goes on after step {step}" if step else "")),
    )


def _stepped(state: RunState, event: Event) -> RunState:
    step, total = int(event["step"]), int(event["total"])
    reported = float(event.get("speed", 0.0))
    speed = reported if not state.speed else state.speed + _SLOWLY * (reported - state.speed)
    left = (total - step) * state.batch / speed if speed and state.batch else -1.0
    return replace(
        state,
        step=step,
        total=total,
        epoch=int(event["epoch"]),
        preparing=None,
        speed=speed,
        waiting=float(event.get("waiting", 0.0)),
        left=left,
    )


def _epoch(state: RunState, event: Event) -> RunState:
    epoch = int(event["epoch"])
    values: dict[str, Any] = {
        "train_loss": event["train_loss"],
        "test_loss": event["test_loss"],
        **event["metrics"],
    }
    curves = dict(state.curves)
    for name, value in values.items():
        if value is None:  # undefined
            continue
        kept = tuple(point for point in curves.get(name, ()) if point[0] < epoch)
        curves[name] = (*kept, (float(epoch), float(value)))
    said = "  ".join(
        f"{name.replace('_', ' ')} {float(value):.3f}" for name, value in values.items() if value is not None
    )
    note = f"epoch {epoch} of {state.epochs}: {said}"
    return replace(state, curves=curves, sheet=str(event["triplet"]), notes=(*state.notes, note))


def _noted(state: RunState, event: Event) -> RunState:
    return replace(state, notes=(*state.notes, str(event["message"])))


def _paused(state: RunState, event: Event) -> RunState:
    return replace(state, notes=(*state.notes, f"{event['event']} at step {event['step']}"))


def _finished(state: RunState, event: Event) -> RunState:
    note = f"finished after {float(event['minutes']):.1f} minutes of training"
    if event.get("best_epoch"):
        note += f"; epoch {event['best_epoch']} was best"
    return replace(state, left=0.0, notes=(*state.notes, note))


_HANDLERS = {
    "packing": _packing,
    "started": _started,
    "step": _stepped,
    "epoch": _epoch,
    "note": _noted,
    "stopped": _noted,
    "failed": _noted,
    "paused": _paused,
    "continued": _paused,
    "finished": _finished,
}
