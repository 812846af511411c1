"""List the runs on disk with their states and events. Loads no torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from salviewer.core.strict_json import loads
from salviewer.paths import data_folder
from salviewer.training.control import requested
from salviewer.training.lock import Holder, holder
from salviewer.training.order import ORDER_NAME
from salviewer.training.parent_watch import ends_with_parent

State = Literal["starting", "running", "paused", "finished", "stopped", "failed", "interrupted"]
Event = Mapping[str, Any]

_ENDS: Mapping[str, State] = {"finished": "finished", "stopped": "stopped", "failed": "failed"}
_TAIL = 65_536


@dataclass(frozen=True, slots=True)
class Run:
    """One run's folder.

    Attributes:
        root: the folder.
        state: ``interrupted`` if its process ended without a last event; ``starting``, known only to the
            program that started it, before the first event.
        holder: the process that works in it; None if there is none.
        last: the newest event; empty if there is none.
        resumable: whether there is a checkpoint.
        ends_with_parent: whether it ends with the window (`parent_watch.watch_parent`).
    """

    root: Path
    state: State
    holder: Holder | None
    last: Event
    resumable: bool
    ends_with_parent: bool = False

    @property
    def active(self) -> bool:
        """Whether a process works in it."""
        return self.state in ("starting", "running", "paused")

    @property
    def model(self) -> Path:
        """The folder of the model as the run left it, finished or stopped; it may not exist yet."""
        return self.root / "model"

    @property
    def best(self) -> Path:
        """The folder of the model after its best epoch; it may not exist yet."""
        return self.root / "best"

    @property
    def models(self) -> tuple[Path, ...]:
        """The folders of complete models, the last weights first."""
        return tuple(folder for folder in (self.model, self.best) if (folder / "card.json").is_file())

    @property
    def usable(self) -> bool:
        """Whether the run has left a model, finished or not."""
        return bool(self.models)


def runs_folder() -> Path:
    """Return the folder of the runs that the window starts."""
    return data_folder() / "runs"


def list_runs(folder: Path | None = None) -> tuple[Run, ...]:
    """Return the runs in ``folder``, default ``runs_folder()``, the newest first."""
    root = folder or runs_folder()
    try:
        found = [child for child in root.iterdir() if (child / ORDER_NAME).is_file()]
        found.sort(key=lambda child: (child / ORDER_NAME).stat().st_mtime, reverse=True)
    except OSError:
        return ()
    return tuple(look(child) for child in found)


def look(root: Path) -> Run:
    """Return the state of one run, from its process and the end of its events."""
    worker = holder(root)
    last = next(reversed(_tail(root)), {})
    state: State = _ENDS.get(str(last.get("event", "")), "interrupted")
    if worker is not None:
        state = "paused" if last.get("event") == "paused" and requested(root) == "pause" else "running"
    return Run(root, state, worker, last, (root / "checkpoint.pt").is_file(), ends_with_parent(root))


def read_events(root: Path, offset: int = 0) -> tuple[list[Event], int]:
    """Return the events of a run from a byte on, and the byte to continue from.

    An unfinished last line is left for later; a line that a killed process broke is skipped.
    """
    try:
        with (root / "events.jsonl").open("rb") as stream:
            stream.seek(offset)
            data = stream.read()
    except OSError:
        return [], offset
    whole = data.rfind(b"\n") + 1
    return _parsed(data[:whole].splitlines()), offset + whole


def _tail(root: Path) -> list[Event]:
    try:
        with (root / "events.jsonl").open("rb") as stream:
            size = stream.seek(0, 2)
            stream.seek(max(0, size - _TAIL))
            return _parsed(stream.read().splitlines())
    except OSError:
        return []


def _parsed(lines: Sequence[bytes]) -> list[Event]:
    events: list[Event] = []
    for line in lines:
        try:
            event = loads(line)
        except ValueError:
            continue
        if isinstance(event, dict) and "event" in event:
            events.append(event)
    return events
